from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.period import (
    PERIOD_FORMS,
    Period,
    PeriodError,
    PeriodKind,
    add_months,
    month_period,
    parse_period,
    quarter_period,
    settlement,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
BOSTON = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("text", "first", "last", "kind"),
    [
        ("2026-09", "2026-09-01", "2026-09-30", PeriodKind.MONTH),
        ("2024-02", "2024-02-01", "2024-02-29", PeriodKind.MONTH),
        ("2026Q3", "2026-07-01", "2026-09-30", PeriodKind.QUARTER),
        ("2026Q4", "2026-10-01", "2026-12-31", PeriodKind.QUARTER),
        ("2026H1", "2026-01-01", "2026-06-30", PeriodKind.HALF),
        ("2026H2", "2026-07-01", "2026-12-31", PeriodKind.HALF),
        ("2026", "2026-01-01", "2026-12-31", PeriodKind.YEAR),
        ("2026-09A", "2026-08-19", "2026-09-18", PeriodKind.ASSESSMENT_MONTH),
        ("2026-01A", "2025-12-19", "2026-01-18", PeriodKind.ASSESSMENT_MONTH),
        ("2026-07-01..2026-09-30", "2026-07-01", "2026-09-30", PeriodKind.CUSTOM),
        ("2026-07-05..2026-07-05", "2026-07-05", "2026-07-05", PeriodKind.CUSTOM),
    ],
)
def test_a_text_names_a_period_and_the_period_names_itself(text, first, last, kind):
    period = parse_period(text)
    assert (period.start, period.last_day, period.kind) == (date.fromisoformat(first), date.fromisoformat(last), kind)
    assert period.name == text


def test_case_and_blanks_do_not_matter():
    assert parse_period(" 2026q3 ") == parse_period("2026Q3")


@pytest.mark.parametrize("text", ["2026-13", "2026Q5", "2026H3", "26", "2026-9", "lately", "0000", "2026-00A"])
@pytest.mark.parametrize("form", ["{}", "{}..2026-09-30", "2026-07-01..{}"])
def test_anything_else_is_an_error_that_names_the_forms(text, form):
    with pytest.raises(PeriodError) as caught:
        parse_period(form.format(text))
    assert PERIOD_FORMS in str(caught.value)


@pytest.mark.parametrize(
    "ends", ["2026-09-30..2026-07-01", "2026-02-30..2026-03-01", "2026-07-01..", "9999-12-01..9999-12-31"]
)
def test_days_that_make_no_range_are_an_error(ends):
    with pytest.raises(PeriodError) as caught:
        parse_period(ends)
    assert PERIOD_FORMS in str(caught.value)


def test_a_blank_is_not_a_period():
    with pytest.raises(PeriodError):
        parse_period(" ")


def test_a_period_holds_at_least_a_day():
    with pytest.raises(PeriodError, match="not before"):
        Period(date(2026, 7, 1), date(2026, 7, 1))


def test_it_begins_and_ends_at_local_midnight():
    march = parse_period("2015-03")
    assert march.begins_at(BOSTON) == datetime(2015, 3, 1, 5, tzinfo=UTC)
    assert march.ends_at(BOSTON) == datetime(2015, 4, 1, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "previous", "year_before"),
    [
        ("2026-01", "2025-12", "2025-01"),
        ("2026Q1", "2025Q4", "2025Q1"),
        ("2026H1", "2025H2", "2025H1"),
        ("2026", "2025", "2025"),
        ("2026-01A", "2025-12A", "2025-01A"),
        ("2026-07-01..2026-07-10", "2026-06-21..2026-06-30", "2025-07-01..2025-07-10"),
        ("2025-02", "2025-01", "2024-02"),
    ],
)
def test_the_period_before_and_the_same_a_year_before(text, previous, year_before):
    period = parse_period(text)
    assert period.previous() == parse_period(previous)
    assert period.year_before() == parse_period(year_before)


def test_a_leap_day_has_a_year_before():
    assert parse_period("2024-02-29..2024-02-29").year_before() == parse_period("2023-02-28..2023-02-28")


def test_months_are_whole_where_they_can_be_and_cut_where_not():
    assert [month.name for month in parse_period("2026Q3").months()] == ["2026-07", "2026-08", "2026-09"]
    assert len(parse_period("2026").months()) == 12
    cut = parse_period("2026-07-15..2026-09-02").months()
    assert [month.name for month in cut] == ["2026-07-15..2026-07-31", "2026-08", "2026-09-01..2026-09-02"]
    assert parse_period("2026-09A").months() == (parse_period("2026-09A"),)


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(1, 800))
@settings(deadline=None)
def test_months_are_a_partition(start, days):
    period = Period(start, date.fromordinal(start.toordinal() + days))
    months = period.months()
    assert (months[0].start, months[-1].end) == (period.start, period.end)
    assert all(first.end == second.start for first, second in pairwise(months))


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("2026-09", True),
        ("2026Q3", True),
        ("2026-09A", True),
        ("2026-07-01..2026-08-31", True),
        ("2026-07-02..2026-08-31", False),
        ("2026-07-01..2026-08-30", False),
    ],
)
def test_whole_months(text, whole):
    assert parse_period(text).whole_months() is whole


def test_trailing_months_end_with_the_last_one():
    trailing = parse_period("2026Q1").trailing_months(4)
    assert [month.name for month in trailing] == ["2025-12", "2026-01", "2026-02", "2026-03"]
    shifted = parse_period("2026-01A").trailing_months(2)
    assert [month.name for month in shifted] == ["2025-12A", "2026-01A"]
    assert shifted[0].end == shifted[1].start


def test_the_month_and_quarter_of_a_day():
    assert month_period(date(2026, 2, 28)) == parse_period("2026-02")
    assert quarter_period(date(2026, 12, 31)) == parse_period("2026Q4")


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [("2026-01-31", 1, "2026-02-28"), ("2024-01-31", 1, "2024-02-29"), ("2026-03-15", -3, "2025-12-15")],
)
def test_months_are_added_within_the_months_days(day, months, expected):
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(expected)


def test_a_period_is_settled_so_many_local_days_after_its_end():
    assert settlement(parse_period("2026Q3"), 10, SHANGHAI) == datetime(2026, 10, 11, tzinfo=SHANGHAI)
    # ten local days, though the clocks change on 1 November
    assert settlement(parse_period("2026-10"), 10, BOSTON) == datetime(2026, 11, 11, 5, tzinfo=UTC)
