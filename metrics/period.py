"""Periods: half-open ranges of local days in which a count's own date must fall."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

FIRST_DAY_OF_ASSESSMENT_MONTH = 19


class PeriodError(ValueError):
    """The text doesn't name a period; the message says which forms do."""


class PeriodKind(StrEnum):
    """How long a period is, and so which one is the last and which one is a year ago."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    CUSTOM = "custom"
    ASSESSMENT_MONTH = "assessment_month"


MONTHS_IN_KIND = {
    PeriodKind.MONTH: 1,
    PeriodKind.QUARTER: 3,
    PeriodKind.HALF: 6,
    PeriodKind.YEAR: 12,
    PeriodKind.ASSESSMENT_MONTH: 1,
}


@dataclass(frozen=True, order=True)
class Period:
    """Local days from ``start`` (included) to ``end`` (not included), in company time."""

    start: date
    end: date
    kind: PeriodKind = PeriodKind.CUSTOM

    def __post_init__(self) -> None:
        """Raise PeriodError if the period holds no day."""
        if self.start >= self.end:
            raise PeriodError(f"{self.start} is not before {self.end}")

    @property
    def last_day(self) -> date:
        """The last day that belongs to the period."""
        return self.end - timedelta(days=1)

    @property
    def name(self) -> str:
        """The text that ``parse_period`` reads back as this period."""
        month = self.start.month
        match self.kind:
            case PeriodKind.MONTH:
                return f"{self.start:%Y-%m}"
            case PeriodKind.QUARTER:
                return f"{self.start.year}Q{(month + 2) // 3}"
            case PeriodKind.HALF:
                return f"{self.start.year}H{(month + 5) // 6}"
            case PeriodKind.YEAR:
                return f"{self.start.year}"
            case PeriodKind.ASSESSMENT_MONTH:
                return f"{self.last_day:%Y-%m}A"
            case PeriodKind.CUSTOM:
                return f"{self.start}..{self.last_day}"

    def begins_at(self, time_zone: ZoneInfo) -> datetime:
        """The instant at which the first local day begins."""
        return datetime.combine(self.start, time.min, time_zone)

    def ends_at(self, time_zone: ZoneInfo) -> datetime:
        """The instant at which the last local day has ended."""
        return datetime.combine(self.end, time.min, time_zone)

    def previous(self) -> "Period":
        """The period of the same length just before (环比)."""
        if self.kind is PeriodKind.CUSTOM:
            return Period(self.start - (self.end - self.start), self.start)
        months = MONTHS_IN_KIND[self.kind]
        return Period(add_months(self.start, -months), self.start, self.kind)

    def year_before(self) -> "Period":
        """The same period one year earlier (同比)."""
        return Period(add_months(self.start, -12), add_months(self.end, -12), self.kind)

    def months(self) -> tuple["Period", ...]:
        """The calendar months (assessment months for such a period) it is made of, cut at its ends."""
        if self.kind is PeriodKind.ASSESSMENT_MONTH:
            return (self,)
        first = self.start.replace(day=1)
        count = (self.last_day.year - first.year) * 12 + self.last_day.month - first.month + 1
        return tuple(self._cut(add_months(first, index)) for index in range(count))

    def _cut(self, first: date) -> "Period":
        whole = month_period(first)
        cut = (max(whole.start, self.start), min(whole.end, self.end))
        return whole if cut == (whole.start, whole.end) else Period(*cut)

    def whole_months(self) -> bool:
        """Whether the period is made of whole calendar or assessment months."""
        return self.kind is PeriodKind.ASSESSMENT_MONTH or (self.start.day == 1 and self.end.day == 1)

    def trailing_months(self, count: int) -> tuple["Period", ...]:
        """The ``count`` months that end with the period's last month, oldest first."""
        if self.kind is PeriodKind.ASSESSMENT_MONTH:
            starts = [add_months(self.start, -back) for back in reversed(range(count))]
            return tuple(Period(start, add_months(start, 1), self.kind) for start in starts)
        last = self.last_day.replace(day=1)
        return tuple(month_period(add_months(last, -back)) for back in reversed(range(count)))


def add_months(day: date, months: int) -> date:
    """The same day of the month ``months`` later, or the month's last day where there is none."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def month_period(day: date) -> Period:
    """The calendar month that holds the day."""
    first = day.replace(day=1)
    return Period(first, add_months(first, 1), PeriodKind.MONTH)


def quarter_period(day: date) -> Period:
    """The quarter that holds the day."""
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return Period(first, add_months(first, 3), PeriodKind.QUARTER)


def settlement(period: Period, days: int, time_zone: ZoneInfo) -> datetime:
    """The instant at which a period is settled: ``days`` whole local days after it has ended."""
    return datetime.combine(period.end + timedelta(days=days), time.min, time_zone)


PERIOD_FORMS = "2026-09, 2026Q3, 2026H2, 2026, 2026-09A, 2026-07-01..2026-09-30"


def parse_period(text: str) -> Period:
    """The period that a text names.

    Forms: ``2026-09`` month, ``2026Q3`` quarter, ``2026H2`` half-year, ``2026`` year, ``2026-09A``
    assessment month (19 August to 18 September), ``2026-07-01..2026-09-30`` with both days included.
    Raises PeriodError for anything else, with the forms in its message.
    """
    try:
        return _parse(text.strip().upper())
    except (ValueError, OverflowError) as error:
        raise PeriodError(f"{text!r} is not a period; use one of: {PERIOD_FORMS}") from error


def _parse(text: str) -> Period:
    if ".." in text:
        first, last = text.split("..")
        return Period(date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1))
    match = re.fullmatch(r"(\d{4})(?:-(\d{2})(A?)|Q([1-4])|H([12]))?", text)
    if match is None:
        raise PeriodError(text)
    year, month, shifted, quarter, half = match.groups()
    if shifted:
        end = date(int(year), int(month), FIRST_DAY_OF_ASSESSMENT_MONTH)
        return Period(add_months(end, -1), end, PeriodKind.ASSESSMENT_MONTH)
    if month:
        return month_period(date(int(year), int(month), 1))
    kind, number = PeriodKind.YEAR, 1
    if quarter:
        kind, number = PeriodKind.QUARTER, int(quarter)
    elif half:
        kind, number = PeriodKind.HALF, int(half)
    months = MONTHS_IN_KIND[kind]
    start = date(int(year), (number - 1) * months + 1, 1)
    return Period(start, add_months(start, months), kind)
