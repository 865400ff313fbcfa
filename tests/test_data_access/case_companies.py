"""Companies for counting cases: plain rows, hand-made or random, written into a database and counted."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from sqlalchemy import Connection, delete, insert

from data_access.counts import COUNTERS
from data_access.hierarchy import read_hierarchy
from data_access.question import Filters, Question, Rules, View
from data_access.scope import Scope, local_scope
from data_access.tables import case_events, cases, metadata, org_units, unit_parents
from metrics.counts import CASE_DIMENSIONS, FACTS, KEY, Fact
from metrics.deadlines import DeadlineRule, Limit
from metrics.period import Period, parse_period
from metrics.working_time import statutory_schedule
from tests.conftest import FIRST_DAY, LAST_DAY
from tests.reference.cases import Company, Key, Row

SHANGHAI = ZoneInfo("Asia/Shanghai")
TABLES = (org_units, unit_parents, cases, case_events)
CASE_FACTS = tuple(fact for fact in Fact if fact.value.startswith(("case", "resp", "resol", "open")))

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
    frame = COUNTERS[fact](connection, read_hierarchy(connection), question)
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


def totals(connection: Connection, fact: Fact, question: Question) -> dict[str, int]:
    """The fact's counts over all rows; empty where nothing counts."""
    counts = list(count(connection, fact, question).values())
    return {name: sum(row[name] for row in counts) for name in FACTS[fact].counts} if counts else {}


SOME_DAYS = st.sampled_from(
    [date(2013, 12, 31), date(2025, 12, 31), *(date(2026, 1, day) for day in (1, 2, 30, 31))]
    + [date(2026, 2, day) for day in (1, 13, 14, 15, 23, 24, 25, 28)]
    + [date(2026, 3, day) for day in (1, 2, 5, 9, 10, 11, 12, 31)]
    + [date(2026, 4, 2), date(2026, 4, 7), date(2026, 5, 6), date(2026, 6, 30)]
)
SOME_TIMES = st.sampled_from([time(0), time(0, 0, 0, 1), time(9, 30), time(9, 30, 59), time(23, 59, 59, 999999)])
ANY_UNIT = st.sampled_from(["C", "D1", "B1", "B2", "T1", "T2", "T3", "T3", "T4", "nowhere", None])


SPANS = st.sampled_from(
    [timedelta(hours=2), timedelta(hours=12), timedelta(hours=24), timedelta(hours=72)]
    + [timedelta(days=days) for days in (7, 8, 10, 16, 30, 31, 91)]
)
"""Lengths at which something changes, to hit their edges."""


@st.composite
def moments(draw: st.DrawFn, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.combine(draw(SOME_DAYS), draw(SOME_TIMES), zone).astimezone(UTC)


@st.composite
def pools(draw: st.DrawFn, zone: ZoneInfo = SHANGHAI) -> list[datetime]:
    """A few moments, some of them a telling span apart or a microsecond beyond: so that times of a case meet."""
    found = draw(st.lists(moments(zone), min_size=2, max_size=4))
    ends = [draw(st.sampled_from(found)) + draw(SPANS) for _ in range(3)]
    beyond = draw(st.sampled_from([timedelta(0), timedelta(microseconds=1), -timedelta(microseconds=1)]))
    return [*found, *ends, ends[0] + beyond]


def choice(*values: object) -> st.SearchStrategy[object]:
    return st.sampled_from(values)


@st.composite
def random_cases(draw: st.DrawFn, pool: list[datetime]) -> Row:
    now_and_then = st.none() | st.sampled_from(pool) | st.sampled_from(pool)
    optional = [column.name for column in cases.columns if column.name.endswith("_at")]
    times = {name: draw(now_and_then) for name in optional}
    received = draw(st.sampled_from(pool))
    recorded = draw(st.just(received) | st.just(received) | st.sampled_from(pool))
    return {
        **blank("cases"),
        **times,
        "received_at": received,
        "recorded_at": recorded,
        "responsible_unit_id": draw(ANY_UNIT),
        "origin_unit_id": draw(ANY_UNIT),
        "grade": draw(choice("A", "B", "C", None, "Z")),
        "track": draw(choice("company", "branch", None)),
        "channel": draw(choice("hotline", "intranet")),
        "category": draw(choice("pay", None)),
        "outcome": draw(choice("solved", "partly", None, "other")),
        "resolved_level": draw(choice("team", "branch", "company", None)),
        "rating": draw(choice(None, 1, 3, 4, 5, 9)),
        "rating_source": draw(choice("callback", None)),
        "repeat_of": draw(choice(None, "0")),
        "confidential": draw(choice(None, False, True)),
        "restricted": draw(choice(None, False, False, True)),
        "exclusion": draw(
            choice(None, None, "duplicate", "withdrawn", "out_of_remit", "statutory_route", "tolerated", "odd")
        ),
    }


@st.composite
def random_events(draw: st.DrawFn, pool: list[datetime]) -> Row:
    return {
        **blank("case_events"),
        "case_no": draw(choice("0", "0", "1", "unknown")),
        "kind": draw(choice("extended", "excluded", "regraded", "transferred", "transferred", "urged")),
        "at": draw(st.sampled_from(pool)),
        "from_unit_id": draw(ANY_UNIT),
        "old": draw(choice("A", "B", None)),
        "new": draw(choice("A", "B", "C", None)),
        "decided_by": draw(choice("post 1", "post 2", None)),
    }


@st.composite
def companies(draw: st.DrawFn, pool: list[datetime]) -> Company:
    found = draw(st.lists(random_cases(pool), min_size=1, max_size=8))
    events = draw(st.lists(random_events(pool), max_size=6))
    numbered = [{**row, "case_no": str(number)} for number, row in enumerate(found)]
    return company(*numbered, events=tuple({**row, "id": str(number)} for number, row in enumerate(events)))


LATE = datetime(2026, 7, 1, tzinfo=UTC)
PARTS = (
    (parse_period("2026Q1"),),
    parse_period("2026H1").months(),
    (parse_period("2026-03"), parse_period("2026-01")),
    (parse_period("2026-03-10..2026-04-02"), parse_period("2025")),
    (parse_period("2010-01-01..2027-12-31"),),
)


@st.composite
def questions(draw: st.DrawFn, pool: list[datetime], zone: ZoneInfo = SHANGHAI) -> Question:
    """Without dimensions: those depend on the fact."""
    root = choice(None, None, None, None, None, "C", "B1", "B2", "D1", "T3", "nowhere")
    return Question(
        parts=draw(st.sampled_from(PARTS)),
        as_of=draw(st.just(LATE) | st.sampled_from(sorted(pool)[len(pool) // 2 :])),
        scope=Scope("tester", root_unit_id=draw(root)),
        rules=Rules(zone, DEADLINES, (), ()),
        unit_id=draw(root),
        filters=Filters(track=draw(choice(None, None, None, "branch")), grade=draw(choice(None, None, None, "B"))),
        view=draw(st.sampled_from(View)),
    )


@st.composite
def situations(draw: st.DrawFn, zone: ZoneInfo = SHANGHAI) -> tuple[Company, Question]:
    """A company and a question whose as-of time is often one of the times of its cases."""
    pool = draw(pools(zone))
    return draw(companies(pool)), draw(questions(pool, zone))


def dimensions_of(fact: Fact) -> st.SearchStrategy[tuple[str, ...]]:
    """Some of the fact's dimensions, its own one among them."""
    own = [name for name in FACTS[fact].dimensions if name not in CASE_DIMENSIONS]
    return st.sampled_from([(), ("grade",), ("channel", "track"), *(("grade", name) for name in own)])
