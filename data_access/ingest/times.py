"""One cell as a wall-clock time: every form in which dates really arrive, and what to say of the others."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from data_access.ingest.personal import content_fault
from data_access.ingest.problems import Fault
from data_access.ingest.text import Cell, as_text, fold

FIRST_YEAR, LAST_YEAR = 1900, 2100

_SERIAL_EPOCH = datetime(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000
"""1954 to 2119; other numbers in a date column are mistakes."""


class DateOrder(StrEnum):
    """How dates without a leading year are written; only a mapping can say so."""

    DAY_MONTH_YEAR = "day-month-year"
    MONTH_DAY_YEAR = "month-day-year"


@dataclass(frozen=True)
class Moment:
    """A wall-clock time. ``whole_day``: only a date was given; ``at`` carries an offset if one was written."""

    at: datetime
    whole_day: bool = False


_TIME = (
    r"(?:[t\s]\s*|\s*(?=上午|下午)|(?<=日)\s*)"
    r"(?P<before>上午|下午|am|pm)?\s*(?P<hour>\d{1,2})\s*[:时点]\s*(?:(?P<minute>\d{1,2})\s*"
    r"(?:[:分]\s*(?:(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))?\s*秒?)?)?)?"
    r"\s*(?P<after>am|pm|a\.m\.|p\.m\.)?\s*(?P<zone>z|utc|[+-]\d{2}:?\d{2})?"
)
_WEEKDAY = r"\s*(?:\(?(?:星期|周)[一二三四五六日天]\)?)?"
_YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}})\s*(?:[-/.]\s*(?P<m1>\d{{1,2}})\s*[-/.]\s*(?P<d1>\d{{1,2}})|年\s*(?P<m2>\d{{1,2}})\s*月\s*(?P<d2>\d{{1,2}})\s*日)"
    rf"{_WEEKDAY}(?:{_TIME})?"
)
_YEAR_LAST = re.compile(rf"(?P<one>\d{{1,2}})[-/.](?P<two>\d{{1,2}})[-/.](?P<year>\d{{4}}){_WEEKDAY}(?:{_TIME})?")
_COMPACT = re.compile(r"(?P<day>\d{8})(?:[t ]?(?P<time>\d{4}|\d{6}))?")
_TWO_DIGIT_YEAR = re.compile(r"\d{1,2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(\D.*)?")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_AFTERNOON = {"下午", "pm", "p.m."}


def parse_moment(cell: Cell, order: DateOrder | None = None) -> Moment | Fault | None:
    """The cell as a wall-clock time; None if blank, a Fault that says what is wrong otherwise."""
    if isinstance(cell, datetime):
        return _in_range(Moment(cell))
    if isinstance(cell, date):
        return _in_range(Moment(datetime(cell.year, cell.month, cell.day), whole_day=True))
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _serial(float(cell))
    text = as_text(cell)
    return None if text is None else _parse_text(fold(text).replace(":", ":"), order)


def _parse_text(text: str, order: DateOrder | None) -> Moment | Fault:
    if match := _YEAR_FIRST.fullmatch(text):
        month, day = match["m1"] or match["m2"], match["d1"] or match["d2"]
        return _moment(int(match["year"]), int(month), int(day), match)
    if match := _YEAR_LAST.fullmatch(text):
        return _year_last(match, order)
    if match := _COMPACT.fullmatch(text):
        return _compact(match["day"], match["time"])
    if _SERIAL.fullmatch(text):
        return _serial(float(text))
    if _TWO_DIGIT_YEAR.fullmatch(text):
        return Fault("two_digit_year")
    return Fault("not_a_date", secret=content_fault(text) is not None)


def _year_last(match: re.Match[str], order: DateOrder | None) -> Moment | Fault:
    if order is None:
        return Fault("ambiguous_date")
    first, second = int(match["one"]), int(match["two"])
    day, month = (first, second) if order is DateOrder.DAY_MONTH_YEAR else (second, first)
    if month > 12 >= day:
        return Fault("other_date_order", (("order", order.value),))
    return _moment(int(match["year"]), month, day, match)


def _compact(day: str, clock: str | None) -> Moment | Fault:
    try:
        whole = datetime.strptime(day, "%Y%m%d")
        if clock is None:
            return _in_range(Moment(whole, whole_day=True))
        at = datetime.strptime(day + clock.ljust(6, "0"), "%Y%m%d%H%M%S")
    except ValueError:
        return Fault("no_such_day")
    return _in_range(Moment(at))


def _serial(number: float) -> Moment | Fault:
    if not _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return Fault("not_a_date")
    seconds = round((number % 1) * 86_400)
    return Moment(_SERIAL_EPOCH + timedelta(days=int(number), seconds=seconds), whole_day=number.is_integer())


def _moment(year: int, month: int, day: int, match: re.Match[str]) -> Moment | Fault:
    try:
        whole = datetime(year, month, day)
    except ValueError:
        return Fault("no_such_day")
    if match["hour"] is None:
        return _in_range(Moment(whole, whole_day=True))
    return _with_time(whole, match)


def _with_time(day: datetime, match: re.Match[str]) -> Moment | Fault:
    hour = _hour(int(match["hour"]), match["before"] or match["after"])
    minute, second = int(match["minute"] or 0), int(match["second"] or 0)
    microsecond = int((match["fraction"] or "0")[:6].ljust(6, "0"))
    ends_day = hour == 24 and minute == second == microsecond == 0
    if hour is None or (hour > 23 and not ends_day) or minute > 59 or second > 59:
        return Fault("no_such_time")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return _in_range(Moment(day))
    at = day + timedelta(hours=hour, minutes=minute, seconds=second, microseconds=microsecond)
    try:
        return _in_range(Moment(_with_offset(at, match["zone"])))
    except ValueError:
        # An offset of a day or more is none.
        return Fault("no_such_time")


def _hour(hour: int, half: str | None) -> int | None:
    if half is None:
        return hour
    if half == "下午" and 12 < hour < 24:
        return hour
    if not 1 <= hour <= 12:
        return None
    return hour % 12 + (12 if half in _AFTERNOON else 0)


def _with_offset(at: datetime, zone: str | None) -> datetime:
    if zone is None:
        return at
    offset = "+00:00" if zone in ("z", "utc") else zone
    return datetime.fromisoformat(at.isoformat() + offset)


def _in_range(moment: Moment) -> Moment | Fault:
    if FIRST_YEAR <= moment.at.year <= LAST_YEAR:
        return moment
    return Fault("year_out_of_range", (("first", str(FIRST_YEAR)), ("last", str(LAST_YEAR))))
