"""The rollups of units give the same frames as the source tables, whatever the company, for whatever they hold."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, Table

from data_access.counts.unit_facts import UNIT_COUNTERS
from data_access.hierarchy import Hierarchy, read_hierarchy
from data_access.question import Question, Rules
from data_access.rollup.configuration import calendar_hash, configuration
from data_access.rollup.fresh import put_in_place
from data_access.rollup.grid import Grid, make_grid
from data_access.rollup.read_units import read_units
from data_access.rollup.state import State
from data_access.rollup.unit_holdings import UNIT_HOLDINGS
from data_access.rollup.unit_refresh import UnitFacts, count_unit_facts
from data_access.rollup.unit_sources import sources_of
from metrics.counted_rows import CountedRows
from metrics.counts import BRANCH, COMPANY, TEAM, Fact
from metrics.period import parse_period
from tests.reference.units import SHANGHAI, Company
from tests.test_data_access.random_companies import NETWORKS, SEEDS, any_question, coverage_company, duty_company
from tests.test_data_access.test_counts_duties_reference import LIKELY, OBLIGATIONS
from tests.test_data_access.test_rollup.test_same_as_source import SHARED_DATABASE, rows_of, without_teams
from tests.test_data_access.written import write

RULES = Rules(time_zone=SHANGHAI, deadlines=(), obligations=OBLIGATIONS, networks=NETWORKS)
KEPT = tuple(fact for fact in UNIT_COUNTERS if fact in UNIT_HOLDINGS)
FIRST_RECEIVED = datetime(2025, 9, 30, 16, 30, tzinfo=UTC)
SETTLEMENT_DAYS = st.sampled_from([0, 10, 40])
DAYS_OF_REFRESH = st.sampled_from([datetime(2026, month, day, 5, tzinfo=UTC) for month in (2, 4, 7) for day in (1, 15)])
PARTS = st.sampled_from(
    [
        (parse_period("2026Q1"),),
        parse_period("2025Q4").months(),
        (parse_period("2026-03"), parse_period("2026-01")),
        parse_period("2026H1").months(),
    ]
)
TIME_SINCE = st.integers(0, 100).map(lambda days: timedelta(days=days))
"""Since the refresh before the last one."""
LATER = st.integers(0, 90).map(lambda days: timedelta(days=days, hours=days % 5))


def company_of(seed: int) -> Company:
    plain = coverage_company(seed)
    plain.tables["duties"] = duty_company(seed, LIKELY).tables["duties"]
    return plain


def kept(connection: Connection, facts: UnitFacts) -> None:
    """Nothing; the facts are in the rollups."""
    fresh: dict[str, Table] = {}
    facts.store(connection, fresh)
    put_in_place(connection, fresh)


def state_of(connection: Connection, hierarchy: Hierarchy, grid: Grid) -> State:
    """The state that a refresh leaves behind."""
    return State(
        id=1,
        finished_at=grid.known_until,
        known_until=grid.known_until,
        changed_until=None,
        configuration=configuration(RULES, hierarchy),
        calendar=calendar_hash(connection),
        first_month=grid.first_month,
        settlement_days=grid.settlement_days,
        stamp="made",
    )


def asked(draw: st.DrawFn, seed: int, fact: Fact, grid: Grid) -> Question:
    dimensions = UNIT_HOLDINGS[fact].dimensions
    times = [st.sampled_from(grid.settlements)] if grid.settlements else []
    newest = max(grid.settlements, default=grid.known_until - timedelta(days=60))
    question, kinds = any_question(seed, RULES), sorted({each.kind for each in OBLIGATIONS})
    some = draw(st.none() | st.lists(st.sampled_from(kinds), unique=True, min_size=1).map(tuple))
    return replace(
        question,
        filters=replace(question.filters, duty_kinds=some if fact is Fact.DUTIES else None),
        parts=draw(PARTS),
        as_of=draw(st.one_of(*times, LATER.map(lambda time: newest + time))),
        dimensions=tuple(draw(st.sets(st.sampled_from(dimensions)))) if dimensions else (),
        finest=draw(st.sampled_from([TEAM, BRANCH, COMPANY])),
    )


def assert_same(
    connection: Connection, hierarchy: Hierarchy, question: Question, fact: Fact, ready: CountedRows | None
) -> bool:
    """Whether the rollups hold the answer; if they do, it is the source's."""
    if ready is None:
        return False
    source = UNIT_COUNTERS[fact](connection, hierarchy, question).frame()
    found, expected = (
        without_teams(rows_of(frame, fact, question), question.finest) for frame in (ready.frame(), source)
    )
    assert found == expected, (fact, question)
    return True


@given(data=st.data(), seed=SEEDS, now=DAYS_OF_REFRESH, settlement_days=SETTLEMENT_DAYS)
@settings(max_examples=25, deadline=None, suppress_health_check=SHARED_DATABASE)
def test_what_is_kept_ready_is_what_the_source_counts(
    shared_engine: Engine, data: st.DataObject, seed: int, now: datetime, settlement_days: int
) -> None:
    with shared_engine.connect() as connection:
        write(connection, company_of(seed))
        hierarchy = read_hierarchy(connection)
        grid = make_grid(FIRST_RECEIVED, now, settlement_days, SHANGHAI, hierarchy.move_days)
        before = replace(grid, known_until=grid.known_until - data.draw(TIME_SINCE))
        sources = sources_of(connection, None)
        kept(connection, count_unit_facts(sources, RULES, hierarchy, before, None))
        state = state_of(connection, hierarchy, before)
        kept(connection, count_unit_facts(sources, RULES, hierarchy, grid, state))
        # Several of each fact at once: some of the same units, which are read with one statement, and some of others.
        wanted = [(fact, asked(data.draw, seed + more, fact, grid)) for more in (0, 0, 1) for fact in KEPT]
        found = read_units(connection, hierarchy, wanted, grid)
        for fact, question in wanted:
            held = assert_same(connection, hierarchy, question, fact, found.get((fact, question)))
            ended = all(part.end <= min(now, question.as_of).astimezone(SHANGHAI).date() for part in question.parts)
            assert held or not ended or question.filters.platform or question.as_of < grid.settlements[-1]
        connection.rollback()
