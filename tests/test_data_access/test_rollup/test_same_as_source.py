"""The rollups give the same frames as the source tables, whatever the cases, for whatever they hold."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine

from data_access.counts.case_counters import SOURCE_COUNTERS
from data_access.hierarchy import Hierarchy, read_hierarchy
from data_access.question import Question
from data_access.rollup.read import HOLDINGS, Holding, read_rollup
from data_access.rollup.refresh import refresh_within
from data_access.rollup.state import Ready, read_ready
from data_access.rollup_tables import COUNTED_CASES, COUNTED_WHILE_RUNNING
from metrics.counts import BRANCH, COMPANY, FACTS, KEY, TEAM, Fact
from metrics.period import parse_period
from metrics.registry import load
from tests.reference.case_record import Company
from tests.test_data_access.case_companies import RULES, ask, case, company, write
from tests.test_data_access.random_cases import situations

SHARED_DATABASE = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
DAYS_OF_REFRESH = st.sampled_from(
    [datetime(2026, 3, 12, 5, tzinfo=UTC), datetime(2026, 4, 10, 15, 59, tzinfo=UTC), datetime(2026, 7, 5, tzinfo=UTC)]
)
PARTS = st.sampled_from(
    [
        (parse_period("2026Q1"),),
        parse_period("2026H1").months(),
        (parse_period("2026-03"), parse_period("2026-01")),
        (parse_period("2025-12"),),
        (parse_period("2026-03"), parse_period("2026-08")),
        parse_period("2026Q1").months(),
        (parse_period("2026-02"),),
        (parse_period("2026-09"),),
    ]
)
LATER = st.sampled_from([timedelta(0), timedelta(hours=7), timedelta(days=1), timedelta(days=12), timedelta(days=40)])


def rows_of(frame, fact: Fact, question: Question) -> dict[tuple[object, ...], tuple[int, ...]]:
    spec = FACTS[fact]
    keys = [*KEY, *question.dimensions, *spec.values]
    assert list(frame.columns) == [*keys, *spec.counts]
    sums = frame.groupby(keys, dropna=False)[list(spec.counts)].sum()
    return {
        tuple(None if value != value else value for value in key): tuple(counts)
        for key, counts in zip(sums.index, sums.itertuples(index=False), strict=True)
        if any(counts)
    }


def without_teams(rows: dict[tuple[object, ...], tuple[int, ...]], finest: str) -> dict:
    """The rows with units finer than ``finest`` added up into what is above them."""
    cut = {TEAM: 4, BRANCH: 3, COMPANY: 1}[finest]
    found: dict[tuple[object, ...], list[int]] = {}
    for key, counts in rows.items():
        coarse = (*key[:cut], *[None] * (4 - cut), *key[4:])
        found[coarse] = [a + b for a, b in zip(found.get(coarse, [0] * len(counts)), counts, strict=True)]
    return {key: tuple(counts) for key, counts in found.items() if any(counts)}


def offered(fact: Fact, holding: Holding) -> tuple[str, ...]:
    """The dimensions of the fact that the blocks tell apart."""
    return tuple(name for name in holding.kind.dimensions if name in FACTS[fact].dimensions)


def assert_same(connection: Connection, hierarchy: Hierarchy, question: Question, fact: Fact, held: Ready) -> bool:
    """Whether the rollups hold the answer; if they do, it is the source's."""
    ready = read_rollup(connection, hierarchy, question, fact, held)
    if ready is None:
        return False
    source = SOURCE_COUNTERS[fact](connection, hierarchy, question).frame()
    finest = question.finest
    assert without_teams(rows_of(ready.frame(), fact, question), finest) == without_teams(
        rows_of(source, fact, question), finest
    ), (fact, question)
    return True


@given(data=st.data(), situation=situations(), now=DAYS_OF_REFRESH)
@settings(max_examples=40, deadline=None, phases=[Phase.generate], suppress_health_check=SHARED_DATABASE)
def test_rollups_count_what_the_source_counts(
    shared_engine: Engine, data: st.DataObject, situation: tuple[Company, Question], now: datetime
) -> None:
    written, question = situation
    days = data.draw(st.sampled_from([0, 10, 10, 40]))
    question = replace(question, rules=replace(question.rules, settlement_days=days))
    with shared_engine.connect() as connection:
        write(connection, written)
        refresh_within(connection, question.rules, full=True, now=now)
        hierarchy = read_hierarchy(connection)
        held = read_ready(connection, hierarchy, question.rules)
        assert held is not None
        grid = held.grid
        later = LATER.map(lambda time: grid.known_until + time)
        times = st.sampled_from(grid.settlements[-3:]) | later if grid.settlements else later
        asked = replace(
            question,
            parts=data.draw(PARTS),
            as_of=data.draw(times),
            finest=data.draw(st.sampled_from([TEAM, BRANCH, COMPANY])),
        )
        for fact, holdings in HOLDINGS.items():
            holding = data.draw(st.sampled_from(holdings))
            dimensions = tuple(data.draw(st.sets(st.sampled_from(offered(fact, holding)))))
            assert_same(connection, hierarchy, replace(asked, dimensions=dimensions), fact, held)


def test_facts_of_protected_figures_are_held_at_settlements_while_their_months_are_running(
    transaction: Connection,
) -> None:
    """What is hidden of January is decided with February and March, as they stand when January is settled."""
    write(transaction, company(case("1", "2026-01-05"), case("2", "2026-04-20")))
    refresh_within(transaction, RULES, full=True, now=datetime(2026, 7, 5, tzinfo=UTC))
    hierarchy = read_hierarchy(transaction)
    held = read_ready(transaction, hierarchy, RULES)
    assert held is not None
    first_settlement = ask("2026Q1", held.grid.settlements[0])
    found = {
        fact for fact in COUNTED_CASES if read_rollup(transaction, hierarchy, first_settlement, fact, held) is not None
    }
    assert found == COUNTED_WHILE_RUNNING


def test_every_protected_figure_is_made_of_facts_that_are_counted_while_months_are_running() -> None:
    protected = (one for one in load(None) if one.protected)
    assert {fact for one in protected for fact in one.facts if fact in HOLDINGS} == COUNTED_WHILE_RUNNING
