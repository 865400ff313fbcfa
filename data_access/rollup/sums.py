"""Additions added up: one row per key, the counts of all facts side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
import pandas as pd

from data_access.rollup.rows import Array

MOST_KEYS = 1 << 63

Keys = Mapping[str, Array]
"""Whole numbers by the name of a key's part, one entry per row."""


@dataclass(frozen=True)
class Packing:
    """Keys of several parts as one whole number; ``sizes`` are how many values each part has."""

    sizes: Mapping[str, int]

    def __post_init__(self) -> None:
        """Raise OverflowError if there are more keys than a whole number can tell apart."""
        if prod(self.sizes.values()) >= MOST_KEYS:
            raise OverflowError(f"too many keys: {dict(self.sizes)}")

    def pack(self, keys: Keys) -> Array:
        """The key of each row as one number."""
        packed = np.zeros(len(next(iter(keys.values()))), dtype=np.int64)
        for name, size in self.sizes.items():
            packed = packed * size + keys[name]
        return packed

    def unpack(self, packed: Array) -> dict[str, Array]:
        """The parts of each key."""
        parts = {}
        for name, size in reversed(list(self.sizes.items())):
            parts[name] = packed % size
            packed = packed // size
        return parts


@dataclass(frozen=True, eq=False)
class Sums:
    """Counts by key: ``keys`` packed and each only once, ``counts`` one row per key and one column per name."""

    packing: Packing
    names: tuple[str, ...]
    keys: Array
    counts: Array

    @cached_property
    def parts(self) -> dict[str, Array]:
        """The parts of the keys."""
        return self.packing.unpack(self.keys)

    def regrouped(self, changed: Keys) -> "Sums":
        """The same counts under keys of which some parts are others."""
        return added_up(self.packing, self.names, self.packing.pack({**self.parts, **changed}), self.counts)


def added_up(packing: Packing, names: Sequence[str], keys: Array, counts: Array) -> Sums:
    """The sums of the counts by key, without those that are zero throughout."""
    codes, distinct = pd.factorize(keys)
    sums = np.zeros((len(distinct), len(names)), dtype=np.int64)
    for place in range(len(names)):
        sums[:, place] = np.bincount(codes, weights=counts[:, place], minlength=len(distinct))
    kept = sums.any(axis=1)
    return Sums(packing, tuple(names), distinct[kept], sums[kept])


def side_by_side(packing: Packing, some: Sequence[Sums]) -> Sums:
    """The counts of several sums under common keys; 0 where one of them has none."""
    names = tuple(name for each in some for name in each.names)
    codes, distinct = pd.factorize(np.concatenate([each.keys for each in some]))
    counts = np.zeros((len(distinct), len(names)), dtype=np.int64)
    row, column = 0, 0
    for each in some:
        place = codes[row : row + len(each.keys)]
        counts[place, column : column + len(each.names)] = each.counts
        row, column = row + len(each.keys), column + len(each.names)
    return Sums(packing, names, distinct, counts)
