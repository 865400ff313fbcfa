"""Periods and instants as people say them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard.i18n import Translator
from metrics.period import Period, PeriodKind

QUARTERS_IN_WORDS = ("一", "二", "三", "四")


def period_name(period: Period, t: Translator) -> str:
    """The period's name, such as 2026年第三季度 or Q3 2026."""
    year, month = period.start.year, period.start.month
    match period.kind:
        case PeriodKind.MONTH:
            return t("{year}-{month:02d}", year=year, month=month)
        case PeriodKind.QUARTER:
            quarter = (month + 2) // 3
            return t("Q{quarter} {year}", year=year, quarter=quarter, in_words=QUARTERS_IN_WORDS[quarter - 1])
        case PeriodKind.HALF:
            return t("First half of {year}", year=year) if month == 1 else t("Second half of {year}", year=year)
        case PeriodKind.YEAR:
            return t("Year {year}", year=year)
        case PeriodKind.ASSESSMENT_MONTH:
            last = period.last_day
            return t("Assessment month {year}-{month:02d}", year=last.year, month=last.month)
        case PeriodKind.CUSTOM:
            return t("{first} to {last}", first=period.start, last=period.last_day)


def days_of(period: Period, t: Translator) -> str:
    """The period's first and last day."""
    return t("{first} to {last}", first=period.start, last=period.last_day)


def instant(at: datetime, time_zone: ZoneInfo) -> str:
    """An instant in company time to the minute."""
    return f"{at.astimezone(time_zone):%Y-%m-%d %H:%M}"
