"""The rollup of decisions on cases gives the same frames as the source tables, whatever the cases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, Table, func, select

from data_access.counts.case_counters import SOURCE_COUNTERS
from data_access.hierarchy import Hierarchy, read_hierarchy
from data_access.question import Question
from data_access.rollup.case_arrays import over_connection
from data_access.rollup.event_rows import count_events, store_events
from data_access.rollup.fresh import put_in_place
from data_access.rollup.grid import Grid, make_grid
from data_access.rollup.read_units import read_units
from data_access.rollup.unit_holdings import UNIT_HOLDINGS
from data_access.tables import cases
from metrics.counts import BRANCH, COMPANY, TEAM, Fact
from metrics.period import parse_period
from tests.reference.case_record import Company
from tests.test_data_access.case_companies import write
from tests.test_data_access.random_cases import situations
from tests.test_data_access.test_rollup.test_same_as_source import SHARED_DATABASE, rows_of, without_teams

FACT = Fact.CASE_EVENTS
DAYS_OF_REFRESH = st.sampled_from([datetime(2026, 4, 5, 5, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)])
PARTS = st.sampled_from(
    [
        (parse_period("2026Q1"),),
        parse_period("2026Q1").months(),
        (parse_period("2025H2"), parse_period("2026H1")),
        (parse_period("2025"),),
        (parse_period("2025-12"), parse_period("2026-02")),
    ]
)
LATER = st.integers(0, 90).map(lambda days: timedelta(days=days, hours=days % 5))


def asked(draw: st.DrawFn, question: Question, grid: Grid) -> Question:
    newest = max(grid.settlements, default=grid.known_until)
    return replace(
        question,
        parts=draw(PARTS),
        as_of=draw(st.sampled_from([newest, *grid.settlements[-4:]]) | LATER.map(lambda time: newest + time)),
        dimensions=tuple(draw(st.sets(st.sampled_from(UNIT_HOLDINGS[FACT].dimensions)))),
        finest=draw(st.sampled_from([TEAM, BRANCH, COMPANY])),
    )


@given(data=st.data(), situation=situations(), now=DAYS_OF_REFRESH)
@settings(max_examples=60, deadline=None, phases=[Phase.generate], suppress_health_check=SHARED_DATABASE)
def test_decisions_kept_ready_are_those_the_source_counts(
    shared_engine: Engine, data: st.DataObject, situation: tuple[Company, Question], now: datetime
) -> None:
    company, question = situation
    with shared_engine.connect() as connection:
        write(connection, company)
        hierarchy: Hierarchy = read_hierarchy(connection)
        first = connection.execute(select(func.min(cases.c.received_at))).scalar_one() or now
        grid = make_grid(first, now, 10, question.rules.time_zone, hierarchy.move_days)
        read = over_connection(connection)
        for partitions in (None, [month.start for month in grid.months][-2:]):
            fresh: dict[str, Table] = {}
            store_events(connection, count_events(read, hierarchy, grid, partitions), partitions, fresh)
            put_in_place(connection, fresh)
        others = [question, replace(question, filters=replace(question.filters, grade="A")), question]
        several = [asked(data.draw, each, grid) for each in others]
        for (_, wanted), ready in read_units(connection, hierarchy, [(FACT, each) for each in several], grid).items():
            source = SOURCE_COUNTERS[FACT](connection, hierarchy, wanted).frame()
            found, expected = (
                without_teams(rows_of(each, FACT, wanted), wanted.finest) for each in (ready.frame(), source)
            )
            assert found == expected
        connection.rollback()
