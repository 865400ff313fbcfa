"""The rollups compared with what the source tables say now, without writing anything."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, Table, func, or_, select, union_all

from data_access.dialect import lift_timeout
from data_access.engine import begin
from data_access.hierarchy import read_hierarchy
from data_access.question import Rules
from data_access.rollup.case_arrays import over_connection
from data_access.rollup.check_units import differing_rows
from data_access.rollup.columns_from_server import over_snapshot
from data_access.rollup.fill import Filler, Progress
from data_access.rollup.fresh import INDEXES, create_fresh
from data_access.rollup.state import read_state
from data_access.rollup.unit_sources import sources_of
from metrics.counts import FACTS

_COUNTS = frozenset(name for spec in FACTS.values() for name in spec.counts)


@dataclass(frozen=True)
class Difference:
    """How many rows of a rollup don't say what the source tables say."""

    table: str
    rows: int


class _TakeBack(Exception):  # noqa: N818 - not an error
    """Ends the transaction without writing."""


def check_rollups(engine: Engine, rules: Rules, progress: Progress) -> tuple[Difference, ...] | None:
    """One entry per rollup; None if there are no rollups, or if they were made under other rules.

    Counts everything anew beside the rollups and takes that back. Raises DataAccessError.
    """
    found: tuple[Difference, ...] | None = None
    try:
        with begin(engine) as connection:
            lift_timeout(connection)
            found = _compared(connection, rules, progress)
            raise _TakeBack
    except _TakeBack:
        return found


def _compared(connection: Connection, rules: Rules, progress: Progress) -> tuple[Difference, ...] | None:
    state, hierarchy = read_state(connection), read_hierarchy(connection)
    grid = None if state is None else state.grid(rules, hierarchy)
    if grid is None:
        return None
    fresh = create_fresh(connection)
    with over_snapshot(connection) as elsewhere:
        read = elsewhere or over_connection(connection)
        filler = Filler(connection, read, rules, hierarchy, grid, fresh, elsewhere is None)
        filler.fill((month.start for month in grid.months), progress)
        of_units = differing_rows(sources_of(connection, elsewhere), rules, hierarchy, grid)
    return (*_differences(connection, fresh), *(Difference(*each) for each in of_units.items()))


def _differences(connection: Connection, fresh: dict[str, Table]) -> Iterator[Difference]:
    for table in INDEXES:
        counts = [column.name for column in table.columns if column.name in _COUNTS]
        keys = [column.name for column in table.columns if column.name not in _COUNTS]
        more = select(*(table.c[name] for name in (*keys, *counts)))
        other = fresh[table.name].c
        less = select(*(other[name] for name in keys), *((-other[name]).label(name) for name in counts))
        both = union_all(more, less).subquery()
        sums = [func.coalesce(func.sum(both.c[name]), 0) for name in counts]
        grouped = select(both.c[keys[0]]).group_by(*(both.c[name] for name in keys))
        wrong = grouped.having(or_(*(total != 0 for total in sums))).subquery()
        yield Difference(table.name, connection.execute(select(func.count()).select_from(wrong)).scalar_one())
