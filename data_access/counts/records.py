"""Rows that hold for a time, and values by month, read once and then asked day by day."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, cast
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy import Select, String, or_, type_coerce
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import ColumnElement

from metrics.period import add_months

ReadFrame = Callable[[Connection, Select[Any]], pd.DataFrame]
"""Gives a statement's rows as a frame with its column names."""

_FOR_GOOD = date.max.toordinal() + 1
_EPOCH = date(1970, 1, 1).toordinal()


class DatedRows:
    """Rows with ``first_day`` and ``end_day`` (the first day on which they hold no more)."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self._rows = rows.drop(columns=["first_day", "end_day"])
        self._first = ordinals(rows["first_day"], 0)
        self._end = ordinals(rows["end_day"], _FOR_GOOD)

    def on(self, day: date) -> pd.DataFrame:
        """The rows that hold on the day."""
        number = day.toordinal()
        return self._rows[(self._first <= number) & (self._end > number)]


class MonthlyValues:
    """Values by id and calendar month, where the last one known stays good for some months."""

    def __init__(self, rows: pd.DataFrame, months_kept: int, days: Sequence[date]) -> None:
        """Take rows of ``id``, ``month``, ``value`` in order of month; the last of a month counts."""
        months = month_numbers(rows["month"])
        values = rows["value"].astype("float64").clip(lower=0)
        table = pd.DataFrame({"id": rows["id"], "month": months, "value": values})
        wide = table.drop_duplicates(["id", "month"], keep="last").pivot(index="month", columns="id", values="value")
        needed = [*map(month_number, days), *months.tolist()]
        self._wide = wide.reindex(range(min(needed), max(needed) + 1)).ffill(limit=months_kept) if needed else wide

    def on(self, day: date) -> "pd.Series[int]":
        """The latest value of each id that is known and fresh enough on the day."""
        of_month = cast("pd.Series[float]", self._wide.loc[month_number(day)])
        return of_month.dropna().astype("int64")


def read_dated(
    connection: Connection,
    statement: Select[Any],
    first_day: ColumnElement[Any],
    end_day: ColumnElement[Any],
    days: Sequence[date],
    read: ReadFrame,
) -> DatedRows:
    """The statement's rows that hold on one of the days at least, or between two of them."""
    latest, earliest = max(days, default=date.min), min(days, default=date.max)
    statement = statement.add_columns(first_day.label("first_day"), end_day.label("end_day"))
    statement = statement.where(first_day <= latest, or_(end_day.is_(None), end_day > earliest))
    return DatedRows(read(connection, statement))


def read_monthly(
    connection: Connection,
    statement: Select[Any],
    month: ColumnElement[Any],
    days: Sequence[date],
    months_kept: int,
    read: ReadFrame,
) -> MonthlyValues:
    """The values of a statement (columns ``id`` and ``value``) by month, as far as the days need them."""
    first, end = months_around(days, months_kept)
    statement = statement.add_columns(month.label("month")).where(month >= first, month < end).order_by(month)
    return MonthlyValues(read(connection, statement), months_kept, days)


def months_around(days: Sequence[date], months_kept: int) -> tuple[date, date]:
    """First day of the earliest month that can matter on one of the days, and the day after the latest."""
    if not days:
        return date.max, date.min
    return add_months(min(days).replace(day=1), -months_kept), add_months(max(days).replace(day=1), 1)


def read_frame(connection: Connection, statement: Select[Any]) -> pd.DataFrame:
    """The statement's rows as a frame with its column names."""
    result = connection.execute(statement)
    names, rows = list(result.keys()), result.fetchall()
    # Column by column, which is far quicker than handing pandas a long list of rows.
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    return pd.DataFrame({name: _series(list(column)) for name, column in zip(names, columns, strict=True)})


def _series(values: list[Any]) -> "pd.Series[Any]":
    """The values as a column; texts stay objects, which are looked up far quicker than pandas' own kind of text."""
    first = next((value for value in values if value is not None), None)
    return pd.Series(values, dtype=object if isinstance(first, str) else None)


def as_stored(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column of instants just as the database has them, for many rows; to be read with ``instants``."""
    return type_coerce(column, String())


def instants(stored: "pd.Series[Any]") -> "pd.Series[pd.Timestamp]":
    """The instants of a column selected with ``as_stored``, in UTC; NaT where there is none."""
    return pd.to_datetime(stored, utc=True, format="ISO8601").astype("datetime64[us, UTC]")


def last_days(moments: "pd.Series[pd.Timestamp]", time_zone: ZoneInfo) -> "pd.Series[int]":
    """The ordinal of the local day that had not ended before each instant; 0 where there is none.

    So a midnight belongs to the day that ends with it, as deadlines do.
    """
    local = (moments - pd.Timedelta(microseconds=1)).dt.tz_convert(time_zone.key).dt.tz_localize(None)
    days = local.to_numpy().astype("datetime64[D]").astype(np.int64) + _EPOCH
    return pd.Series(np.where(moments.isna(), 0, days), index=moments.index, dtype="int64")


def month_number(day: date) -> int:
    """The calendar month of a day as a number that grows by one each month."""
    return day.year * 12 + day.month - 1


def month_numbers(days: "pd.Series[Any]") -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """The calendar month of each day as such a number."""
    codes, distinct = pd.factorize(days)
    return np.array([month_number(day) for day in distinct], dtype=np.int64)[codes]


def ordinals(days: "pd.Series[Any]", missing: int) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Each day as a number that grows by one a day; ``missing`` where there is none."""
    codes, distinct = pd.factorize(days)
    numbers = np.array([*(day.toordinal() for day in distinct), missing], dtype=np.int64)
    return numbers[codes]
