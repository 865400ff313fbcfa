"""Rows of counts in memory with whole numbers for keys, so that adding them up compares no text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Array = npt.NDArray[Any]
NOTHING = -1
MOST_KEYS = 1 << 62
"""More combinations of keys than one whole number can stand for."""


@dataclass(frozen=True, eq=False)
class Coded:
    """Counts by keys. A key is the place of its value among the ``words`` of its column; NOTHING is no value."""

    keys: Mapping[str, Array]
    words: Mapping[str, pa.Array]
    counts: Mapping[str, Array]

    def __len__(self) -> int:
        """How many rows there are."""
        return len(next(iter(self.keys.values()), ()))

    def with_key(self, name: str, places: Array, words: pa.Array) -> "Coded":
        """The rows with another key, or another value of one."""
        return replace(self, keys={**self.keys, name: places}, words={**self.words, name: words})

    def take(self, rows: Array | slice) -> "Coded":
        """Some of the rows."""
        keys, counts = ({name: column[rows] for name, column in each.items()} for each in (self.keys, self.counts))
        return replace(self, keys=keys, counts=counts)

    def added_up(self) -> "Coded":
        """One row for each combination of keys; those that add up to nothing are left out."""
        numbers, distinct = pd.factorize(_packed(list(self.keys.values()), len(self)))
        first = np.empty(len(distinct), dtype=np.int64)
        first[numbers[::-1]] = np.arange(len(self))[::-1]
        sums = {name: _sums(numbers, column, len(distinct)) for name, column in self.counts.items()}
        kept = np.zeros(len(distinct), dtype=bool)
        for column in sums.values():
            kept |= column != 0
        keys = {name: column[first[kept]] for name, column in self.keys.items()}
        return replace(self, keys=keys, counts={name: column[kept] for name, column in sums.items()})

    def columns(self) -> dict[str, pa.Array]:
        """The keys as what they stand for, and the counts."""
        keys = {name: taken(self.words[name], places) for name, places in self.keys.items()}
        return keys | {name: pa.array(column, pa.int64()) for name, column in self.counts.items()}


NO_ROWS = Coded({}, {}, {})


def joined(some: Sequence[Coded]) -> Coded:
    """All the rows, with words for the keys of all of them."""
    words = {name: pa.chunked_array([each.words[name] for each in some]).unique() for name in some[0].words}
    keys = {name: np.concatenate([_moved(each, name, words[name]) for each in some]) for name in words}
    counts = {name: np.concatenate([each.counts[name] for each in some]) for name in some[0].counts}
    return Coded(keys, words, counts)


def _moved(rows: Coded, name: str, words: pa.Array) -> Array:
    """The places of a key's values among other words."""
    places = pc.index_in(rows.words[name], value_set=words).to_numpy(zero_copy_only=False)
    return np.append(places, NOTHING)[rows.keys[name]]


def encoded(column: Any) -> tuple[Array, pa.Array]:  # noqa: ANN401 - an Arrow array, in pieces or not
    """The place of each value among the distinct ones, and these."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    found = pc.dictionary_encode(whole)
    places = pc.fill_null(found.indices, NOTHING).to_numpy(zero_copy_only=False).astype(np.int64)
    return places, found.dictionary


def taken(words: pa.Array, places: Array) -> pa.Array:
    """What the places stand for."""
    return words.take(pa.array(places, pa.int64(), mask=places == NOTHING))


def words_of(values: Iterable[Any], kind: Any) -> tuple[Array, pa.Array]:  # noqa: ANN401 - an Arrow type
    """The place of each value (numbers, days or texts; None is NOTHING) among the distinct ones, and these."""
    places, distinct = pd.factorize(np.asarray(values))
    return places.astype(np.int64), pa.array(distinct, kind)


def _packed(columns: list[Array], size: int) -> Array:
    """One number for each combination; numbered anew whenever they would grow too large."""
    packed, most = np.zeros(size, dtype=np.int64), 1
    for column in columns:
        values = int(column.max(initial=NOTHING)) + 2
        if most * values >= MOST_KEYS:
            packed = pd.factorize(packed)[0].astype(np.int64)
            most = size
        packed = packed * values + (column + 1)
        most *= values
    return packed


def _sums(numbers: Array, column: Array, size: int) -> Array:
    """Sums as floats are exact: nobody has more than 2 ** 53 of anything."""
    return np.bincount(numbers, weights=column, minlength=size).astype(np.int64)
