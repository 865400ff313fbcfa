"""Counts of units kept ready: duties, and what stands at the end of each month."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Table, delete, func, insert, select

from data_access.hierarchy import Hierarchy
from data_access.question import Rules
from data_access.rollup.coded import NO_ROWS, Coded
from data_access.rollup.configuration import calendar_hash
from data_access.rollup.fresh import create_fresh
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


@dataclass(frozen=True, eq=False)
class UnitFacts:
    """What is to be written: rows to add, the rollups to be made anew, and the sources as they were read."""

    rows: Mapping[Table, Coded]
    emptied: tuple[Table, ...]
    sources: Mapping[str, _Source]

    def store(self, connection: Connection, fresh: dict[str, Table]) -> None:
        """Nothing; the rollups of units, or what takes their place in ``fresh``, hold every month that has ended."""
        fresh |= create_fresh(connection, self.emptied)
        for table, rows in self.rows.items():
            store_coded(connection, fresh.get(table.name, table), rows)
        connection.execute(delete(rollup_sources))
        read = [{"name": name, **vars(source)} for name, source in self.sources.items()]
        connection.execute(insert(rollup_sources), read)


def count_unit_facts(
    sources: UnitSources, rules: Rules, hierarchy: Hierarchy, grid: Grid, state: State | None
) -> UnitFacts:
    """The counts of every month that has ended, as far as the rollups don't hold them; nothing is written.

    ``state`` is the last refresh, None where all must be counted anew, as after a month was settled. A rollup
    whose sources haven't changed since only gets the months that ended since.
    """
    connection = sources.connection
    held = state.grid(rules, hierarchy) if state and state.calendar == calendar_hash(connection) else None
    kept = held is not None and (held.first_month, held.settlements) == (grid.first_month, grid.settlements)
    before = _known_sources(connection) if kept else {}
    after = {source.name: _read_source(connection, source) for each in ROLLUPS for source in each.sources}
    emptied = [each for each in ROLLUPS if any(before.get(one.name) != after[one.name] for one in each.sources)]
    rows = {
        each.table: count_rollup(sources, rules, hierarchy, each, grid, None if each in emptied else held)
        for each in ROLLUPS
    }
    return UnitFacts(rows, tuple(each.table for each in emptied), after)


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
