"""The rows of blocks that a question asks about, added up."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from data_access.rollup.ahead import read_ahead
from data_access.rollup.asked import Asked
from data_access.rollup.block import AGE_BAND, OBSERVED, UNIT
from data_access.rollup.block_reader import Slab, joined, read_slab
from data_access.rollup.rows import Array
from data_access.rollup.state import Ready
from metrics.counted_rows import CountedRows, Lineage
from metrics.counts import AGE_BANDS, FACTS, LINEAGE, Fact

BANDS = tuple(code for code, _ in AGE_BANDS)


def added_rows(connection: Connection, asked: Asked, facts: Sequence[Fact]) -> dict[Fact, CountedRows]:
    """The rows of each fact, from blocks that hold what is asked; each combination of keys once."""
    ready, kind, names = asked.ready, asked.kind, asked.columns(facts)
    slabs = [asked.kept(read_slab(connection, ready.stamp, kind, asked.grain, asked.segments, names, asked.anchors))]
    if asked.looks_ahead:
        as_of, segments = asked.question.as_of, asked.segments
        slabs.append(asked.kept(read_ahead(connection, ready, as_of, segments, names, asked.hierarchy)))
    return _added(asked, joined(slabs), facts)


def _added(asked: Asked, slab: Slab, facts: Sequence[Fact]) -> dict[Fact, CountedRows]:
    dimensions, values = asked.question.dimensions, FACTS[facts[0]].values
    lineages, lineage_of_row = _lineages(asked, slab)
    parts = list(dict.fromkeys(asked.parts))
    part_of_segment = np.array([parts.index(part) for part in asked.parts], dtype=np.int64)
    others = [slab.column(name).astype(np.int64) for name in (*dimensions, *values)]
    codes, found = _distinct([lineage_of_row, part_of_segment[slab.segments], *others])
    of_dimensions, of_values = found[2 : 2 + len(dimensions)], found[2 + len(dimensions) :]
    keys = {name: _texts(asked.ready, name, at) for name, at in zip(dimensions, of_dimensions, strict=True)}
    keys |= {name: at.astype(bool) if name == OBSERVED else at for name, at in zip(values, of_values, strict=True)}
    whole = CountedRows(lineages, found[0], parts, found[1], keys)
    return {fact: _counting(whole, _sums(slab, FACTS[fact].counts, codes, len(whole))) for fact in facts}


def _lineages(asked: Asked, slab: Slab) -> tuple[list[Lineage], Array]:
    """The lineages that occur, and the number of each row's."""
    ids = (*asked.hierarchy.roster.ids, None)
    stands = asked.epochs[slab.segments] * len(ids) + slab.column(UNIT)
    codes, distinct = pd.factorize(stands)
    numbers: dict[Lineage, int] = {}
    of_stand = []
    for stand in distinct.tolist():
        epoch, place = divmod(stand, len(ids))
        lineage = asked.hierarchy.lineage(ids[place], asked.days_of_epochs[epoch])
        of_stand.append(numbers.setdefault(tuple(getattr(lineage, name) for name in LINEAGE), len(numbers)))
    return list(numbers), np.array(of_stand, dtype=np.int64)[codes]


def _distinct(keys: Sequence[Array]) -> tuple[Array, list[Array]]:
    """The number of each row's combination of keys, and the combinations, one array per key."""
    sizes = [int(key.max(initial=0)) + 1 for key in keys]
    packed = np.zeros(len(keys[0]), dtype=np.int64)
    for key, size in zip(keys, sizes, strict=True):
        packed = packed * size + key
    codes, rest = pd.factorize(packed)
    found: list[Array] = []
    for size in reversed(sizes):
        found.insert(0, rest % size)
        rest = rest // size
    return codes, found


def _sums(slab: Slab, names: Sequence[str], codes: Array, size: int) -> Mapping[str, Array]:
    return {name: np.bincount(codes, weights=slab.column(name), minlength=size).astype(np.int64) for name in names}


def _texts(ready: Ready, name: str, numbers: Array) -> Array:
    """The codes that the numbers stand for; None for a number that stands for none."""
    words = BANDS if name == AGE_BAND else ready.words.of[name]
    texts = np.array([*words, None], dtype=object)
    found: Array = texts[np.minimum(numbers, len(words))]
    return found


def _counting(keys: CountedRows, counts: Mapping[str, Array]) -> CountedRows:
    """The rows of a fact without combinations that count nothing."""
    some = np.flatnonzero(np.logical_or.reduce([column != 0 for column in counts.values()]))
    return replace(keys, columns={**keys.columns, **counts}).only(some)
