"""Working days: the statutory calendar with its make-up weekends, and a company's own changes to it."""

import hashlib
import tomllib
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np

INDEX_ORIGIN = date(2000, 1, 1)
"""The working index of the day before it is 0."""

_DAY = timedelta(days=1)
_FIRST_DAY_OF_WEEKEND = 5
_KEYS = ("holidays", "working_days", "official_years")


class ScheduleError(ValueError):
    """The file of holidays can't be used; the message lists every problem."""


@dataclass(frozen=True)
class Schedule:
    """Which days are worked: weekdays that are no holiday, and weekends that make up for one.

    ``official_years`` are those whose schedule was announced; in all others only weekends are free.
    """

    holidays: frozenset[date]
    make_up_days: frozenset[date]
    official_years: frozenset[int]

    def is_working(self, day: date) -> bool:
        """Whether the day is a working day."""
        if day.weekday() >= _FIRST_DAY_OF_WEEKEND:
            return day in self.make_up_days
        return day not in self.holidays

    def is_official(self, day: date) -> bool:
        """Whether the day lies in a year with an official schedule."""
        return day.year in self.official_years

    def working_index(self, day: date) -> int:
        """How many working days there were from INDEX_ORIGIN up to the day, itself included; below 0 before."""
        in_year = _working_days_of_year(self, day.year)[day.timetuple().tm_yday - 1]
        return _index_before_year(self, day.year) + in_year

    def add_working_days(self, day: date, count: int) -> date:
        """The ``count``-th working day after the day; the day itself doesn't count. ``count`` is at least 1.

        Raises OverflowError beyond the year 9999.
        """
        if count < 1:
            raise ValueError(f"{count} is not a number of working days ahead")
        wanted = self.working_index(day) + count
        year = day.year
        while _index_before_year(self, year + 1) < wanted:
            year += 1
        reached = _working_days_of_year(self, year)
        return date(year, 1, 1) + bisect_left(reached, wanted - _index_before_year(self, year)) * _DAY

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to ``end``, itself included; negative if ``end`` is earlier."""
        return self.working_index(end) - self.working_index(start)

    def fingerprint(self) -> str:
        """A short text that differs for every other schedule."""
        parts = (sorted(self.holidays), sorted(self.make_up_days), sorted(self.official_years))
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


@cache
def statutory_schedule() -> Schedule:
    """The official Chinese schedules as far as they are announced; estimated ones are not used."""
    # Imported late: it takes a tenth of a second, and few ask for it.
    from holidays.countries.china import China, ChinaStaticHolidays

    years = frozenset(ChinaStaticHolidays.special_public_holidays)
    china = China(years=years)  # type: ignore[no-untyped-call]
    return Schedule(
        holidays=frozenset(day for day in china if day.year in years),
        make_up_days=frozenset(china.weekend_workdays),
        official_years=years,
    )


def read_schedule(path: Path | None = None) -> Schedule:
    """The statutory schedule with a company's own changes from a TOML file.

    The file may hold ``holidays`` (days that are free), ``working_days`` (days that are worked, whatever the
    statutory calendar says) and ``official_years`` (years whose announced schedule this file completes), e.g.::

        holidays = [2027-01-01, 2027-02-05]
        working_days = [2027-02-14]
        official_years = [2027]

    Raises ScheduleError with every problem of the file.
    """
    statutory = statutory_schedule()
    if path is None:
        return statutory
    content = _content(path)
    problems = _problems(content)
    if problems:
        raise ScheduleError(f"{path.name}: " + "; ".join(problems))
    free, worked = frozenset(content.get("holidays", ())), frozenset(content.get("working_days", ()))
    return Schedule(
        holidays=(statutory.holidays | free) - worked,
        make_up_days=(statutory.make_up_days | worked) - free,
        official_years=statutory.official_years | frozenset(content.get("official_years", ())),
    )


def _content(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ScheduleError(f"{path.name}: can't be read: {error.strerror}") from error
    except ValueError as error:
        raise ScheduleError(f"{path.name}: not a TOML file: {error}") from error


def _problems(content: dict[str, Any]) -> list[str]:
    problems = [f"{key}: unknown; use {', '.join(_KEYS)}" for key in content if key not in _KEYS]
    for key in _KEYS:
        problems += _wrong_entries(key, content.get(key, []), int if key == "official_years" else date)
    if not problems:
        both = set(content.get("holidays", ())) & set(content.get("working_days", ()))
        problems += [f"{day}: both a holiday and a working day" for day in sorted(both)]
    return problems


def _wrong_entries(key: str, entries: Iterable[object], kind: type) -> list[str]:
    example = "[2027]" if kind is int else "[2027-01-01, 2027-02-05]"
    if not isinstance(entries, list):
        return [f"{key}: not a list; write {key} = {example}"]
    return [f"{key}: {entry} is no such entry; write {key} = {example}" for entry in entries if type(entry) is not kind]


@lru_cache(maxsize=4096)
def _working_days_of_year(schedule: Schedule, year: int) -> tuple[int, ...]:
    """For each day of the year, the working days from 1 January up to it."""
    first = date(year, 1, 1)
    length = (date(year, 12, 31) - first).days + 1
    return tuple(accumulate(schedule.is_working(first + offset * _DAY) for offset in range(length)))


@lru_cache(maxsize=4096)
def _index_before_year(schedule: Schedule, year: int) -> int:
    """The working index of the last day before the year."""
    first, start = date(INDEX_ORIGIN.year, 1, 1), date(year, 1, 1)
    return _working_days(schedule, first, start) if first <= start else -_working_days(schedule, start, first)


def _working_days(schedule: Schedule, first: date, end: date) -> int:
    """How many working days there are from the first day to before the end."""
    weekdays = int(np.busday_count(first, end))
    free = sum(first <= day < end and day.weekday() < _FIRST_DAY_OF_WEEKEND for day in schedule.holidays)
    made_up = sum(first <= day < end and day.weekday() >= _FIRST_DAY_OF_WEEKEND for day in schedule.make_up_days)
    return weekdays - free + made_up
