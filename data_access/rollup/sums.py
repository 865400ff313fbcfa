"""Additions added up: one row per key, the counts of all facts side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
import pandas as pd

from data_access.rollup.rows import Array, empty_columns, not_all_zero, rows_of

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

    @cached_property
    def strides(self) -> Mapping[str, int]:
        """How much one more of each part adds to a key."""
        sizes = list(self.sizes.values())
        return {name: prod(sizes[place + 1 :]) for place, name in enumerate(self.sizes)}

    def pack(self, keys: Keys) -> Array:
        """The key of each row as one number; of some parts only, what they add to it."""
        first, *others = keys
        packed = keys[first].astype(np.int64) * self.strides[first]
        for name in others:
            packed += keys[name] * np.int64(self.strides[name])
        return packed

    def unpack(self, packed: Array) -> dict[str, Array]:
        """The parts of each key."""
        parts = {}
        for name, size in reversed(list(self.sizes.items())):
            rest = packed // size
            parts[name] = packed - rest * size
            packed = rest
        return parts


@dataclass(frozen=True, eq=False)
class Sums:
    """Counts by key: ``keys`` packed and each only once, ``counts`` one row per key and one column per name.

    Each column of the counts lies in one piece.
    """

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

    def renumbered(self, numbers: Mapping[str, Array]) -> "Sums":
        """The same counts, with other numbers for the values of some parts; what has none keeps its own."""
        keys = self.keys.copy()
        for part, others in numbers.items():
            size, stride = self.packing.sizes[part], self.packing.strides[part]
            moved = np.arange(size)
            moved[: min(size, len(others))] = others[:size]
            keys += ((moved - np.arange(size)) * stride).take(self.keys // stride % size)
        return Sums(self.packing, self.names, keys, self.counts)

    def stored_as(self, kind: type[np.integer[Any]] | None = None) -> "Sums":
        """The same with counts of that type; of the smallest that holds them, if none is given."""
        most = int(np.abs(self.counts).max(initial=0))
        smallest = next(each for each in (np.int8, np.int16, np.int32, np.int64) if most <= np.iinfo(each).max)
        return Sums(self.packing, self.names, self.keys, self.counts.astype(kind or smallest))


def added_up(packing: Packing, names: Sequence[str], keys: Array, counts: Array) -> Sums:
    """The sums of the counts by key, without those that are zero throughout."""
    codes, distinct = pd.factorize(keys)
    sums = empty_columns(len(distinct), len(names), np.int64)
    for place in range(len(names)):
        sums[:, place] = np.bincount(codes, weights=counts[:, place], minlength=len(distinct))
    return _without_zeros(Sums(packing, tuple(names), distinct, sums))


def joined(packing: Packing, names: Sequence[str], some: Sequence[Sums]) -> Sums:
    """Several sums of the same counts as one."""
    if len(some) == 1:
        return some[0]
    if not some:
        return Sums(packing, tuple(names), np.empty(0, dtype=np.int64), np.empty((0, len(names)), dtype=np.int64))
    keys, counts = ([each.keys for each in some], [each.counts for each in some])
    return added_up(packing, names, np.concatenate(keys), np.concatenate(counts))


def side_by_side(packing: Packing, names: Sequence[str], some: Sequence[Sums]) -> Sums:
    """The sums under common keys, each in the columns of its names, which follow one another; 0 where it has none."""
    if not some:
        return joined(packing, names, [])
    codes, distinct = pd.factorize(np.concatenate([each.keys for each in some]))
    counts = np.zeros((len(names), len(distinct)), dtype=np.int64).T
    row = 0
    for each in some:
        place = codes[row : row + len(each.keys)]
        first = names.index(each.names[0])
        for column, added in zip(counts.T[first:], each.counts.T, strict=False):
            # The keys of one sum are distinct, so that no addition gets lost.
            column[place] += added
        row += len(each.keys)
    return _without_zeros(Sums(packing, tuple(names), distinct, counts))


def _without_zeros(sums: Sums) -> Sums:
    """The sums without keys that have no count."""
    kept = np.flatnonzero(not_all_zero(sums.counts))
    if len(kept) == len(sums.keys):
        return sums
    return Sums(sums.packing, sums.names, sums.keys.take(kept), rows_of(sums.counts, kept))
