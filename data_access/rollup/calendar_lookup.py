"""The calendar in memory: local days of instants, and the columns that counting expressions join from it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, FromClause, Join, select

from data_access.rollup.expression import compiled
from data_access.rollup.rows import Array, Flags, Rows, Values, microseconds
from data_access.tables import calendar_days, cases


@dataclass(frozen=True, eq=False)
class Calendar:
    """The calendar's days in order: when each begins and ends (microseconds), and its index among working days."""

    first_day: int
    begins: Array
    ends: Array
    working_index: Array
    working: Array

    def local_day(self, at: Values) -> Values:
        """The place in the calendar of each instant's local day; NULL outside it."""
        place = np.searchsorted(self.begins, at.data, side="right") - 1
        outside = (place < 0) | (at.data >= (self.ends[-1] if len(self.ends) else 0))
        return Values(place, outside if at.null is None else outside | at.null)

    def join(self, rows: Rows, tables: FromClause) -> tuple[Rows, Flags | None]:
        """The rows with the columns of the days that ``tables`` joins to the cases.

        Beside them which rows an inner join keeps; None for all.
        """
        if tables is cases:
            return rows, None
        if not isinstance(tables, Join):
            raise TypeError(f"{type(tables).__name__} is no join of cases with the calendar")
        rows, kept = self.join(rows, tables.left)
        onclause: Any = tables.onclause
        name, key = str(tables.right.name), str(onclause.left.name)  # type: ignore[attr-defined]
        place = compiled(onclause.right)(rows)
        rows = rows.having({(name, column): values for column, values in self._columns(key, place).items()})
        if tables.isouter:
            return rows, kept
        found = ~place.null if place.null is not None else np.ones(rows.size, dtype=bool)
        return rows, found if kept is None else kept & found

    def _columns(self, key: str, asked: Values) -> dict[str, Values]:
        return self._by_day(asked) if key == "date" else self._by_working_index(asked)

    def _by_day(self, asked: Values) -> dict[str, Values]:
        place = np.clip(asked.data, 0, len(self.begins))
        return {"working_index": Values(_and_nothing(self.working_index)[place], asked.null)}

    def _by_working_index(self, asked: Values) -> dict[str, Values]:
        """When the working day of that index ends; NULL where the calendar has none."""
        indices, ends = self.working_index[self.working], _and_nothing(self.ends[self.working])
        place = np.searchsorted(indices, asked.data)
        missing = (place == len(indices)) | (_and_nothing(indices)[place] != asked.data)
        return {"ends_at": Values(ends[place], missing if asked.null is None else missing | asked.null)}


def _and_nothing(values: Array) -> Array:
    """The values with one more, for places beyond them."""
    return np.append(values, 0)


def read_calendar(connection: Connection) -> Calendar:
    """The calendar as the database has it."""
    days = calendar_days.c
    columns = (days.date, days.begins_at, days.ends_at, days.working_index, days.working)
    rows = connection.execute(select(*columns).order_by(days.date)).all()
    return Calendar(
        first_day=rows[0].date.toordinal() if rows else 0,
        begins=np.array([microseconds(row.begins_at) for row in rows], dtype=np.int64),
        ends=np.array([microseconds(row.ends_at) for row in rows], dtype=np.int64),
        working_index=np.array([row.working_index for row in rows], dtype=np.int64),
        working=np.array([row.working for row in rows], dtype=bool),
    )
