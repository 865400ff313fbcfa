"""The decisions on a case in the order in which they were taken."""

from typing import Any

import numpy as np

from data_access.rollup.coded import Array


def ones_before(group: Array, at: Array, ids: Any) -> Array:  # noqa: ANN401 - an Arrow array
    """The place of the one before each in its group, by time and then by the bytes of its id; -1 for the first."""
    order = np.lexsort((_ranks(group, at, ids), at, group))
    same = group[order][1:] == group[order][:-1]
    before = np.full(len(group), -1)
    before[order[1:][same]] = order[:-1][same]
    return before


def _ranks(group: Array, at: Array, ids: Any) -> Array:  # noqa: ANN401
    """What decides between those of a group at the same time; few have an equal, so that few ids are compared."""
    order = np.lexsort((at, group))
    equal = (group[order][1:] == group[order][:-1]) & (at[order][1:] == at[order][:-1])
    tied = np.union1d(order[1:][equal], order[:-1][equal])
    ranks = np.zeros(len(group), dtype=np.int64)
    texts = ids.take(tied).to_pylist()
    ranks[tied[sorted(range(len(tied)), key=texts.__getitem__)]] = np.arange(len(tied))
    return ranks
