"""Rows of a rollup of units in columns, read for several questions at once and picked for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

import numpy as np

from data_access.hierarchy import Hierarchy
from data_access.numbered_lineages import NumberedLineages
from data_access.rollup.rows import Array, Flags
from data_access.rollup.unit_holdings import months_of
from data_access.rollup.unit_question import UnitQuestion
from metrics.counted_rows import CountedRows

KNOWN, FIRST_OF = "known", "first_of"


@dataclass(frozen=True, eq=False)
class UnitRows:
    """Rows of one table and grain, of units under the same roots.

    ``unit`` is the place of each row's unit in the roster, ``day`` that of its day among the ``days``. The column
    ``known`` says which of the ``instants``, in order, is the first from which the row counts.
    """

    hierarchy: Hierarchy
    numbered: NumberedLineages
    """the hierarchy's, the same from beginning to end"""
    roots: tuple[str, ...]
    instants: Sequence[datetime]
    days: Sequence[date]
    day: Array
    unit: Array
    columns: Mapping[str, Array]

    def of(self, asked: UnitQuestion) -> CountedRows:
        """The rows that count for the question. Rows of one place stay apart."""
        covered = np.array([asked.covers(day) for day in self.days], dtype=bool)
        conditions = [covered[self.day], self.columns[KNOWN] <= self.instants.index(asked.question.as_of)]
        if asked.holding.once:
            conditions.append(self.columns[FIRST_OF] >= months_of(asked.question.parts))
        conditions += [np.isin(self.columns[name], list(codes)) for name, codes in asked.restricted.items()]
        if self.roots:
            conditions.append(self._inside)
        rows = np.flatnonzero(np.logical_and.reduce(conditions))
        lineages, lineage = self.numbered.compact(self._lineage[rows])
        first_days = list(dict.fromkeys(stretch.part for stretch in asked.placing.stretches))
        part = np.zeros(len(self.days), dtype=np.int64)
        for place in np.flatnonzero(covered).tolist():
            part[place] = first_days.index(asked.placing.stretch_of(self.days[place]).part)
        columns = {name: self.columns[name][rows] for name in (*asked.dimensions, *asked.numbers)}
        return CountedRows(lineages, lineage, first_days, part[self.day[rows]], columns)

    @cached_property
    def _lineage(self) -> Array:
        """The number of the lineage of each row's unit on its day."""
        numbers = [self.numbered.of_units(day) for day in self.days]
        return np.array(numbers)[self.day, self.unit] if numbers else self.unit

    @cached_property
    def _inside(self) -> Flags:
        """Whether each row's unit lies under all roots on its day."""
        under = [self.hierarchy.under_all(self.roots, day) for day in self.days]
        return np.array(under)[self.day, self.unit] if under else np.zeros(0, dtype=bool)
