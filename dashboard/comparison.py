"""The questions that a figure is compared with: last period, a year ago, and month by month."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from data_access.question import Question
from metrics.counts import Fact
from metrics.definition import Indicator
from metrics.period import Period, settlement

MONTHS_OF_TREND = 12


def about_period(question: Question, period: Period) -> Question:
    """The same question about another period, as of the same time before or after its end.

    So an unfinished quarter is compared with an equally unfinished one, and a settled one with a settled one.
    """
    zone = question.rules.time_zone
    distance = question.as_of - _end(question.parts[-1], zone)
    return replace(question, parts=(period,), as_of=_end(period, zone) + distance)


def last_period(question: Question) -> Question:
    """The question about the period before (环比)."""
    return about_period(question, question.parts[-1].previous())


def year_before(question: Question) -> Question:
    """The question about the same period a year ago (同比)."""
    return about_period(question, question.parts[-1].year_before())


def trend(question: Question, indicator: Indicator) -> tuple[Question, ...]:
    """The questions whose results are the months of the trend, oldest first.

    Only months that had ended by the as-of time are asked for. What is counted at an instant (open cases)
    is asked for at each month's settlement, or at the as-of time if that is earlier, so that the last point is
    the figure itself; everything else as it stands at the as-of time.
    """
    zone = question.rules.time_zone
    months = question.parts[-1].trailing_months(MONTHS_OF_TREND)
    ended = tuple(month for month in months if _end(month, zone) <= question.as_of)
    if Fact.OPEN_CASES in indicator.facts:
        settled = ((month, settlement(month, question.rules.settlement_days, zone)) for month in ended)
        return tuple(replace(question, parts=(month,), as_of=min(at, question.as_of)) for month, at in settled)
    return (replace(question, parts=ended),) if ended else ()


def _end(period: Period, time_zone: ZoneInfo) -> datetime:
    return period.ends_at(time_zone)
