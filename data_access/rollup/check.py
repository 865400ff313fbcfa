"""The rollups compared with what the source tables say now, without writing anything."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Engine, Table, select, union

from data_access.dialect import lift_timeout
from data_access.engine import begin
from data_access.hierarchy import read_hierarchy
from data_access.question import Rules
from data_access.rollup.ahead_blocks import INSTANT, KEYS, earliest, instants_of, lines_of
from data_access.rollup.block import BLOCK_KINDS, BlockKind
from data_access.rollup.case_arrays import over_connection
from data_access.rollup.check_units import differing_rows
from data_access.rollup.columns_from_server import over_snapshot
from data_access.rollup.cuts import Cuts
from data_access.rollup.fill import Filler, Progress
from data_access.rollup.fresh import create_fresh
from data_access.rollup.narrow import unpacked
from data_access.rollup.rows import Array
from data_access.rollup.state import read_state
from data_access.rollup.touched import cases_by_partition
from data_access.rollup.unit_sources import sources_of
from data_access.rollup_tables import COUNTED_CASES, case_blocks, case_counts_ahead
from metrics.counts import Fact


@dataclass(frozen=True)
class Difference:
    """How many rows of a rollup, or of a kind of blocks, don't say what the source tables say."""

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
        cases = sum(cases_by_partition(connection, Cuts(grid)).values())
        filler = Filler(connection, read, rules, hierarchy, grid, fresh, elsewhere is None, cases)
        filler.fill((month.start for month in grid.months), progress)
        of_units = differing_rows(sources_of(connection, elsewhere), rules, hierarchy, grid)
    return (*_differences(connection, fresh), *(Difference(*each) for each in of_units.items()))


def _differences(connection: Connection, fresh: Mapping[str, Table]) -> Iterator[Difference]:
    other = fresh[case_blocks.name]
    for kind in BLOCK_KINDS:
        yield Difference(
            kind.name, sum(_differing(connection, kind, other, *each) for each in _places(connection, kind, other))
        )
    ahead = fresh[case_counts_ahead.name]
    yield Difference(case_counts_ahead.name, sum(_differing_ahead(connection, ahead, fact) for fact in COUNTED_CASES))


def _places(connection: Connection, kind: BlockKind, other: Table) -> Sequence[tuple[str, date]]:
    """The grains and segments of which either table has blocks of a kind."""
    found = (
        select(table.c.grain, table.c.segment).where(table.c.kind == kind.name).distinct()
        for table in (case_blocks, other)
    )
    return [(row[0], row[1]) for row in connection.execute(union(*found))]


def _differing(connection: Connection, kind: BlockKind, other: Table, grain: str, segment: date) -> int:
    """How many rows of a grain's segment differ."""
    ours, theirs = (_matrix(connection, table, kind, grain, segment) for table in (case_blocks, other))
    return _differing_rows(ours, theirs, len(kind.keys))


def _differing_rows(ours: Array, theirs: Array, keys: int) -> int:
    """How many keys, which come first, there are whose counts aren't the same in both."""
    codes, _ = pd.MultiIndex.from_arrays([*np.concatenate([ours[:keys], theirs[:keys]], axis=1)]).factorize()
    signed = np.concatenate([ours[keys:], -theirs[keys:].astype(np.int64)], axis=1)
    sums = np.array([np.bincount(codes, weights=counts) for counts in signed])
    return int(sums.any(axis=0).sum())


def _matrix(connection: Connection, table: Table, kind: BlockKind, grain: str, segment: date) -> Array:
    columns = table.c
    statement = select(columns.rows, columns.data).where(
        columns.kind == kind.name, columns.grain == grain, columns.segment == segment
    )
    lines = len(kind.places)
    found = [np.array([*unpacked(data, lines, rows)]) for rows, data in connection.execute(statement)]
    return np.concatenate([np.empty((lines, 0), dtype=np.int32), *found], axis=1)


def _differing_ahead(connection: Connection, other: Table, fact: Fact) -> int:
    """How many rows of what lies ahead differ."""
    ours, theirs = (_matrix_ahead(connection, table, fact) for table in (case_counts_ahead, other))
    return _differing_rows(ours, theirs, len(_FOUND_BY) + len(KEYS) + len(INSTANT))


_FOUND_BY = ("partition", "counts_from")
"""The columns by which blocks of what lies ahead are found: the month, and whether the instant is the earliest."""


def _matrix_ahead(connection: Connection, table: Table, fact: Fact) -> Array:
    """The rows, with two lines before them that say how they are found."""
    held, lines = table.c, lines_of(fact)
    statement = select(held.partition, held.counts_from, held.rows, held.data)
    found = []
    for partition, counts_from, rows, data in connection.execute(statement.where(held.fact == fact.value)):
        columns = unpacked(data, len(lines), rows)
        right = counts_from == earliest(instants_of(columns, lines))
        found.append(np.vstack([np.full(rows, partition.toordinal()), np.full(rows, right), *columns]))
    return np.concatenate([np.empty((len(_FOUND_BY) + len(lines), 0), dtype=np.int64), *found], axis=1)
