"""A fact's frame in codes: what its rows have in common said once, and a number per row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from metrics.counts import KEY, LINEAGE, PART

Array = npt.NDArray[Any]

Lineage = tuple[str | None, ...]
"""The ids of a unit and of what is above it, one for each of LINEAGE."""


@dataclass(frozen=True, eq=False)
class CountedRows:
    """The rows of a fact's frame (see ``metrics.counts``).

    Row i has the lineage ``lineages[lineage[i]]`` and the part that begins on ``parts[part[i]]``. ``columns`` are the
    dimensions (objects), values and counts, one entry per row. Rows with the same keys add up.
    """

    lineages: Sequence[Lineage]
    lineage: Array
    parts: Sequence[date]
    part: Array
    columns: Mapping[str, Array]

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.lineage)

    def only(self, rows: Array) -> "CountedRows":
        """Some of the rows, by their numbers or flags."""
        columns = {name: column[rows] for name, column in self.columns.items()}
        return CountedRows(self.lineages, self.lineage[rows], self.parts, self.part[rows], columns)

    def of_unit(self, kind: str, unit_id: str) -> Array:
        """Whether each row's unit of a kind is this one."""
        place = LINEAGE.index(f"{kind}_id")
        found: Array = np.array([lineage[place] == unit_id for lineage in self.lineages], dtype=bool)[self.lineage]
        return found

    def frame(self) -> pd.DataFrame:
        """The same rows as a frame."""
        keys = [
            *_taken(self.lineages, len(LINEAGE), self.lineage).T,
            _taken([(part,) for part in self.parts], 1, self.part)[:, 0],
        ]
        objects = {name: pd.Series(column, dtype=object) for name, column in zip(KEY, keys, strict=True)}
        others = {
            name: pd.Series(column, dtype=object) if column.dtype == object else column
            for name, column in self.columns.items()
        }
        return pd.DataFrame({**objects, **others})


def _taken(rows: Sequence[tuple[object, ...]], width: int, places: Array) -> Array:
    matrix = np.empty((len(rows), width), dtype=object)
    for place, row in enumerate(rows):
        matrix[place] = row
    taken: Array = matrix[places]
    return taken


def in_codes(frame: pd.DataFrame) -> CountedRows:
    """The rows of a frame in codes."""
    lineage, lineages = pd.factorize(pd.MultiIndex.from_frame(frame[list(LINEAGE)]))
    part, parts = pd.factorize(frame[PART])
    columns = {str(name): frame[name].to_numpy() for name in frame.columns if name not in KEY}
    plain = [tuple(None if one != one else one for one in each) for each in lineages.tolist()]
    return CountedRows(plain, lineage, list(parts), part, columns)


def one_after_the_other(some: Sequence[CountedRows]) -> CountedRows:
    """The rows of all, which have the same columns; there must be at least one."""
    if len(some) == 1:
        return some[0]
    first = some[0]
    columns = {name: np.concatenate([each.columns[name] for each in some]) for name in first.columns}
    lineages = np.cumsum([0, *(len(each.lineages) for each in some[:-1])])
    parts = np.cumsum([0, *(len(each.parts) for each in some[:-1])])
    return CountedRows(
        [lineage for each in some for lineage in each.lineages],
        np.concatenate([each.lineage + before for each, before in zip(some, lineages, strict=True)]),
        [part for each in some for part in each.parts],
        np.concatenate([each.part + before for each, before in zip(some, parts, strict=True)]),
        columns,
    )
