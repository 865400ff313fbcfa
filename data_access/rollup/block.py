"""Blocks: rows of counts in columns, packed into a few bytes.

Millions of rows of a rollup are some ten thousand blocks: each holds what the units under one branch, or all units
of a grain, count in one stretch of a month by one month of receipt. A block is a matrix of whole numbers with one
line for each column: first the keys that tell its rows apart, then the counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa

from data_access.rollup.rows import Array
from data_access.rollup.sums import Sums
from data_access.rollup_tables import COUNTED_CASES
from metrics.counts import FACTS, Fact

UNIT, SLOT, VIEW = "unit", "slot", "view"
DURATION, OBSERVED, AGE_BAND = "duration", "observed", "age_band"

_WIDTHS: Mapping[int, Any] = MappingProxyType({2: np.dtype("<i2"), 4: np.dtype("<i4")})
_CODEC = "lz4_raw"


@dataclass(frozen=True, eq=False)
class BlockKind:
    """What the rows of a block are told apart by, and what they count.

    ``keys`` names the keys and the part of the sums' keys that each comes from: ``unit`` is the place of the unit
    among all ids in order (one more: nowhere), ``slot`` the number of the as-of time from which the row counts,
    ``view`` 0 for the scored view and 1 for what the full view has besides. Codes are numbers of ``case_words``.
    """

    name: str
    keys: Mapping[str, str]
    counts: tuple[str, ...]

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The line of each column in the matrix."""
        return {name: place for place, name in enumerate((*self.keys, *self.counts))}

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The keys that a question may ask for or restrict."""
        return tuple(name for name in self.keys if name not in (UNIT, SLOT, VIEW, DURATION, OBSERVED))


_ALWAYS = {UNIT: "unit", SLOT: "moment", VIEW: "view"}
_GRADED = {"grade": "first", "track": "second"}

BY_DATE = BlockKind(
    "by_date",
    {**_ALWAYS, **_GRADED, "rating_source": "third"},
    tuple(name for fact in COUNTED_CASES for name in FACTS[fact].counts),
)
BY_TOPIC = BlockKind(
    "by_topic", {**_ALWAYS, "channel": "first", "category": "second"}, FACTS[Fact.CASES_RECEIVED].counts
)
IN_DAYS, IN_MINUTES = (Fact.RESOLUTION_WORKING_DAYS,), (Fact.RESPONSE_MINUTES, Fact.RESOLUTION_MINUTES)
"""The facts that are durations, in working days and in minutes."""

_LASTING = {DURATION: "duration", OBSERVED: "observed"}
BY_DURATION: Mapping[Fact, BlockKind] = MappingProxyType(
    {
        **{fact: BlockKind(fact.value, {**_ALWAYS, **_GRADED, **_LASTING}, ("cases",)) for fact in IN_DAYS},
        **{fact: BlockKind(fact.value, {**_ALWAYS, "track": "third", **_LASTING}, ("cases",)) for fact in IN_MINUTES},
    }
)
"""Durations; those in minutes aren't told apart by grade, or there would be as many as there are cases."""

OPEN = BlockKind("open", {**_ALWAYS, **_GRADED, AGE_BAND: "age"}, FACTS[Fact.OPEN_CASES].counts)

BLOCK_KINDS = (BY_DATE, BY_TOPIC, *BY_DURATION.values(), OPEN)


UNIT_GRAIN, BRANCH, COMPANY = "unit", "branch", "company"


@dataclass(frozen=True, eq=False)
class Block:
    """The rows of one anchor and day, both by their number; ``matrix`` has one line per column."""

    anchor: int
    day: int
    matrix: Array


def cut(kind: BlockKind, sums: Sums, anchors: Array, days: Array) -> Iterator[Block]:
    """The sums in blocks; ``anchors`` and ``days`` are numbers that say to which block each row belongs."""
    if not len(sums.keys):
        return
    order = np.argsort(_block_numbers(anchors, days), kind="stable")
    matrix = _matrix(kind, sums).take(order, axis=1)
    anchors, days = anchors[order], days[order]
    starts = np.flatnonzero(np.r_[True, (np.diff(anchors) != 0) | (np.diff(days) != 0)])
    for first, end in zip(starts.tolist(), [*starts[1:].tolist(), len(order)], strict=True):
        yield Block(int(anchors[first]), int(days[first]), matrix[:, first:end])


def _block_numbers(anchors: Array, days: Array) -> Array:
    """The number of each row's block, as small as it can be: short numbers are sorted in a tenth of the time."""
    numbers = anchors.astype(np.int64) * (int(days.max(initial=0)) + 1) + days
    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))


def _matrix(kind: BlockKind, sums: Sums) -> Array:
    matrix = np.empty((len(kind.places), len(sums.keys)), dtype=np.int32)
    for line, part in enumerate(kind.keys.values()):
        matrix[line] = sums.parts[part]
    matrix[len(kind.keys) :] = sums.counts.T
    return matrix


def packed(matrix: Array) -> bytes:
    """The matrix as bytes: how wide its numbers are, then the numbers, compressed."""
    small = max(matrix.max(initial=0), -matrix.min(initial=0)) < 1 << 15
    narrow = matrix.astype(_WIDTHS[2 if small else 4], order="C")
    compressed: bytes = pa.compress(narrow, codec=_CODEC, asbytes=True)
    return bytes([narrow.itemsize]) + compressed


def unpacked(data: bytes, lines: int, rows: int) -> Array:
    """The matrix that was packed; it can't be changed."""
    width = data[0]
    raw = pa.decompress(memoryview(data)[1:], decompressed_size=lines * rows * width, codec=_CODEC)
    return np.frombuffer(raw, dtype=_WIDTHS[width]).reshape(lines, rows)


def side_by_side(matrices: Sequence[Array], lines: int, wanted: Sequence[int] | None = None) -> Array:
    """The rows of all matrices in one, of no rows where there are none; with the ``wanted`` lines alone, if given."""
    filled = [matrix for matrix in matrices if matrix.shape[1]]
    if wanted is None and filled:
        return filled[0] if len(filled) == 1 else np.concatenate(filled, axis=1)
    places = range(lines) if wanted is None else wanted
    ends = np.cumsum([matrix.shape[1] for matrix in filled], dtype=np.int64).tolist()
    whole = np.empty((len(places), ends[-1] if ends else 0), dtype=np.result_type(np.int16, *filled))
    for matrix, end in zip(filled, ends, strict=True):
        # Line by line: whoever picked lines before would copy them twice.
        for line, place in enumerate(places):
            whole[line, end - matrix.shape[1] : end] = matrix[place]
    return whole
