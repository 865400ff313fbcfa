"""What lay ahead of the last refresh and has come since, as the rows of blocks."""

from collections.abc import Sequence
from datetime import date, datetime

import numpy as np
from sqlalchemy import Connection, select

from data_access.dialect import instant
from data_access.rollup.ahead_blocks import SEGMENT, instants_of, lines_of
from data_access.rollup.block_reader import RollupsReplacedError, Slab, joined, newest_stamp
from data_access.rollup.narrow import Columns, unpacked
from data_access.rollup.rows import Array, microseconds
from data_access.rollup.state import Ready
from data_access.rollup_tables import COUNTED_CASES, case_counts_ahead
from metrics.counts import FACTS, Fact

ELSEWHERE = -1
"""The place of a segment that isn't asked for."""


def read_ahead(
    connection: Connection, ready: Ready, as_of: datetime, segments: Sequence[date], names: Sequence[str]
) -> Slab:
    """The named columns of single units in the segments, of rows that count from an instant which has come by then.

    Raises RollupsReplacedError if they are of another refresh: their numbers would stand for other units.
    """
    table = case_counts_ahead.c
    facts = [fact.value for fact in COUNTED_CASES if not set(FACTS[fact].counts).isdisjoint(names)]
    statement = select(table.fact, table.rows, table.data, newest_stamp())
    statement = statement.where(table.counts_from <= instant(as_of), table.fact.in_(facts))
    found = connection.execute(statement).all()
    if {stamp for *_, stamp in found} - {ready.stamp}:
        raise RollupsReplacedError
    places = _places(ready, segments)
    slabs = [Slab({name: np.empty(0, dtype=np.int8) for name in names}, np.empty(0, dtype=np.int64))]
    for fact, rows, data, _ in found:
        lines = lines_of(Fact(fact))
        columns = unpacked(data, len(lines), rows)
        place = places[columns[lines.index(SEGMENT)]]
        come = np.flatnonzero((instants_of(columns, lines) <= microseconds(as_of)) & (place != ELSEWHERE))
        slabs.append(_slab(names, lines, columns, come, place[come]))
    return joined(slabs)


def _places(ready: Ready, segments: Sequence[date]) -> Array:
    """The place among the segments of each segment of the grid."""
    place_of = {segment: place for place, segment in enumerate(segments)}
    return np.array([place_of.get(segment.start, ELSEWHERE) for segment in ready.grid.segments], dtype=np.int64)


def _slab(names: Sequence[str], lines: Sequence[str], columns: Columns, rows: Array, places: Array) -> Slab:
    """Some of the rows, with the named columns; 0 where a row has none of them."""
    nothing = np.zeros(len(rows), dtype=np.int8)
    return Slab({name: columns[lines.index(name)][rows] if name in lines else nothing for name in names}, places)
