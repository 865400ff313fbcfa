"""Tests of working days: announced calendars, a company's own changes, and the index of deadlines."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.working_time import INDEX_ORIGIN, Schedule, ScheduleError, read_schedule, statutory_schedule

STATUTORY = statutory_schedule()
DAYS = st.dates(date(1999, 1, 1), date(2032, 12, 31))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 1, 1), False),  # New Year
        (date(2026, 1, 2), False),  # a Friday off in exchange for Sunday the 4th
        (date(2026, 1, 4), True),
        (date(2026, 1, 5), True),
        (date(2025, 1, 26), True),  # a Sunday before the Spring Festival
        (date(2025, 2, 4), False),
        (date(2025, 2, 8), True),
        (date(2026, 10, 7), False),
        (date(2026, 10, 10), True),
        (date(2026, 10, 11), False),
    ],
)
def test_announced_holidays_and_make_up_weekends(day: date, working: bool) -> None:
    assert STATUTORY.is_working(day) is working
    assert STATUTORY.is_official(day)


@pytest.mark.parametrize(("year", "days"), [(2024, 251), (2025, 248), (2026, 248)])
def test_a_year_has_as_many_working_days_as_were_announced(year: int, days: int) -> None:
    assert STATUTORY.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) == days


@pytest.mark.parametrize("day", [date(2000, 10, 2), date(2027, 10, 1), date(2040, 1, 2)])
def test_a_year_without_an_announcement_has_weekends_only(day: date) -> None:
    assert STATUTORY.is_working(day)
    assert not STATUTORY.is_official(day)


@pytest.mark.parametrize(
    ("received", "count", "due"),
    [
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # Saturday made up for the Spring Festival
        (date(2026, 2, 13), 2, date(2026, 2, 24)),  # over the festival
        (date(2026, 2, 15), 1, date(2026, 2, 24)),  # a Sunday has the index of Saturday the 14th
        (date(2026, 3, 6), 3, date(2026, 3, 11)),
        (date(2025, 12, 31), 1, date(2026, 1, 4)),  # over the turn of the year
    ],
)
def test_the_nth_working_day_after_receipt(received: date, count: int, due: date) -> None:
    assert STATUTORY.add_working_days(received, count) == due


def test_a_limit_of_no_days_is_refused() -> None:
    with pytest.raises(ValueError, match="0 is not"):
        STATUTORY.add_working_days(date(2026, 3, 5), 0)


def test_the_index_begins_with_its_origin() -> None:
    assert STATUTORY.working_index(INDEX_ORIGIN - timedelta(days=1)) == 0
    assert STATUTORY.working_index(date(2000, 1, 3)) == 1
    assert STATUTORY.working_index(date(1999, 12, 30)) == -1


@given(DAYS)
def test_the_index_grows_by_one_on_working_days_only(day: date) -> None:
    growth = STATUTORY.working_index(day) - STATUTORY.working_index(day - timedelta(days=1))
    assert growth == int(STATUTORY.is_working(day))


@given(DAYS, st.integers(1, 300))
def test_adding_working_days_is_counting_them(day: date, count: int) -> None:
    due = STATUTORY.add_working_days(day, count)
    reference, left = day, count
    while left:
        reference += timedelta(days=1)
        left -= STATUTORY.is_working(reference)
    assert due == reference
    assert STATUTORY.working_days_between(day, due) == count
    assert STATUTORY.working_days_between(due, day) == -count


def write(folder: Path, text: str) -> Path:
    path = folder / "holidays.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_company_adds_its_own_days(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """
        holidays = [2027-01-01, 2026-01-04, 2026-07-01]
        working_days = [2027-01-03, 2026-10-07]
        official_years = [2027]
        """,
    )
    schedule = read_schedule(path)
    assert not schedule.is_working(date(2027, 1, 1))
    assert schedule.is_working(date(2027, 1, 3))
    assert schedule.is_official(date(2027, 6, 1))
    assert not schedule.is_working(date(2026, 1, 4)), "a make-up weekend taken back"
    assert not schedule.is_working(date(2026, 7, 1))
    assert schedule.is_working(date(2026, 10, 7)), "a holiday worked through"
    assert not schedule.is_working(date(2026, 10, 6)), "the rest is as announced"


def test_without_a_file_the_statutory_calendar_holds() -> None:
    assert read_schedule() == STATUTORY
    assert read_schedule(None).fingerprint() == STATUTORY.fingerprint()


def test_another_schedule_has_another_fingerprint(tmp_path: Path) -> None:
    assert read_schedule(write(tmp_path, "official_years = [2027]")).fingerprint() != STATUTORY.fingerprint()
    assert read_schedule(write(tmp_path, "")).fingerprint() == STATUTORY.fingerprint()


def test_every_problem_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """
        feiertage = [2027-01-01]
        holidays = ["2027-01-01", 2027-01-02T08:00:00]
        working_days = 2027-01-03
        official_years = [true]
        """,
    )
    with pytest.raises(ScheduleError) as caught:
        read_schedule(path)
    for expected in ("holidays.toml", "feiertage: unknown", "2027-01-01 is no", "08:00:00", "not a list", "True is no"):
        assert expected in str(caught.value)


def test_a_day_can_not_be_both(tmp_path: Path) -> None:
    path = write(tmp_path, "holidays = [2027-01-01]\nworking_days = [2027-01-01]")
    with pytest.raises(ScheduleError, match="2027-01-01: both"):
        read_schedule(path)


def test_a_file_that_is_no_toml_or_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScheduleError, match="not a TOML file"):
        read_schedule(write(tmp_path, "holidays = ["))
    (tmp_path / "latin.toml").write_bytes(b"# \xff\xfe")
    with pytest.raises(ScheduleError, match="not a TOML file"):
        read_schedule(tmp_path / "latin.toml")
    with pytest.raises(ScheduleError, match="can't be read"):
        read_schedule(tmp_path / "missing.toml")


def test_two_schedules_do_not_share_their_index() -> None:
    free = Schedule(STATUTORY.holidays | {date(2026, 3, 5)}, STATUTORY.make_up_days, STATUTORY.official_years)
    assert free.working_index(date(2026, 3, 5)) == STATUTORY.working_index(date(2026, 3, 5)) - 1
