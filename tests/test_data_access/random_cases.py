"""Random small companies with cases, and questions about them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from data_access.question import Filters, Question, Rules, View
from data_access.scope import Scope
from data_access.tables import cases
from metrics.counts import CASE_DIMENSIONS, FACTS, Fact
from metrics.period import parse_period
from tests.reference.case_record import Company, Row
from tests.test_data_access.case_companies import DEADLINES, SHANGHAI, blank, company

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
        "kind": draw(choice("extended", "excluded", "regraded", "transferred", "transferred", "reopened", "urged")),
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
