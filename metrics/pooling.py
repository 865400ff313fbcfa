"""Pooling: the counts of a unit and all below it, added up for every wanted unit and part at once."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from metrics.counted_rows import CountedRows
from metrics.counts import LINEAGE, UNIT_KINDS, Fact
from metrics.definition import Indicator, Term
from metrics.period import Period
from metrics.result import Group
from metrics.survival import SurvivalCurves, kaplan_meier_by_cell

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

UnitPlaces = Mapping[str, Mapping[Hashable, int]]
"""By kind of unit: the place of each wanted unit by its id."""

_ROUNDING = 9
NOWHERE = -1


@dataclass(frozen=True)
class Grid:
    """The wanted units and parts. Cell number = place of the unit x number of parts + place of the part."""

    groups: tuple[Group, ...]
    parts: tuple[Period, ...]

    @property
    def size(self) -> int:
        """How many cells there are."""
        return len(self.groups) * len(self.parts)

    @cached_property
    def unit_places(self) -> UnitPlaces:
        """The places of the units, by kind and id."""
        found: dict[str, dict[Hashable, int]] = {}
        for place, group in enumerate(self.groups):
            found.setdefault(group.kind, {})[group.unit_id] = place
        return found

    def by_group(self, values: Sequence[bool]) -> npt.NDArray[np.bool_]:
        """One value per unit, repeated for its parts."""
        return np.repeat(np.asarray(values, dtype=bool), len(self.parts))

    def by_part(self, values: Sequence[bool]) -> npt.NDArray[np.bool_]:
        """One value per part, repeated for every unit."""
        return np.tile(np.asarray(values, dtype=bool), len(self.groups))


@dataclass(frozen=True, eq=False)
class Pool:
    """The rows of a fact and the cells in which they count: ``rows[i]`` counts in ``cells[i]``.

    A row counts in the cells of its own unit and of each unit above it that is wanted. ``size`` is how many
    cells there are.
    """

    counted: CountedRows
    rows: Places
    cells: Places
    size: int

    def kept(self, indicator: Indicator, scored: bool) -> "Pool":
        """Without the rows that the indicator's conditions leave out; a dimension the rows lack is no condition."""
        pool = self
        for dimension, values in (*indicator.where, *(indicator.where_scored if scored else ())):
            if dimension in self.counted.columns:
                keep = _is_one_of(self.counted.columns[dimension], values)[pool.rows]
                pool = Pool(self.counted, pool.rows[keep], pool.cells[keep], self.size)
        return pool

    def narrowed(self, units: Places, parts: Places, grid: Grid) -> "Pool":
        """The rows in the cells of another grid: ``units`` and ``parts`` say where in it ours are, or NOWHERE."""
        unit, part = np.divmod(self.cells, len(parts))
        there = np.flatnonzero((units[unit] != NOWHERE) & (parts[part] != NOWHERE))
        cells = units[unit[there]] * len(grid.parts) + parts[part[there]]
        return Pool(self.counted, self.rows[there], cells, grid.size)

    @cached_property
    def curves(self) -> SurvivalCurves:
        """The survival curves of the cells, of rows that are durations; several indicators read the same ones."""
        durations, observed = self._values("duration"), self._values("observed").astype(bool)
        return kaplan_meier_by_cell(self.cells, durations, observed, self.column("cases"), self.size)

    def column(self, name: str) -> Numbers:
        """The column's number for each place of ``rows``."""
        return self._values(name).astype(float)

    def _values(self, name: str) -> npt.NDArray[Any]:
        values: npt.NDArray[Any] = self.counted.columns[name]
        return values if self._are_all else values[self.rows]

    @cached_property
    def _are_all(self) -> bool:
        """Whether each row counts once, in the order of the rows."""
        return len(self.rows) == len(self.counted) and bool((self.rows == np.arange(len(self.rows))).all())

    def summed(self, terms: Sequence[Term]) -> Numbers:
        """The weighted sum of the terms' counts for each cell, 0 where there are no rows.

        Counts are added up before they are weighted: whole numbers add up exactly, however fine the rows are.
        """
        total = sum((self.added(self.column(term.count)) * term.weight for term in terms), np.zeros(self.size))
        return np.round(total, _ROUNDING)

    def added(self, amounts: Numbers) -> Numbers:
        """The sum of the amounts, one for each place of ``rows``, that fall into each cell."""
        return np.bincount(self.cells, weights=amounts, minlength=self.size).astype(float)


def pool(fact: Fact, counted: CountedRows, units: UnitPlaces, parts: Sequence[Period], size: int) -> Pool:
    """The fact's rows in the cells of the units and parts, ``size`` of them; the parts don't overlap.

    A row belongs to the part in which its own part begins, so rows may come by finer parts than are wanted.
    Open cases stand as of one instant, whatever the part; they belong to the last part.
    """
    part_places = _part_places(fact, counted, parts)
    rows: list[Places] = []
    cells: list[Places] = []
    for kind in (kind for kind in UNIT_KINDS if kind in units):
        unit_places = _unit_places(counted, kind, units[kind])
        row = np.flatnonzero((unit_places >= 0) & (part_places >= 0))
        rows.append(row)
        cells.append(unit_places[row] * len(parts) + part_places[row])
    return Pool(counted, _one_after_the_other(rows), _one_after_the_other(cells), size)


def _one_after_the_other(some: Sequence[Places]) -> Places:
    return some[0] if len(some) == 1 else np.concatenate([np.empty(0, dtype=np.int64), *some])


def _part_places(fact: Fact, counted: CountedRows, parts: Sequence[Period]) -> Places:
    if fact is Fact.OPEN_CASES:
        return np.full(len(counted), len(parts) - 1, dtype=np.int64)
    return np.array([place_of_day(day, parts) for day in counted.parts], dtype=np.int64)[counted.part]


def _unit_places(counted: CountedRows, kind: str, places: Mapping[Hashable, int]) -> Places:
    """The place of each row's unit of a kind, NOWHERE where it has none."""
    line = LINEAGE.index(f"{kind}_id")
    return np.array([places.get(one[line], NOWHERE) for one in counted.lineages], dtype=np.int64)[counted.lineage]


def _is_one_of(column: npt.NDArray[np.object_], values: Sequence[object]) -> npt.NDArray[np.bool_]:
    return np.isin(column, np.array(list(values), dtype=object))


def place_of_day(day: date, parts: Sequence[Period]) -> int:
    """The place of the part that holds the day, NOWHERE if none does."""
    return next((place for place, part in enumerate(parts) if part.start <= day < part.end), NOWHERE)
