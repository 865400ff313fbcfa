"""The calendar in memory: local days of instants, and the columns that counting expressions join from it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from sqlalchemy import Connection, FromClause, Join, select

from data_access.rollup.expression import Compiler
from data_access.rollup.rows import Array, Expression, Rows, Values, known, microseconds
from data_access.rollup.staircase import Staircase
from data_access.tables import calendar_days, cases

NEVER = np.iinfo(np.int64).min


@dataclass(frozen=True, eq=False)
class Calendar:
    """The calendar's days in order: when each begins and ends (microseconds), and its index among working days."""

    begins: Array
    ends: Array
    working_index: Array
    working: Array

    def local_day(self, at: Values) -> Values:
        """The place in the calendar of each instant's local day; NULL outside it."""
        place = self._days.reached(at.data) - 1
        outside = (place < 0) | (at.data >= (self.ends[-1] if len(self.ends) else 0))
        return Values(place, outside if at.null is None else outside | at.null)

    @cached_property
    def _days(self) -> Staircase:
        return Staircase(self.begins)

    def join(self, rows: Rows, joins: "tuple[CalendarJoin, ...]") -> tuple[Rows, Values]:
        """The rows with the columns of the days that are joined to the cases, and which rows inner joins keep."""
        kept = Values(np.array(True))
        for each in joins:
            place = each.place.of(rows)
            found = self._by_day(place) if each.by_day else self._by_working_index(place)
            rows = rows.having({(each.name, column): values for column, values in found.items()})
            if each.inner:
                kept = Values(kept.data & known(place, rows.size))
        return rows, kept

    def _by_day(self, asked: Values) -> dict[str, Values]:
        place = np.clip(asked.data, 0, len(self.begins))
        return {"working_index": Values(_and_nothing(self.working_index)[place], asked.null)}

    def _by_working_index(self, asked: Values) -> dict[str, Values]:
        """When the working day of that index ends; NULL where the calendar has none."""
        first, by_index = self._working_ends
        ends = by_index.take(asked.data - first + 1, mode="clip")
        missing = ends == NEVER
        return {"ends_at": Values(ends, missing if asked.null is None else missing | asked.null)}

    @cached_property
    def _working_ends(self) -> tuple[int, Array]:
        """The first index of a working day, and when the days from the one before it to one too late end."""
        indices, ends = self.working_index[self.working], self.ends[self.working]
        first, last = (int(indices.min()), int(indices.max())) if len(indices) else (0, 0)
        by_index = np.full(last - first + 3, NEVER)
        by_index[indices[::-1] - first + 1] = ends[::-1]
        return first, by_index


@dataclass(frozen=True, eq=False)
class CalendarJoin:
    """A join of cases with the calendar: the name of the days, and the day or index that is looked up."""

    name: str
    place: Expression
    by_day: bool
    inner: bool


def calendar_joins(tables: FromClause, compiler: Compiler) -> tuple[CalendarJoin, ...]:
    """The joins by which ``tables`` adds days to the cases, in order; raises TypeError for anything else."""
    if tables is cases:
        return ()
    if not isinstance(tables, Join):
        raise TypeError(f"{type(tables).__name__} is no join of cases with the calendar")
    onclause: Any = tables.onclause
    last = CalendarJoin(
        str(tables.right.name),  # type: ignore[attr-defined]
        compiler.compiled(onclause.right),
        onclause.left.name == "date",
        not tables.isouter,
    )
    return (*calendar_joins(tables.left, compiler), last)


def _and_nothing(values: Array) -> Array:
    """The values with one more, for places beyond them."""
    return np.append(values, 0)


def read_calendar(connection: Connection) -> Calendar:
    """The calendar as the database has it."""
    days = calendar_days.c
    columns = (days.begins_at, days.ends_at, days.working_index, days.working)
    rows = connection.execute(select(*columns).order_by(days.date)).all()
    return Calendar(
        begins=np.array([microseconds(row.begins_at) for row in rows], dtype=np.int64),
        ends=np.array([microseconds(row.ends_at) for row in rows], dtype=np.int64),
        working_index=np.array([row.working_index for row in rows], dtype=np.int64),
        working=np.array([row.working for row in rows], dtype=bool),
    )
