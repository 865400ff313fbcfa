"""Counts of units kept ready: duties, and what stands at the end of each month."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Table, delete, func, insert, select

from data_access.hierarchy import Hierarchy
from data_access.question import Rules
from data_access.rollup.coded import NO_ROWS, Coded
from data_access.rollup.configuration import calendar_hash
from data_access.rollup.grid import Grid
from data_access.rollup.state import State
from data_access.rollup.unit_duties import duty_rows
from data_access.rollup.unit_grains import at_all_grains
from data_access.rollup.unit_sources import UnitSources
from data_access.rollup.unit_stocks import unit_rows, zone_load_rows
from data_access.rollup.unit_store import store_coded
from data_access.rollup.unit_times import ended_months
from data_access.rollup_tables import duty_counts, rollup_sources, unit_counts, zone_load_counts
from data_access.tables import chat_group_months, chat_groups, contact_points, duties, headcounts, liaisons, zones
from metrics.period import Period

CountMonths = Callable[[UnitSources, Hierarchy, Rules, Grid, tuple[Period, ...]], Coded]
"""Counts months; the rows have the keys of the rollup but its grain, and are those of the units themselves."""


@dataclass(frozen=True, eq=False)
class UnitRollup:
    """A rollup of units: how it is counted, from which tables, and the column that tells where a unit stood."""

    table: Table
    sources: tuple[Table, ...]
    count_months: CountMonths
    day: str


ROLLUPS = (
    UnitRollup(duty_counts, (duties,), duty_rows, "segment"),
    UnitRollup(
        unit_counts,
        (headcounts, zones, chat_groups, chat_group_months, liaisons, contact_points),
        unit_rows,
        "day",
    ),
    UnitRollup(zone_load_counts, (zones,), zone_load_rows, "day"),
)


@dataclass(frozen=True)
class _Source:
    """A source table's newest change and number of rows; the same as before, if nothing changed."""

    changed_until: datetime | None
    rows: int


def refresh_unit_facts(
    sources: UnitSources, rules: Rules, hierarchy: Hierarchy, grid: Grid, state: State | None
) -> None:
    """Nothing; the rollups of units hold every month that has ended.

    ``state`` is the last refresh, None where all must be counted anew, as after a month was settled. A rollup
    whose sources haven't changed since only gets the months that ended since.
    """
    connection = sources.connection
    held = state.grid(rules, hierarchy) if state and state.calendar == calendar_hash(connection) else None
    kept = held is not None and (held.first_month, held.settlements) == (grid.first_month, grid.settlements)
    before = _known_sources(connection) if kept else {}
    after = {source.name: _read_source(connection, source) for each in ROLLUPS for source in each.sources}
    for rollup in ROLLUPS:
        same = all(before.get(source.name) == after[source.name] for source in rollup.sources)
        if not same:
            connection.execute(delete(rollup.table))
        rows = count_rollup(sources, rules, hierarchy, rollup, grid, held if same else None)
        store_coded(connection, rollup.table, rows)
    _remember(connection, after)


def count_rollup(
    sources: UnitSources, rules: Rules, hierarchy: Hierarchy, rollup: UnitRollup, grid: Grid, held: Grid | None = None
) -> Coded:
    """The rows of the rollup for the months that ended, at all grains; only those that ``held`` doesn't have."""
    months = ended_months(grid, held)
    if not months:
        return NO_ROWS
    return at_all_grains(rollup.count_months(sources, hierarchy, rules, grid, months), hierarchy, rollup.day)


def _read_source(connection: Connection, table: Table) -> _Source:
    statement = select(func.max(table.c.updated_at), func.count())
    return _Source(*connection.execute(statement).one())


def _known_sources(connection: Connection) -> dict[str, _Source]:
    rows = connection.execute(select(rollup_sources))
    return {row.name: _Source(row.changed_until, row.rows) for row in rows}


def _remember(connection: Connection, sources: dict[str, _Source]) -> None:
    connection.execute(delete(rollup_sources))
    rows = [{"name": name, **vars(source)} for name, source in sources.items()]
    connection.execute(insert(rollup_sources), rows)
