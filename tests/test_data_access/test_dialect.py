"""Tests of what the dialect module offers: the same answers on both databases, stated in plain Python."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as run
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, Integer, insert, literal, null, select

from data_access.dialect import (
    add_hours,
    add_seconds,
    days_apart,
    greatest,
    instant,
    latest_of,
    lift_timeout,
    local_date,
    minutes_between,
    with_own_prefix,
)
from data_access.engine import begin, open_writer
from data_access.instant import Instant
from data_access.settings import Settings
from data_access.tables import audit_log, calendar_days
from data_access.zone_offsets import offset_changes

SHANGHAI, NEW_YORK, ADELAIDE = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York"), ZoneInfo("Australia/Adelaide")
NOON = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2039, 12, 31), timezones=st.just(UTC))
once_per_database = run(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def ask(connection: Connection, expression) -> object:
    return connection.execute(select(expression)).scalar_one()


@pytest.fixture
def connection(transaction: Connection) -> Connection:
    return transaction


@given(INSTANTS, INSTANTS)
@example(NOON, NOON)
@example(NOON, NOON + MICROSECOND)
@example(NOON, NOON - MICROSECOND)
@example(NOON + 59_999_999 * MICROSECOND, NOON + timedelta(minutes=1))
@example(NOON, NOON + timedelta(minutes=1) + MICROSECOND)
@example(NOON + timedelta(minutes=2), NOON)
@once_per_database
def test_minutes_are_whole_and_rounded_up(connection: Connection, start: datetime, end: datetime) -> None:
    expected = -((start - end) // timedelta(minutes=1))
    assert ask(connection, minutes_between(start, end)) == expected


@given(INSTANTS, INSTANTS)
@example(NOON, NOON + timedelta(days=30))
@example(NOON, NOON + timedelta(days=30, milliseconds=1))
@example(NOON + timedelta(days=31), NOON)
@once_per_database
def test_days_apart_but_for_milliseconds(connection: Connection, start: datetime, end: datetime) -> None:
    longer = end - start - timedelta(days=30)
    if not timedelta(0) < longer < timedelta(milliseconds=1):
        assert bool(ask(connection, days_apart(start, end, 30))) is (longer > timedelta(0))


def test_minutes_of_a_missing_time_are_missing(connection: Connection) -> None:
    assert ask(connection, minutes_between(NOON, instant(null()))) is None


@pytest.mark.parametrize("zone", [SHANGHAI, NEW_YORK, ADELAIDE], ids=str)
@given(at=INSTANTS)
@example(at=datetime(2026, 3, 4, 15, 59, 59, 999999, UTC))
@example(at=datetime(2026, 3, 4, 16, 0, tzinfo=UTC))
@example(at=datetime(2015, 3, 8, 6, 59, 59, 999999, UTC))
@example(at=datetime(2015, 11, 2, 4, 59, 59, 999999, UTC))
@example(at=datetime(2015, 11, 2, 5, 0, tzinfo=UTC))
@once_per_database
def test_a_local_day_follows_the_clocks_of_its_zone(connection: Connection, zone: ZoneInfo, at: datetime) -> None:
    assert ask(connection, local_date(at, zone)) == at.astimezone(zone).date()


def test_a_zone_without_clock_changes_needs_no_search() -> None:
    assert len(offset_changes("UTC")) == 1
    assert offset_changes("America/New_York")[-1][1] in {-18000, -14400}


def test_two_zones_in_one_session_are_kept_apart(connection: Connection) -> None:
    at = datetime(2026, 3, 4, 20, tzinfo=UTC)
    assert ask(connection, local_date(at, SHANGHAI)) == date(2026, 3, 5)
    assert ask(connection, local_date(at, NEW_YORK)) == date(2026, 3, 4)


@given(INSTANTS, st.integers(-10_000_000, 10_000_000))
@once_per_database
def test_moving_an_instant_keeps_its_microseconds(connection: Connection, at: datetime, seconds: int) -> None:
    assert ask(connection, add_seconds(at, seconds)) == at + timedelta(seconds=seconds)


def test_hours_may_be_numbers_or_expressions(connection: Connection) -> None:
    assert ask(connection, add_hours(NOON, 2)) == NOON + timedelta(hours=2)
    assert ask(connection, add_hours(NOON, literal(24, Integer()))) == NOON + timedelta(days=1)
    assert ask(connection, add_hours(NOON, null())) is None


def test_a_moved_instant_compares_with_others(connection: Connection) -> None:
    assert ask(connection, add_hours(NOON, 1) == instant(NOON + timedelta(hours=1)))
    assert ask(connection, add_hours(NOON, 1) > instant(NOON + timedelta(hours=1) - MICROSECOND))


def test_picking_among_instants_passes_over_missing_ones(connection: Connection) -> None:
    nothing = literal(None, Instant())
    assert ask(connection, latest_of(nothing, NOON, NOON + MICROSECOND, nothing)) == NOON + MICROSECOND
    assert ask(connection, latest_of(NOON + MICROSECOND, NOON)) == NOON + MICROSECOND
    assert ask(connection, latest_of(nothing, nothing)) is None


def test_the_greatest_of_instants_that_are_all_there(connection: Connection) -> None:
    assert ask(connection, greatest(NOON, NOON + MICROSECOND)) == NOON + MICROSECOND


def test_expressions_work_on_columns_and_group(connection: Connection) -> None:
    day = local_date(calendar_days.c.begins_at, SHANGHAI)
    minutes = minutes_between(calendar_days.c.begins_at, calendar_days.c.ends_at)
    rows = connection.execute(select(day, minutes).where(day == date(2026, 3, 5)).group_by(day, minutes))
    assert [tuple(row) for row in rows] == [(date(2026, 3, 5), 1440)]


def test_own_tables_carry_their_schema_as_a_prefix_on_sqlite(sqlite_engine: Engine) -> None:
    statement = with_own_prefix("SELECT assessment.audit_log.at FROM assessment.audit_log, myassessment.x")
    assert statement == "SELECT assessment_audit_log.at FROM assessment_audit_log, myassessment.x"
    with begin(sqlite_engine) as connection:
        connection.execute(insert(audit_log), [{"at": NOON, "user": "a", "action": "b"}] * 3)
        assert connection.exec_driver_sql("SELECT count(*) FROM assessment_audit_log").scalar_one() == 3


def test_a_lifted_timeout_lets_a_migration_finish(engine: Engine, settings: Settings) -> None:
    hurried = open_writer(Settings(database_url=settings.database_url, statement_timeout_seconds=0.05))
    with begin(hurried) as connection:
        lift_timeout(connection)
        slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) SELECT max(i) FROM n"
        assert connection.exec_driver_sql(slow).scalar_one() == 1_000_000
    hurried.dispose()


def test_no_zone_name_can_end_its_text() -> None:
    names = (str(zone) for zone in (SHANGHAI, NEW_YORK, ADELAIDE))
    assert all(re.fullmatch(r"[\w/+-]+", name) for name in names)
