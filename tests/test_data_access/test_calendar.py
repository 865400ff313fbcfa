"""Tests of the calendar table: days begin and end as the clocks say, and a wrong table is written anew."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, Row, delete, func, select

from data_access.calendar import FIRST_DAY, LAST_DAY, ensure_calendar, fill_calendar
from data_access.engine import begin, connect, open_reader, open_writer
from data_access.errors import DatabaseNotReady
from data_access.settings import Settings
from data_access.tables import calendar_days
from metrics.working_time import Schedule, statutory_schedule

SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
STATUTORY = statutory_schedule()
WEEKENDS = Schedule(frozenset(), frozenset(), frozenset())
SHORT = (date(2015, 3, 1), date(2015, 3, 31))


def day_of(engine: Engine, day: date) -> Row:
    with connect(engine) as connection:
        return connection.execute(select(calendar_days).where(calendar_days.c.date == day)).one()


def count_of(engine: Engine) -> int:
    with connect(engine) as connection:
        return connection.execute(select(func.count()).select_from(calendar_days)).scalar_one()


def test_a_day_in_shanghai(engine: Engine) -> None:
    assert tuple(day_of(engine, date(2026, 10, 1))) == (
        date(2026, 10, 1),
        datetime(2026, 9, 30, 16, tzinfo=UTC),
        datetime(2026, 10, 1, 16, tzinfo=UTC),
        date(2026, 10, 1),
        date(2026, 9, 19),
        STATUTORY.working_index(date(2026, 9, 30)),
        False,
        True,
    )


@pytest.mark.parametrize(("day", "first"), [(18, date(2026, 2, 19)), (19, date(2026, 3, 19))])
def test_an_assessment_month_begins_on_the_19th(sqlite_engine: Engine, day: int, first: date) -> None:
    assert day_of(sqlite_engine, date(2026, 3, day)).assessment_month == first


def test_days_of_clock_changes_have_23_and_25_hours(engine: Engine) -> None:
    with begin(engine) as connection:
        assert fill_calendar(connection, NEW_YORK, STATUTORY, date(2015, 1, 1), date(2015, 12, 31))
    lengths = {day: length(day_of(engine, day)) for day in (date(2015, 3, 8), date(2015, 11, 1), date(2015, 6, 1))}
    assert lengths == {
        date(2015, 3, 8): timedelta(hours=23),
        date(2015, 11, 1): timedelta(hours=25),
        date(2015, 6, 1): timedelta(hours=24),
    }


def length(row: Row) -> timedelta:
    return row.ends_at - row.begins_at


def test_days_follow_each_other_without_a_gap(engine: Engine) -> None:
    with connect(engine) as connection:
        rows = connection.execute(select(calendar_days).order_by(calendar_days.c.date)).all()
    assert all(one.ends_at == following.begins_at for one, following in pairwise(rows))


def test_a_right_table_is_only_read(engine: Engine, settings: Settings) -> None:
    assert ensure_calendar(engine, SHANGHAI, STATUTORY)
    assert count_of(engine) == (LAST_DAY - FIRST_DAY).days + 1
    reader = open_reader(settings)
    assert not ensure_calendar(reader, SHANGHAI, STATUTORY)
    reader.dispose()


@pytest.mark.parametrize(("zone", "schedule"), [(NEW_YORK, STATUTORY), (SHANGHAI, WEEKENDS)], ids=["zone", "schedule"])
def test_another_zone_or_schedule_is_written_anew(engine: Engine, zone: ZoneInfo, schedule: Schedule) -> None:
    with begin(engine) as connection:
        fill_calendar(connection, SHANGHAI, STATUTORY, *SHORT)
    assert ensure_calendar(engine, zone, schedule, *SHORT)
    assert not ensure_calendar(engine, zone, schedule, *SHORT)
    assert count_of(engine) == 31


def test_a_damaged_table_is_mended(engine: Engine) -> None:
    with begin(engine) as connection:
        fill_calendar(connection, SHANGHAI, STATUTORY, *SHORT)
        connection.execute(delete(calendar_days).where(calendar_days.c.date == date(2015, 3, 5)))
        assert fill_calendar(connection, SHANGHAI, STATUTORY, *SHORT)
        assert not fill_calendar(connection, SHANGHAI, STATUTORY, *SHORT)


def test_a_database_without_tables_says_so() -> None:
    with pytest.raises(DatabaseNotReady):
        ensure_calendar(open_writer(Settings(database_url="sqlite://")), SHANGHAI, STATUTORY)
