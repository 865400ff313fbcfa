"""The grid's partitions as SQL: the month of receipt of a case."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, or_, true

from data_access.counts.placing import midnight
from data_access.rollup.grid import Grid
from data_access.tables import cases
from data_access.written import Written

Condition = ColumnElement[bool]


@dataclass(frozen=True)
class Cuts:
    """SQL that sorts cases into the grid's partitions: the first holds what is older too, the last what is later."""

    grid: Grid

    @cached_property
    def partition(self) -> ColumnElement[Any]:
        """The first day of the month of receipt."""
        return self._search([month.start for month in self.grid.months])

    def _search(self, starts: Sequence[date]) -> ColumnElement[Any]:
        """The last of the days that isn't later than the receipt, by halves."""
        if len(starts) == 1:
            return Written(starts[0])
        middle = len(starts) // 2
        earlier, later = self._search(starts[:middle]), self._search(starts[middle:])
        return case((cases.c.received_at < self._midnight(starts[middle]), earlier), else_=later)

    def received_in(self, partitions: Iterable[date]) -> Condition:
        """Whether a case lies in one of the partitions."""
        return or_(false(), *(self._received_in(partition) for partition in sorted(partitions)))

    def _received_in(self, partition: date) -> Condition:
        months = self.grid.months
        month = next(each for each in months if each.start == partition)
        conditions: list[Condition] = [true()]
        if month != months[0]:
            conditions.append(cases.c.received_at >= self._midnight(month.start))
        if month != months[-1]:
            conditions.append(cases.c.received_at < self._midnight(month.end))
        return and_(*conditions)

    def _midnight(self, day: date) -> ColumnElement[Any]:
        return Written(midnight(day, self.grid.time_zone))
