"""Targets, the first day with data, and the parts without an official calendar."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, Table, insert, update

from data_access.circumstances import Circumstances, read_circumstances
from data_access.question import Question, Rules
from data_access.scope import Scope
from data_access.tables import (
    activities,
    calendar_days,
    cases,
    chat_group_months,
    chat_groups,
    consultations,
    contact_points,
    duties,
    headcounts,
    liaisons,
    targets,
    zones,
)
from metrics.period import parse_period

SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
NOON = datetime(2026, 3, 5, 4, tzinfo=UTC)
WRITTEN = {"recorded_at": NOON, "updated_at": NOON}
MAY, JUNE, LONG_AGO = date(2024, 5, 1), date(2024, 6, 1), date(2009, 1, 1)

DATED = [
    (headcounts, {"unit_id": "B1", "month": MAY, "employees": 3}),
    (duties, {"id": "1", "kind": "report", "unit_id": "B1", "period_start": MAY, "planned": 1, "done": 1}),
    (contact_points, {"department_id": "D", "unit_id": "B1", "month": MAY}),
    (chat_group_months, {"group_id": "G", "month": MAY}),
    (
        consultations,
        {"id": "1", "level": "weekly", "unit_id": "B1", "held_on": MAY, "items_raised": 1, "items_settled": 0},
    ),
    (activities, {"id": "1", "kind": "visit", "unit_id": "B1", "held_on": MAY, "participants": 2}),
]
STANDING = [
    (
        zones,
        {
            "id": "1",
            "tier": 1,
            "sponsor_unit_id": "D",
            "sponsor_post": "P",
            "target_unit_id": "B1",
            "valid_from": LONG_AGO,
        },
    ),
    (liaisons, {"id": "1", "network": "publicity", "unit_id": "B1", "valid_from": LONG_AGO}),
    (chat_groups, {"id": "G", "platform": "wechat", "unit_id": "B1", "created_on": LONG_AGO}),
]
OF_TABLE = {"ids": lambda value: value.name if isinstance(value, Table) else ""}


def circumstances(connection: Connection, *parts: str, time_zone: ZoneInfo = SHANGHAI) -> Circumstances:
    rules = Rules(time_zone=time_zone, deadlines=(), obligations=(), networks=())
    periods = tuple(parse_period(part) for part in parts or ("2026Q3",))
    return read_circumstances(connection, Question(periods, NOON, Scope("someone"), rules))


def add(connection: Connection, table: Table, **row: object) -> None:
    connection.execute(insert(table), {**row, **WRITTEN})


def test_an_empty_database_has_no_first_day_and_no_targets(transaction: Connection) -> None:
    assert circumstances(transaction) == Circumstances((), None, frozenset())


@pytest.mark.parametrize(("table", "row"), DATED, **OF_TABLE)
def test_data_begin_with_the_first_row_of_any_dated_table(transaction: Connection, table: Table, row: dict) -> None:
    add(transaction, table, **row)
    add(transaction, cases, case_no="1", received_at=datetime(2024, 6, 1, tzinfo=UTC))
    assert circumstances(transaction, "2024Q2").first_day == MAY


def test_what_came_before_cases_that_came_before_the_parts_makes_no_difference(transaction: Connection) -> None:
    add(transaction, headcounts, unit_id="B1", month=MAY, employees=3)
    add(transaction, cases, case_no="1", received_at=datetime(2024, 6, 30, tzinfo=UTC))
    assert circumstances(transaction, "2024-07", "2024-08").first_day == date(2024, 6, 30)
    assert circumstances(transaction, "2024-06", "2024-08").first_day == MAY


def test_the_first_row_of_a_table_counts(transaction: Connection) -> None:
    for month in (JUNE, MAY, date(2024, 7, 1)):
        add(transaction, headcounts, unit_id="B1", month=month, employees=3)
    assert circumstances(transaction).first_day == MAY


@pytest.mark.parametrize(("table", "row"), STANDING, **OF_TABLE)
def test_what_stands_begins_the_data_only_where_there_is_nothing_else(
    transaction: Connection, table: Table, row: dict
) -> None:
    add(transaction, table, **row)
    assert circumstances(transaction).first_day == LONG_AGO
    add(transaction, headcounts, unit_id="B1", month=MAY, employees=3)
    assert circumstances(transaction).first_day == MAY


@pytest.mark.parametrize(("time_zone", "day"), [(SHANGHAI, date(2024, 4, 2)), (NEW_YORK, date(2024, 4, 1))])
def test_a_case_begins_the_data_on_its_local_day(transaction: Connection, time_zone: ZoneInfo, day: date) -> None:
    add(transaction, cases, case_no="1", received_at=datetime(2024, 4, 1, 16, 30, tzinfo=UTC))
    add(transaction, cases, case_no="2", received_at=datetime(2024, 4, 5, tzinfo=UTC))
    add(transaction, duties, **dict(DATED)[duties])
    assert circumstances(transaction, time_zone=time_zone).first_day == day


def test_targets_are_by_indicator_unit_or_kind_and_year(transaction: Connection) -> None:
    rows = [
        ("response_rate", "branch", 2026, 0.9),
        ("response_rate", "B1", 2026, 0.8),
        ("solved_rate", "B1", 2025, 0.7),
        ("solved_rate", "B1", 2024, 0.6),
    ]
    for row in rows:
        transaction.execute(insert(targets), dict(zip(("indicator", "unit", "year", "value"), row, strict=True)))
    found = circumstances(transaction, "2025Q4", "2026Q3").targets
    assert dict(found) == {row[:3]: row[3] for row in rows[:-1]}, "of the years in which the parts end"


def test_a_part_with_one_unofficial_day_is_unofficial(transaction: Connection) -> None:
    days = calendar_days.c.date
    transaction.execute(update(calendar_days).values(official=True))
    transaction.execute(update(calendar_days).where(days == date(2026, 8, 31)).values(official=False))
    parts = ("2026-07", "2026-08", "2026-09")
    assert circumstances(transaction, *parts).unofficial_parts == {date(2026, 8, 1)}
    assert circumstances(transaction, "2026Q3", "2026Q4").unofficial_parts == {date(2026, 7, 1)}
    assert circumstances(transaction, "2026-08-01..2026-08-30").unofficial_parts == frozenset()


def test_years_without_a_published_schedule_are_unofficial(transaction: Connection) -> None:
    assert circumstances(transaction, "2025", "2027").unofficial_parts == {date(2027, 1, 1)}
