"""Companies for counting cases: plain rows, hand-made or random, written into a database and counted."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, delete, insert

from data_access.counters import COUNTERS
from data_access.counts.case_counters import SOURCE_COUNTERS
from data_access.hierarchy import read_hierarchy
from data_access.question import Question, Rules
from data_access.scope import local_scope
from data_access.tables import case_events, cases, metadata, org_units, unit_parents
from metrics.counts import FACTS, KEY, Fact
from metrics.deadlines import DeadlineRule, Limit
from metrics.period import Period, parse_period
from metrics.working_time import statutory_schedule
from tests.conftest import FIRST_DAY, LAST_DAY
from tests.reference.case_record import Company, Key, Row

SHANGHAI = ZoneInfo("Asia/Shanghai")
MARCH, LATER = "2026-03", "2026-07-01"
TABLES = (org_units, unit_parents, cases, case_events)
CASE_FACTS = tuple(SOURCE_COUNTERS)

DEADLINES = (
    DeadlineRule("A", date(2014, 1, 1), Limit(hours=2), Limit(working_days=3)),
    DeadlineRule("B", date(2014, 1, 1), Limit(hours=24), Limit(working_days=7)),
    DeadlineRule("B", date(2026, 3, 1), Limit(hours=12), Limit(hours=72)),
    DeadlineRule("C", date(2026, 1, 1), Limit(working_days=3), Limit(working_days=15)),
)
RULES = Rules(SHANGHAI, DEADLINES, obligations=(), networks=())


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    """A local time, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def blank(table: object, **columns: object) -> Row:
    """A row of a table, empty but for the columns given."""
    return {**dict.fromkeys(metadata.tables[str(table)].columns.keys()), **columns}


def case(number: str, received: str, **columns: object) -> Row:
    """A case recorded as soon as received, its other times as local texts."""
    times = {name: at(value) for name, value in columns.items() if name.endswith("_at") and value is not None}
    received_at = at(received)
    row = blank("cases", case_no=number, received_at=received_at, recorded_at=received_at, responsible_unit_id="T1")
    return {**row, **columns, **times}


def event(number: str, case_no: str, kind: str, when: str, **columns: object) -> Row:
    return {**blank("case_events", id=number, case_no=case_no, kind=kind, at=at(when)), **columns}


def unit(unit_id: str, kind: str) -> Row:
    return blank("org_units", id=unit_id, name=unit_id, kind=kind)


def link(unit_id: str, parent_id: str, first: date = date(2010, 1, 1), end: date | None = None) -> Row:
    return blank("unit_parents", unit_id=unit_id, parent_id=parent_id, valid_from=first, valid_to=end)


MOVE_DAY = date(2026, 3, 10)
UNITS = [
    unit("C", "company"),
    unit("D1", "department"),
    *(unit(name, "branch") for name in ("B1", "B2")),
    *(unit(name, "team") for name in ("T1", "T2", "T3", "T4")),
]
LINKS = [
    *(link(name, "C") for name in ("D1", "B1", "B2")),
    *(link(team, branch) for team, branch in (("T1", "B1"), ("T2", "B2"), ("T4", "D1"))),
    link("T3", "B1", end=MOVE_DAY),
    link("T3", "B2", first=MOVE_DAY),
]
"""T3 moved from branch 1 to branch 2 on 10 March 2026."""


def company(*rows: Row, events: tuple[Row, ...] = ()) -> Company:
    tables = {"org_units": UNITS, "unit_parents": LINKS, "cases": list(rows), "case_events": list(events)}
    return Company(tables, working_days())


@cache
def working_days() -> dict[date, bool]:
    schedule = statutory_schedule()
    days = (FIRST_DAY + timedelta(days=number) for number in range((LAST_DAY - FIRST_DAY).days + 1))
    return {day: schedule.is_working(day) for day in days}


def ask(period: str | tuple[Period, ...], as_of: str | datetime, **more: object) -> Question:
    parts = (parse_period(period),) if isinstance(period, str) else period
    moment = at(as_of) if isinstance(as_of, str) else as_of
    given = {"scope": local_scope("tester"), "rules": RULES, **more}
    return Question(parts=parts, as_of=moment, **given)


def write(connection: Connection, written: Company) -> None:
    """The database holds this company and nothing else."""
    rows = ([*written.units.values()], written.parents, written.cases, written.events)
    for table, found in zip(TABLES, rows, strict=True):
        connection.execute(delete(table))
        if found:
            connection.execute(insert(table), [{**row, **_stamps(row)} for row in found])


def _stamps(row: Row) -> Row:
    known = row.get("recorded_at") or datetime(2020, 1, 1, tzinfo=UTC)
    return {"recorded_at": known, "updated_at": known}


def count(connection: Connection, fact: Fact, question: Question) -> dict[Key, dict[str, int]]:
    """The fact's counts by key; the frame must have exactly the contract's columns and types."""
    frame = COUNTERS[fact](connection, read_hierarchy(connection), question).frame()
    spec = FACTS[fact]
    keys = [*KEY, *question.dimensions, *spec.values]
    assert list(frame.columns) == [*keys, *spec.counts]
    assert all(frame[name].dtype == object for name in (*KEY, *question.dimensions))
    assert all(frame[name].dtype == "int64" for name in spec.counts)
    assert all(frame[name].dtype == ("bool" if name == "observed" else "int64") for name in spec.values)
    rows = list(frame.itertuples(index=False, name=None))
    counts = {row[: len(keys)]: dict(zip(spec.counts, row[len(keys) :], strict=True)) for row in rows}
    assert len(counts) == len(rows), "two rows have one key"
    return counts


def counted(engine: Engine, fact: Fact, question: Question, *rows: Row, events: tuple[Row, ...] = ()) -> Row:
    """The fact's counts over all rows for a company with these cases, without those that are zero."""
    with engine.connect() as connection:
        write(connection, company(*rows, events=events))
        found = count(connection, fact, question).values()
    sums = {name: sum(counts[name] for counts in found) for name in FACTS[fact].counts}
    return {name: number for name, number in sums.items() if number}


def durations(engine: Engine, fact: Fact, question: Question, *cases: Row) -> list[tuple[int, bool]]:
    """Duration and whether the end was observed, for each case."""
    with engine.connect() as connection:
        write(connection, company(*cases))
        rows = count(connection, fact, question)
    return sorted(key[-2:] for key, counts in rows.items() for _ in range(counts["cases"]))
