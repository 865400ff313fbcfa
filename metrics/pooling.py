"""Pooling: the counts of a unit and all below it, added up for every wanted unit and part at once."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from metrics.counts import PART, UNIT_KINDS, Fact
from metrics.definition import Indicator, Term
from metrics.period import Period
from metrics.result import Group

Numbers = npt.NDArray[np.float64]
Cells = npt.NDArray[np.int64]

_ROUNDING = 9


@dataclass(frozen=True)
class Grid:
    """The wanted units and parts. Cell number = place of the unit x number of parts + place of the part."""

    groups: tuple[Group, ...]
    parts: tuple[Period, ...]

    @property
    def size(self) -> int:
        """How many cells there are."""
        return len(self.groups) * len(self.parts)

    def by_group(self, values: Sequence[bool]) -> npt.NDArray[np.bool_]:
        """One value per unit, repeated for its parts."""
        return np.repeat(np.asarray(values, dtype=bool), len(self.parts))

    def by_part(self, values: Sequence[bool]) -> npt.NDArray[np.bool_]:
        """One value per part, repeated for every unit."""
        return np.tile(np.asarray(values, dtype=bool), len(self.groups))


def kept_rows(indicator: Indicator, frame: pd.DataFrame, scored: bool) -> pd.DataFrame:
    """The rows of a fact's frame that the indicator's conditions keep; those it doesn't have don't apply."""
    conditions = (*indicator.where, *(indicator.where_scored if scored else ()))
    for dimension, values in conditions:
        if dimension in frame.columns:
            frame = frame[frame[dimension].isin(values)]
    return frame


def spread(fact: Fact, frame: pd.DataFrame, grid: Grid) -> tuple[Cells, Cells]:
    """For each contribution of a row to a cell: the row's place in the frame, and the cell.

    A row contributes to the cells of its own unit and of each unit above it that is in the grid. Open cases
    stand as of one instant, whatever the part; they belong to the last part.
    """
    part_places = _part_places(fact, frame, grid)
    rows, cells = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for kind in UNIT_KINDS:
        places: dict[Hashable, int] = {
            group.unit_id: place for place, group in enumerate(grid.groups) if group.kind == kind
        }
        if places:
            group_places = _places(frame[f"{kind}_id"], places)
            row = np.flatnonzero((group_places >= 0) & (part_places >= 0))
            rows.append(row)
            cells.append(group_places[row] * len(grid.parts) + part_places[row])
    return np.concatenate(rows), np.concatenate(cells)


def summed(fact: Fact, frame: pd.DataFrame, terms: Sequence[Term], grid: Grid) -> Numbers:
    """The weighted sum of the terms' counts for each cell of the grid, 0 where there are no rows."""
    rows, cells = spread(fact, frame, grid)
    total = np.zeros(len(frame))
    for term in terms:
        total += frame[term.count].to_numpy(dtype=float) * term.weight
    return np.round(added(cells, total[rows], grid), _ROUNDING)


def added(cells: Cells, amounts: Numbers, grid: Grid) -> Numbers:
    """The sum of the amounts that fall into each cell of the grid, 0 where none does."""
    return np.bincount(cells, weights=amounts, minlength=grid.size).astype(float)


def _part_places(fact: Fact, frame: pd.DataFrame, grid: Grid) -> Cells:
    if fact is Fact.OPEN_CASES:
        return np.full(len(frame), len(grid.parts) - 1, dtype=np.int64)
    return _places(frame[PART], {part.start: place for place, part in enumerate(grid.parts)})


def _places(column: pd.Series, places: Mapping[Hashable, int]) -> Cells:
    """The place of each value, -1 where it has none."""
    codes, values = pd.factorize(column)
    known = np.array([*(places.get(value, -1) for value in values), -1], dtype=np.int64)
    return known[codes]
