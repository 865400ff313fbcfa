"""The rows of blocks that a question asks about, added up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from data_access.rollup.ahead import read_ahead
from data_access.rollup.asked import Asked
from data_access.rollup.block import AGE_BAND, OBSERVED, UNIT
from data_access.rollup.block_reader import Slab, joined, read_slabs
from data_access.rollup.rows import Array
from data_access.rollup.state import Ready
from metrics.counted_rows import CountedRows, one_after_the_other
from metrics.counts import AGE_BANDS, FACTS, Fact

BANDS = tuple(code for code, _ in AGE_BANDS)

MOST_PER_ROW, FEW = 8, 100_000
"""So many combinations of keys for each row, and a few besides, are added up in one long array, unsorted."""


def added_rows(connection: Connection, asked: Asked, facts: Sequence[Fact]) -> dict[Fact, CountedRows]:
    """The rows of each fact, from blocks that hold what is asked.

    No row takes back what another one says, but many blocks may say something about the same combination of keys.
    """
    ready, kind, names = asked.ready, asked.kind, asked.columns(facts)
    read = read_slabs(connection, ready.stamp, kind, asked.grain, asked.segments, names, asked.anchors)
    slabs: Iterable[Slab] = map(asked.kept, read)
    if asked.looks_ahead:
        as_of, segments = asked.question.as_of, asked.segments
        ahead = asked.kept(read_ahead(connection, ready, as_of, segments, names))
        # What lies ahead may take back what a block says: both must come together.
        slabs = [joined([*slabs, ahead])]
    pieces = [_added(asked, asked.lasting(slab), facts) for slab in slabs]
    return {fact: one_after_the_other([piece[fact] for piece in pieces]) for fact in facts}


def _added(asked: Asked, slab: Slab, facts: Sequence[Fact]) -> dict[Fact, CountedRows]:
    dimensions, values = asked.question.dimensions, FACTS[facts[0]].values
    lineages, lineage_of_row = asked.lineages(slab.segments, slab.columns[UNIT])
    parts = list(dict.fromkeys(asked.parts))
    part_of_segment = np.array([parts.index(part) for part in asked.parts], dtype=np.int64)
    others = (slab.columns[name] for name in (*dimensions, *values))
    keys = _packed([lineage_of_row, part_of_segment[slab.segments], *others])

    def counted(fact: Fact) -> CountedRows:
        sums, combinations = keys.summed({name: slab.columns[name] for name in FACTS[fact].counts})
        lineage, part, *found = combinations
        texts = {name: _texts(asked.ready, name, at) for name, at in zip(dimensions, found, strict=False)}
        numbers = zip(values, found[len(dimensions) :], strict=True)
        plain = {name: at.astype(bool) if name == OBSERVED else at for name, at in numbers}
        return CountedRows(lineages, lineage, parts, part, {**texts, **plain, **sums})

    return {fact: counted(fact) for fact in facts}


@dataclass(frozen=True, eq=False)
class _Keys:
    """A number for each row's combination of keys; each key is at least ``lows`` and can have ``sizes`` values.

    ``numbers`` are the combinations that the rows' numbers stand for; None where these are the combinations themselves.
    """

    of_rows: Array
    lows: Sequence[int]
    sizes: Sequence[int]
    numbers: Array | None

    def summed(self, counts: Mapping[str, Array]) -> tuple[dict[str, Array], list[Array]]:
        """The sums of the counts by combination where one of them isn't 0, and the keys of these combinations."""
        size = prod(self.sizes) if self.numbers is None else len(self.numbers)
        sums = {name: np.bincount(self.of_rows, weights=each, minlength=size) for name, each in counts.items()}
        some = np.flatnonzero(np.logical_or.reduce([column != 0 for column in sums.values()]))
        combinations = some if self.numbers is None else self.numbers[some]
        return {name: column[some].astype(np.int64) for name, column in sums.items()}, self._apart(combinations)

    def _apart(self, combinations: Array) -> list[Array]:
        found: list[Array] = []
        for low, size in zip(reversed(self.lows), reversed(self.sizes), strict=True):
            combinations, key = np.divmod(combinations, size)
            found.insert(0, key + low)
        return found


def _packed(keys: Sequence[Array]) -> _Keys:
    """The combinations of keys; numbered anew where only few of all that can be occur."""
    lows = [int(key.min()) if len(key) else 0 for key in keys]
    sizes = [int(key.max()) - low + 1 if len(key) else 1 for key, low in zip(keys, lows, strict=True)]
    packed = np.zeros(len(keys[0]), dtype=np.int64)
    for key, low, size in zip(keys, lows, sizes, strict=True):
        if size > 1:
            packed *= size
            packed += key
            packed -= low
    if prod(sizes) <= MOST_PER_ROW * len(packed) + FEW:
        return _Keys(packed, lows, sizes, None)
    codes, numbers = pd.factorize(packed)
    return _Keys(codes, lows, sizes, numbers)


def _texts(ready: Ready, name: str, numbers: Array) -> Array:
    """The codes that the numbers stand for; None for a number that stands for none."""
    words = BANDS if name == AGE_BAND else ready.words.of[name]
    texts = np.array([*words, None], dtype=object)
    found: Array = texts[np.minimum(numbers, len(words))]
    return found
