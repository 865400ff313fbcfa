"""Mapping files: what ships, what a clerk writes, and every problem at once."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from data_access.ingest.importer import import_file
from data_access.ingest.mapping import RepeatedKeys, own_layout
from data_access.ingest.mapping_file import MappingError, load_mapping, parse_mapping, shipped_mappings
from data_access.ingest.problems import Level
from data_access.ingest.schema import table_rules
from data_access.ingest.times import DateOrder
from data_access.tables import SOURCE_TABLES, cases, org_units
from tests.test_data_access.test_ingest.importing import codes, options, rows_source, stored, workbook_source

SMALL = """
[[table]]
name = "cases"
[table.columns]
case_no = "No"
received_at = "In"
"""

WRONG = """
name = 5
time_zone = "Mars/Olympus"
date_order = "month first"
repeated_keys = "all"
blank = 3
whole_days_are_midnights = "yes"
colour = "red"

[[table]]
name = "complaints"

[[table]]
name = "cases"
accept = ["grade"]
sheet = 1
event_log = { events = "no", first = { grade = "x" } }

[table.columns]
case_no = 1
when = "When"
grade = {}
sla_met = { same_as = "confidential", values = { Y = 1 } }

[table.units]
target = "channel"
valid_from = "2000-01-01"

[[table.units.level]]
kind = "office"

