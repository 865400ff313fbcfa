"""What lay ahead of the last refresh and has come since, as the rows of blocks."""

from collections.abc import Sequence
from datetime import date, datetime

import numpy as np
from sqlalchemy import Connection, select

from data_access.dialect import instant
from data_access.hierarchy import Hierarchy
from data_access.question import View
from data_access.rollup.block import BY_DATE, UNIT, VIEW
from data_access.rollup.block_reader import Slab
from data_access.rollup.state import Ready
from data_access.rollup_tables import case_counts_ahead

DIMENSIONS = ("grade", "track", "rating_source")


def read_ahead(
    connection: Connection,
    ready: Ready,
    as_of: datetime,
    segments: Sequence[date],
    names: Sequence[str],
    hierarchy: Hierarchy,
) -> Slab:
    """The named columns of single units in the segments, of rows that count from an instant which has come by then."""
    table, counts = case_counts_ahead.c, [name for name in names if name in BY_DATE.counts]
    columns = (table.unit_id, table.segment, table.view, *(table[name] for name in (*DIMENSIONS, *counts)))
    statement = select(*columns).where(table.counts_from <= instant(as_of), table.segment.in_(segments))
    rows = connection.execute(statement).all()
    places, numbers = hierarchy.roster.places, ready.words.numbers
    place_of = {segment: place for place, segment in enumerate(segments)}
    matrix = np.zeros((len(names), len(rows)), dtype=np.int32)
    lines = {name: line for line, name in enumerate(names)}
    matrix[lines[UNIT]] = [len(places) if row.unit_id is None else places[row.unit_id] for row in rows]
    matrix[lines[VIEW]] = [int(row.view == View.FULL.value) for row in rows]
    for name in (name for name in DIMENSIONS if name in lines):
        nothing = len(ready.words.of[name])
        matrix[lines[name]] = [numbers[name].get(getattr(row, name), nothing) for row in rows]
    first = 3 + len(DIMENSIONS)
    for place, name in enumerate(counts, start=first):
        matrix[lines[name]] = [row[place] or 0 for row in rows]
    return Slab(lines, matrix, np.array([place_of[row.segment] for row in rows], dtype=np.int64))
