"""Blocks read from the database, or from memory where they were read before."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

import numpy as np
from sqlalchemy import Connection, ScalarSelect, select

from data_access.rollup.block import BlockKind
from data_access.rollup.block_cache import BLOCKS, BlockCache
from data_access.rollup.narrow import Columns, Pieces, unpacked
from data_access.rollup.rows import Array
from data_access.rollup_tables import case_blocks, refresh_log


class RollupsReplacedError(Exception):
    """The blocks are of another refresh than the one that was asked about; who asked must begin anew."""


ROWS_AT_A_TIME = 150_000
"""So many rows stay in the processor's cache while they are looked at and added up; more take twice as long each."""

Key = tuple[str | None, date]
"""Anchor (None: all of the grain) and segment."""


@dataclass(frozen=True, eq=False)
class Slab:
    """Rows of several segments: their columns by name, and for each row the place of its segment."""

    columns: Mapping[str, Array]
    segments: Array

    def only(self, rows: Array) -> "Slab":
        """Some of the rows."""
        if len(rows) == len(self.segments):
            return self
        return Slab({name: column[rows] for name, column in self.columns.items()}, self.segments[rows])


def joined(slabs: Sequence[Slab]) -> Slab:
    """The rows of slabs with the same columns, of the same segments."""
    if len(slabs) == 1:
        return slabs[0]
    columns = {name: np.concatenate([slab.columns[name] for slab in slabs]) for name in slabs[0].columns}
    return Slab(columns, np.concatenate([slab.segments for slab in slabs]))


def read_slabs(
    connection: Connection,
    stamp: str,
    kind: BlockKind,
    grain: str,
    segments: Sequence[date],
    names: Sequence[str],
    anchors: Iterable[str] | None = None,
    cache: BlockCache = BLOCKS,
) -> Iterator[Slab]:
    """The named columns of a grain in the segments, some blocks at a time; at least one slab.

    All rows of an anchor in a segment are in one slab. Only of the units under the anchors, where some are named.
    ``stamp`` is that of the last refresh.
    """
    known = hold(connection, stamp, kind, grain, segments, anchors, cache)
    places = {segment: place for place, segment in enumerate(segments)}
    for keys in _some_at_a_time({key: sum(each.rows for each in pieces) for key, pieces in known.items()}):
        found = [(places[key[1]], each) for key in keys for each in known[key]]
        of_pieces = np.array([place for place, _ in found], dtype=np.int64)
        columns = {name: _column([each for _, each in found], kind.places[name]) for name in names}
        yield Slab(columns, np.repeat(of_pieces, [each.rows for _, each in found]))


def _column(some: Sequence[Columns], place: int) -> Array:
    return np.concatenate([np.empty(0, dtype=np.int8), *(columns[place] for columns in some)])


def _some_at_a_time(rows: Mapping[Key, int]) -> Iterator[list[Key]]:
    """The keys, as many at a time as have ROWS_AT_A_TIME rows or a single one that has more."""
    chosen: list[Key] = []
    count = 0
    for key, more in rows.items():
        if chosen and count + more > ROWS_AT_A_TIME:
            yield chosen
            chosen, count = [], 0
        chosen.append(key)
        count += more
    yield chosen


def hold(
    connection: Connection,
    stamp: str,
    kind: BlockKind,
    grain: str,
    segments: Sequence[date],
    anchors: Iterable[str] | None = None,
    cache: BlockCache = BLOCKS,
) -> dict[Key, Pieces]:
    """The blocks of a grain by anchor and segment, kept in memory from now on; read with one statement.

    Raises RollupsReplacedError if they are of another refresh.
    """
    found = {key: cache.get((stamp, kind.name, grain, *key)) for key in _keys(segments, anchors)}
    missing = [key for key, pieces in found.items() if pieces is None]
    read: dict[Key, Pieces] = {}
    if missing:
        read, stamps = _read(connection, kind, grain, missing)
        if not stamps <= {stamp}:
            raise RollupsReplacedError
        # Where there is nothing at all, nobody can tell whether a crash emptied the table.
        for key in missing if stamps else ():
            cache.put((stamp, kind.name, grain, *key), read[key])
    return {key: read[key] if pieces is None else pieces for key, pieces in found.items()}


def newest_stamp() -> ScalarSelect[str]:
    """The stamp of the last refresh, to be read in the same statement as what that refresh has numbered."""
    return select(refresh_log.c.stamp).order_by(refresh_log.c.id.desc()).limit(1).scalar_subquery()


def _keys(segments: Sequence[date], anchors: Iterable[str] | None) -> list[Key]:
    chosen: list[str | None] = [None] if anchors is None else [*sorted(anchors)]
    return list(product(chosen, segments))


def _read(
    connection: Connection, kind: BlockKind, grain: str, keys: Sequence[Key]
) -> tuple[dict[Key, Pieces], set[str]]:
    """The blocks by key, and the stamps of the refresh that they are of; none where there is no block."""
    columns = case_blocks.c
    statement = select(columns.anchor, columns.segment, columns.rows, columns.data, newest_stamp()).where(
        columns.kind == kind.name, columns.grain == grain, columns.segment.in_({segment for _, segment in keys})
    )
    whole = keys[0][0] is None
    if not whole:
        statement = statement.where(columns.anchor.in_({anchor for anchor, _ in keys}))
    parts: dict[Key, list[Columns]] = defaultdict(list)
    stamps: set[str] = set()
    for anchor, segment, rows, data, made in connection.execute(statement).all():
        parts[None if whole else anchor, segment].append(unpacked(data, len(kind.places), rows))
        stamps.add(made)
    return {key: tuple(parts[key]) for key in keys}, stamps
