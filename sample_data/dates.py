"""The days on which the story turns, all counted back from the last one told."""

from dataclasses import dataclass
from datetime import date, timedelta

from metrics.period import Period, add_months, month_period, quarter_period

SPRING_MONTH = 4
SILENT_MONTHS = 4
DAYS_TO_NOTICE = 45


@dataclass(frozen=True)
class StoryDates:
    """``first_day`` begins the story; ``until`` is the first day of which nothing is known any more."""

    first_day: date
    until: date
    last_quarter: Period
    """the last whole quarter"""
    improved_quarter: Period
    """from here on the whole company responds in time more often"""
    sponsors_lost_on: date
    silent_since: date
    moved_on: date
    merged_on: date

    @property
    def months(self) -> tuple[date, ...]:
        """The first days of all months told, the last one perhaps in part."""
        count = len(Period(self.first_day, self.until).months())
        return tuple(add_months(self.first_day, index) for index in range(count))


def story_dates(until: date, years: int) -> StoryDates:
    """The story's days for a story of so many whole years told up to (not including) a day."""
    last_quarter = quarter_period(until).previous()
    improved = last_quarter.previous()
    return StoryDates(
        first_day=quarter_period(add_months(until, -12 * years)).start,
        until=until,
        last_quarter=last_quarter,
        improved_quarter=improved,
        sponsors_lost_on=_last_spring(until),
        silent_since=add_months(month_period(until).start, -SILENT_MONTHS),
        moved_on=add_months(improved.start, 1) + timedelta(days=14),
        merged_on=add_months(last_quarter.start, -9),
    )


def _last_spring(until: date) -> date:
    day = date(until.year, SPRING_MONTH, 1)
    return day if day + timedelta(days=DAYS_TO_NOTICE) <= until else date(until.year - 1, SPRING_MONTH, 1)