[[table.units.level]]
kind = "team"
id = "T"
headers = ["A"]
"""


def _problems(text: str) -> tuple[str, ...]:
    with pytest.raises(MappingError) as caught:
        parse_mapping(text, "own.toml")
    return caught.value.problems


def test_the_shipped_mappings_load() -> None:
    assert shipped_mappings() == ("boston311", "nyc311", "servicenow")
    for name in shipped_mappings():
        assert load_mapping(name).name == name


def test_a_small_mapping_has_safe_defaults() -> None:
    mapping = parse_mapping(SMALL, "own.toml")
    assert (mapping.name, mapping.time_zone, mapping.date_order) == ("own", None, None)
    assert mapping.repeated_keys is RepeatedKeys.ERROR
    assert not mapping.whole_days_are_midnights


def test_every_problem_is_told_with_file_and_key() -> None:
    problems = _problems(WRONG)
    assert all(problem.startswith("own.toml: ") for problem in problems)
    keys = [problem.split(": ")[1] for problem in problems]
    assert set(keys) == {
        "name",
        "time_zone",
        "date_order",
        "repeated_keys",
        "blank",
        "whole_days_are_midnights",
        "colour",
        "table[1].name",
        "table[2].accept",
        "table[2].sheet",
        "table[2].event_log.events",
        "table[2].event_log.at",
        "table[2].event_log.state",
        "table[2].event_log.first.grade",
        "table[2].columns.case_no",
        "table[2].columns.when",
        "table[2].columns.grade",
        "table[2].columns.sla_met.values.Y",
        "table[2].columns.sla_met.same_as",
        "table[2].columns.received_at",
        "table[2].units.target",
        "table[2].units.valid_from",
        "table[2].units.level[1].kind",
        "table[2].units.level[1].id",
        "table[2].units.level[2].id",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name = ", "not valid TOML"),
        ("", "at least one [[table]] is needed"),
        ("table = 5", "must be written as [[table]]"),
        ('[[table]]\nname = "cases"\ncolumns = 5\n', "must be a table of keys"),
        (SMALL + 'units = { target = "responsible_unit_id", valid_from = 2000-01-01 }\n[[x]]\n', "unknown key"),
        (SMALL.replace('"cases"', '"liaisons"'), "columns.network: is required"),
        ('[[table]]\nname = "liaisons"\n[table.event_log]\nat = "a"\nstate = "b"\n', "only the table cases"),
        (
            '[[table]]\nname = "cases"\n[table.units]\ntarget = "responsible_unit_id"\nvalid_from = 2000-01-01\n',
            "at least one [[table.units.level]]",
        ),
    ],
)
def test_single_problems(text: str, expected: str) -> None:
    assert any(expected in problem for problem in _problems(text))


def test_a_mapping_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="boston311, nyc311, servicenow"):
        load_mapping("boston")
    with pytest.raises(MappingError, match="UTF-8"):
        load_mapping(str(tmp_path))


def test_a_mapping_file_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text('date_order = "day-month-year"\n' + SMALL, encoding="utf-8-sig")
    assert load_mapping(str(path)).date_order is DateOrder.DAY_MONTH_YEAR


def test_the_own_layout_covers_every_column_of_every_table() -> None:
    mapped = {(table.table, column.target) for table in own_layout().tables for column in table.columns}
    expected = {
        (table.name, column.name) for table in SOURCE_TABLES for column in table.c if column.name != "updated_at"
    }
    assert mapped == expected
    for rule in table_rules().values():
        headers = [column.headers[0] for column in rule.columns]
        assert len(set(headers)) == len(headers)


CONSTANTS = """
blank = ["-"]
[[table]]
name = "cases"
sheet = "台账"
accept = ["category"]
[table.columns]
case_no = ["No", "Number"]
received_at = "In"
track = { constant = "公司级" }
category = "Kind"
resolved_at = "Out"
first_resolved_at = { headers = ["First"], same_as = "resolved_at" }
[table.units]
target = "responsible_unit_id"
valid_from = 2000-01-01
prefix = "X-"
[[table.units.level]]
kind = "company"
id = "C"
name = "公司"
[[table.units.level]]
kind = "branch"
headers = [["Branch"]]
"""


def test_constants_blanks_stand_ins_and_units(engine: Engine) -> None:
    rows = [
        ["Number", "In", "Kind", "Out", "Branch"],
        ["1", "2026-03-05 10:00", "灯", "2026-03-06 10:00", "一区"],
        ["2", "2026-03-05 10:00", "-", "-", "-"],
    ]
    source = workbook_source({"首页": [["随便"]], "台账": rows})
    report = import_file(engine, source, options(CONSTANTS))
    assert report.written
    assert codes(report, Level.NOTE) == {"absent_column": 0} or codes(report, Level.NOTE) == {}
    found = stored(engine, cases, "case_no", "track", "category", "responsible_unit_id")
    assert found == [("1", "company", "灯", "X-一区"), ("2", "company", None, None)]
    assert all(first == last for first, last in stored(engine, cases, "first_resolved_at", "resolved_at"))
    assert stored(engine, org_units, "id", "name", "kind") == [("C", "公司", "company"), ("X-一区", "一区", "branch")]


def test_columns_of_units_that_are_missing_or_personal_are_refused(sqlite_engine: Engine) -> None:
    report = import_file(
        sqlite_engine, rows_source(["No", "In", "Kind", "Out"], ["1", "2026-03-05", "灯", ""]), options(CONSTANTS)
    )
    assert codes(report) == {"missing_column": 1}
    named = CONSTANTS.replace('"Branch"', '"姓名"').replace('"Kind"', '"诉求内容"')
    report = import_file(
        sqlite_engine, rows_source(["No", "In", "诉求内容", "姓名"], ["1", "2026-03-05", "灯", "张三"]), options(named)
    )
    assert codes(report) == {"personal_header": 2}


def test_units_with_personal_content_are_refused(sqlite_engine: Engine) -> None:
    rows = [
        ["No", "In", "Kind", "Branch"],
        ["1", "2026-03-05", "灯", "13812345678"],
        ["2", "2026-03-05", "灯", "13812345678"],
    ]
    report = import_file(sqlite_engine, rows_source(*rows), options(CONSTANTS))
    assert codes(report) == {"personal_content": 2}
    assert "138" not in repr(report)


def test_two_units_of_one_id_are_refused(sqlite_engine: Engine) -> None:
    two = CONSTANTS + '[[table.units.level]]\nkind = "team"\nheaders = [["Branch"]]\n'
    rows = [["No", "In", "Kind", "Branch"], ["1", "2026-03-05", "灯", "一区"]]
    report = import_file(sqlite_engine, rows_source(*rows), options(two))
    assert codes(report) == {"two_units_one_id": 1}
