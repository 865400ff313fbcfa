"""What the world really produces: Boston, New York, an incident log, and one file in many forms."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from data_access.engine import connect
from data_access.hierarchy import read_hierarchy
from data_access.ingest.importer import import_file
from data_access.ingest.problems import Level
from data_access.ingest.source import Source, from_path
from data_access.tables import case_events, cases, org_units, unit_parents
from tests.test_data_access.test_ingest.importing import FILES, codes, options, sample, stored

SHARED = Path(__file__).parents[4] / "shared" / "data"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason=f"needs the real data in {SHARED}")


def test_boston_sample_and_its_march_workbook(engine: Engine) -> None:
    first = import_file(engine, sample("boston311_sample.csv.gz"), options("boston311"))
    assert (first.written, first.rows, first.inserted) == (True, 1453, 1453)
    again = import_file(engine, sample("boston311_march.xlsx"), options("boston311"))
    assert (again.rows, again.inserted, again.changed, again.unchanged) == (256, 1, 0, 255)


def test_boston_instants_follow_the_clock_of_new_york(engine: Engine) -> None:
    import_file(engine, sample("boston311_sample.csv.gz"), options("boston311"))
    received = dict(stored(engine, cases, "case_no", "received_at"))
    assert received["101001240734"] == datetime(2015, 1, 1, 5, 20, 9, tzinfo=UTC)
    recorded = stored(engine, cases, "received_at", "recorded_at")
    assert all(one == other for one, other in recorded)


def test_midnight_in_a_workbook_is_midnight_where_the_mapping_says_so(engine: Engine) -> None:
    import_file(engine, sample("boston311_march.xlsx"), options("boston311"))
    due = [due for (due,) in stored(engine, cases, "resolution_due_at") if due is not None]
    assert datetime(2015, 3, 26, 4, tzinfo=UTC) in due
    assert datetime(2015, 3, 27, 4, tzinfo=UTC) not in due


def test_boston_units_are_built(engine: Engine) -> None:
    import_file(engine, sample("boston311_sample.csv.gz"), options("boston311"))
    with connect(engine) as connection:
        hierarchy = read_hierarchy(connection)
    kinds = Counter(unit.kind for unit in hierarchy.units.values())
    assert kinds["company"] == 1
    assert kinds["branch"] > 5
    team = "Animal Control / ANML02_LostFound"
    assert hierarchy.units[team].name == "ANML02_LostFound"
    lineage = hierarchy.lineage(team, datetime(2015, 1, 1, tzinfo=UTC).date())
    assert (lineage.company_id, lineage.branch_id, lineage.team_id) == ("Boston", "Animal Control", team)


@pytest.mark.shared
@needs_shared
def test_boston_whole(engine: Engine) -> None:
    folder = SHARED / "boston311"
    first = import_file(engine, from_path(folder / "boston311_2015H1.csv.gz"), options("boston311"))
    assert (first.rows, first.inserted, first.errors) == (58_119, 58_119, 0)
    assert codes(first, Level.WARNING) == {"no_deadline": 14_527, "before_receipt": 84}
    kinds = Counter(kind for (kind,) in stored(engine, org_units, "kind"))
    assert kinds == {"company": 1, "branch": 16, "team": 350}
    again = import_file(engine, from_path(folder / "boston311_2015-03_excel_dates.xlsx"), options("boston311"))
    assert (again.rows, again.changed, again.unchanged) == (10_208, 0, 10_208)


@pytest.mark.parametrize("name", ["nyc311_sample.csv", "nyc311_api_iso_sample.csv"])
def test_new_york_in_both_spellings(sqlite_engine: Engine, name: str) -> None:
    report = import_file(sqlite_engine, sample(name), options("nyc311"))
    assert (report.written, report.inserted) == (True, 40)
    received = {at for (at,) in stored(sqlite_engine, cases, "received_at")}
    expected = {
        "nyc311_sample.csv": datetime(2016, 6, 21, 2, 4, 21, tzinfo=UTC),
        "nyc311_api_iso_sample.csv": datetime(2020, 1, 1, 4, 59, 11, tzinfo=UTC),
    }
    assert expected[name] in received


def test_blank_signs_of_new_york_are_blank(sqlite_engine: Engine) -> None:
    import_file(sqlite_engine, sample("nyc311_sample.csv"), options("nyc311"))
    assert ("New York City", None) not in stored(sqlite_engine, unit_parents, "unit_id", "parent_id")
    assert {kind for (kind,) in stored(sqlite_engine, org_units, "kind")} == {"company", "branch", "team"}


@pytest.mark.shared
@needs_shared
def test_new_york_whole(sqlite_engine: Engine) -> None:
    rows = []
    for path in sorted((SHARED / "nyc311").iterdir()):
        report = import_file(sqlite_engine, from_path(path), options("nyc311"))
        assert report.written, report.problems
        rows.append(report.rows)
    assert rows == [117, 1000, 1000, 500]


def test_event_log_follows_the_last_event(engine: Engine) -> None:
    report = import_file(engine, sample("servicenow_sample.csv"), options("servicenow"))
    assert (report.rows, report.written) == (79, True)
    names = ("case_no", "sla_met", "reopened_at", "first_resolved_at", "resolved_at", "grade", "transferred_count")
    found = {row[0]: row[1:] for row in stored(engine, cases, *names)}
    assert len(found) == 7
    assert found["INC0000102"] == (
        False,
        datetime(2016, 3, 17, 16, 27, tzinfo=UTC),
        datetime(2016, 3, 14, 8, 13, tzinfo=UTC),
        datetime(2016, 3, 17, 16, 28, tzinfo=UTC),
        "C",
        4,
    )
    assert found["INC0000045"][:2] == (True, None)


def test_event_log_writes_reopenings_and_changes_of_unit(engine: Engine) -> None:
    import_file(engine, sample("servicenow_sample.csv"), options("servicenow"))
    events = stored(engine, case_events, "case_no", "kind", "at", "from_unit_id", "to_unit_id")
    reopened = datetime(2016, 3, 17, 16, 27, tzinfo=UTC)
    assert ("INC0000102", "reopened", reopened, None, None) in events
    mine = sorted((event for event in events if event[:2] == ("INC0000102", "transferred")), key=lambda event: event[2])
    groups = [("Group 70", "Group 50"), ("Group 50", "Group 70"), ("Group 70", "Group 29"), ("Group 29", "Group 23")]
    assert [event[3:] for event in mine] == groups


def test_event_log_in_any_order_gives_the_same_cases(sqlite_engine: Engine) -> None:
    import_file(sqlite_engine, sample("servicenow_sample.csv"), options("servicenow"))
    lines = (FILES / "servicenow_sample.csv").read_bytes().splitlines(keepends=True)
    turned = Source("turned.csv", b"".join([lines[0], *reversed(lines[1:])]))
    again = import_file(sqlite_engine, turned, options("servicenow"))
    assert (again.inserted, again.changed) == (0, 0)


@pytest.mark.shared
@needs_shared
def test_event_log_whole(engine: Engine) -> None:
    path = SHARED / "servicenow" / "incident_events_5998_dd-mm-yyyy.csv.gz"
    report = import_file(engine, from_path(path), options("servicenow"))
    assert report.rows == 5998
    found = stored(engine, cases, "sla_met", "reopened_at")
    assert len(found) == 890
    assert sum(met is False for met, _reopened in found) == 395
    assert sum(reopened is not None for _met, reopened in found) == 10


def _keys(engine: Engine, name: str, mapping: str) -> set[tuple[object, ...]]:
    report = import_file(engine, sample(name), options(mapping))
    assert report.written, report.problems
    return set(stored(engine, cases, "case_no"))


@pytest.mark.parametrize(
    ("name", "mapping"),
    [
        ("boston311-100.csv", "formats_iso"),
        ("boston311-100.tab", "formats_iso"),
        ("boston311-dmy-100.csv", "formats_dmy"),
    ],
)
def test_the_same_rows_in_every_form(sqlite_engine: Engine, name: str, mapping: str) -> None:
    keys = _keys(sqlite_engine, "boston311-100.csv", "formats_iso")
    assert len(keys) == 100
    again = import_file(sqlite_engine, sample(name), options(mapping))
    assert (again.inserted, again.changed, again.unchanged) == (0, 0, 100)


def test_date_only_is_exact_to_the_day(sqlite_engine: Engine) -> None:
    with_times = _keys(sqlite_engine, "boston311-100.csv", "formats_iso")
    report = import_file(sqlite_engine, sample("boston311-100-notime.csv"), options("formats_iso"))
    assert set(stored(sqlite_engine, cases, "case_no")) == with_times
    assert report.changed == 100
    assert codes(report, Level.NOTE) == {"time_is_day": 185, "deadline_is_day": 89}
    rows = {
        number: times for number, *times in stored(sqlite_engine, cases, "case_no", "received_at", "resolution_due_at")
    }
    assert rows["101004143000"] == [datetime(2022, 1, 21, 5, tzinfo=UTC), datetime(2022, 2, 5, 5, tzinfo=UTC)]


def test_undeclared_order_of_day_and_month_is_an_error(sqlite_engine: Engine) -> None:
    report = import_file(sqlite_engine, sample("boston311-dmy-100.csv"), options("formats_iso"))
    assert not report.written
    assert codes(report) == {"ambiguous_date": 274}
    assert stored(sqlite_engine, cases) == []


def test_repeated_keys_are_reported(engine: Engine) -> None:
    name = "boston311-100-20dupes-random.csv"
    refused = import_file(engine, sample(name), options("formats_iso"))
    assert (refused.written, codes(refused)) == (False, {"repeated_key": 20})
    last = import_file(engine, sample(name), options("formats_last"))
    assert (last.written, last.rows, last.repeated, last.inserted) == (True, 100, 20, 80)
