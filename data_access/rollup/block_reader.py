"""Blocks read from the database, or from memory where they were read before."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

import numpy as np
from sqlalchemy import Connection, ScalarSelect, select

from data_access.rollup.block import BlockKind, side_by_side, unpacked
from data_access.rollup.block_cache import BLOCKS, BlockCache
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
    """Rows of several segments in columns: the lines of ``matrix``, and for each row the place of its segment."""

    lines: Mapping[str, int]
    """the line of each column"""
    matrix: Array
    segments: Array

    def column(self, name: str) -> Array:
        """A key or a count of each row."""
        column: Array = self.matrix[self.lines[name]]
        return column

    def only(self, rows: Array) -> "Slab":
        """Some of the rows."""
        if len(rows) == len(self.segments):
            return self
        return Slab(self.lines, self.matrix.take(rows, axis=1), self.segments[rows])


def joined(slabs: Sequence[Slab]) -> Slab:
    """The rows of slabs with the same columns, of the same segments."""
    if len(slabs) == 1:
        return slabs[0]
    matrix = side_by_side([slab.matrix for slab in slabs], len(slabs[0].lines))
    return Slab(slabs[0].lines, matrix, np.concatenate([slab.segments for slab in slabs]))


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
    wanted = [kind.places[name] for name in names]
    lines = {name: line for line, name in enumerate(names)}
    places = {segment: place for place, segment in enumerate(segments)}
    for keys in _some_at_a_time({key: matrix.shape[1] for key, matrix in known.items()}):
        matrix = side_by_side([known[key] for key in keys], len(kind.places), wanted)
        lengths = [known[key].shape[1] for key in keys]
        yield Slab(
            lines, matrix, np.repeat(np.array([places[segment] for _, segment in keys], dtype=np.int64), lengths)
        )


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
) -> dict[Key, Array]:
    """The matrices of a grain by anchor and segment, kept in memory from now on; read with one statement.

    Raises RollupsReplacedError if they are of another refresh.
    """
    found = {key: cache.get((stamp, kind.name, grain, *key)) for key in _keys(segments, anchors)}
    missing = [key for key, matrix in found.items() if matrix is None]
    read: dict[Key, Array] = {}
    if missing:
        read, stamps = _read(connection, kind, grain, missing)
        if not stamps <= {stamp}:
            raise RollupsReplacedError
        # Where there is nothing at all, nobody can tell whether a crash emptied the table.
        for key in missing if stamps else ():
            cache.put((stamp, kind.name, grain, *key), read[key])
    return {key: read[key] if matrix is None else matrix for key, matrix in found.items()}


def newest_stamp() -> ScalarSelect[str]:
    """The stamp of the last refresh, to be read in the same statement as what that refresh has numbered."""
    return select(refresh_log.c.stamp).order_by(refresh_log.c.id.desc()).limit(1).scalar_subquery()


def _keys(segments: Sequence[date], anchors: Iterable[str] | None) -> list[Key]:
    chosen: list[str | None] = [None] if anchors is None else [*sorted(anchors)]
    return list(product(chosen, segments))


def _read(
    connection: Connection, kind: BlockKind, grain: str, keys: Sequence[Key]
) -> tuple[dict[Key, Array], set[str]]:
    """The matrices by key, and the stamps of the refresh that they are of; none where there is no block."""
    columns = case_blocks.c
    statement = select(columns.anchor, columns.segment, columns.rows, columns.data, newest_stamp()).where(
        columns.kind == kind.name, columns.grain == grain, columns.segment.in_({segment for _, segment in keys})
    )
    whole = keys[0][0] is None
    if not whole:
        statement = statement.where(columns.anchor.in_({anchor for anchor, _ in keys}))
    parts: dict[Key, list[Array]] = defaultdict(list)
    stamps: set[str] = set()
    for anchor, segment, rows, data, made in connection.execute(statement).all():
        parts[None if whole else anchor, segment].append(unpacked(data, len(kind.places), rows))
        stamps.add(made)
    return {key: side_by_side(parts[key], len(kind.places)) for key in keys}, stamps
