"""The table of local days: where each begins and ends, and which working day it is."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, delete, insert, select

from data_access.engine import begin, connect
from data_access.tables import calendar_days
from metrics.period import FIRST_DAY_OF_ASSESSMENT_MONTH, add_months
from metrics.working_time import Schedule

FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2040, 12, 31)
"""The days that are filled in, unless others are asked for; outside them no deadline in working days."""


def ensure_calendar(
    engine: Engine, time_zone: ZoneInfo, schedule: Schedule, first: date = FIRST_DAY, last: date = LAST_DAY
) -> bool:
    """Makes the table say what time zone and schedule say; whether it had to be written.

    A table that is right already is only read. Raises DataAccessError.
    """
    with connect(engine) as connection:
        if _stored(connection) == _expected(time_zone, schedule, first, last):
            return False
    with begin(engine) as connection:
        return fill_calendar(connection, time_zone, schedule, first, last)


def fill_calendar(
    connection: Connection, time_zone: ZoneInfo, schedule: Schedule, first: date = FIRST_DAY, last: date = LAST_DAY
) -> bool:
    """The days from ``first`` to ``last`` (both included) in the table, and no others; whether it changed.

    The caller's transaction decides when others see it.
    """
    expected = _expected(time_zone, schedule, first, last)
    if _stored(connection) == expected:
        return False
    connection.execute(delete(calendar_days))
    names = calendar_days.columns.keys()
    connection.execute(insert(calendar_days), [dict(zip(names, row, strict=True)) for row in expected])
    return True


def _stored(connection: Connection) -> list[tuple[Any, ...]]:
    rows = connection.execute(select(calendar_days).order_by(calendar_days.c.date))
    return [tuple(row) for row in rows]


def _expected(time_zone: ZoneInfo, schedule: Schedule, first: date, last: date) -> list[tuple[Any, ...]]:
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 2)]
    begins = [datetime.combine(day, time.min, time_zone).astimezone(UTC) for day in days]
    return [
        (
            day,
            begins[position],
            begins[position + 1],
            day.replace(day=1),
            _assessment_month(day),
            schedule.working_index(day),
            schedule.is_working(day),
            schedule.is_official(day),
        )
        for position, day in enumerate(days[:-1])
    ]


def _assessment_month(day: date) -> date:
    start = day.replace(day=FIRST_DAY_OF_ASSESSMENT_MONTH)
    return start if start <= day else add_months(start, -1)
