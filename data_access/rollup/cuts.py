"""The grid as SQL: the partition, segment and slot of an instant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, false, literal_column, or_, true

from data_access.counts.placing import midnight
from data_access.rollup.buckets import bucket
from data_access.rollup.grid import Grid
from data_access.tables import cases
from data_access.written import Written

At = ColumnElement[Any]
Condition = ColumnElement[bool]


@dataclass(frozen=True)
class Cuts:
    """SQL expressions that sort instants into the grid's partitions, segments and slots."""

    grid: Grid

    @cached_property
    def partition(self) -> ColumnElement[Any]:
        """The first day of the month of receipt; of the first month for older cases, of the last for later ones."""
        starts = [month.start for month in self.grid.months]
        return self._dated(cases.c.received_at, starts)

    def segment(self, at: At) -> ColumnElement[Any]:
        """The first day of the segment of an instant of which ``in_segments`` is true."""
        return self._dated(at, [segment.start for segment in self.grid.segments])

    def in_segments(self, at: At) -> Condition:
        """Whether an instant lies in the grid's months."""
        return and_(at >= self._midnight(self.grid.segments[0].start), at < self._midnight(self.grid.segments[-1].end))

    def slot(self, at: At) -> ColumnElement[int]:
        """The number of the first slot that isn't before the instant; one beyond the last where there is none."""
        bounds = [Written(slot.as_of) for slot in self.grid.slots]
        return bucket(lambda bound: at <= bound, bounds, lambda number: literal_column(str(number), Integer()))

    def received_in(self, partitions: Iterable[date] | None) -> Condition:
        """Whether a case lies in one of the partitions; None means all of them."""
        if partitions is None:
            return true()
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

    def _dated(self, at: At, starts: list[date]) -> ColumnElement[Any]:
        bounds = [self._midnight(start) for start in starts[1:]]
        return bucket(lambda bound: at < bound, bounds, lambda number: Written(starts[number]))

    def _midnight(self, day: date) -> ColumnElement[Any]:
        return Written(midnight(day, self.grid.time_zone))
