"""When appeals come in: by day, by hour of the shift, around the Spring Festival and at the month's end."""

from datetime import date

import holidays
import numpy as np

from sample_data.chance import Flags, Floats, Instants, Integers, add_hours
from sample_data.clock import DAY, WorkingClock

SATURDAY_SHARE, SUNDAY_SHARE = 0.62, 0.5
FREE_DAY_SHARE = 0.55
FESTIVAL_SHARE = 0.25
FESTIVAL_DAYS = range(-1, 7)
AFTER_FESTIVAL_SHARE = 1.45
AFTER_FESTIVAL_DAYS = range(7, 24)
NEW_YEAR_SHARE = 1.3
MONTH_END_SHARE = 1.22
GROWTH_A_YEAR = 0.05

SHIFT_CHANGES = (0.0, 8.0, 16.0)
"""Hours at which one shift of a mine hands over to the next."""
SHIFT_PEAK_WEIGHTS = (0.11, 0.21, 0.17)
OFFICE_WEIGHT = 0.33
OFFICE_HOURS = (8.2, 17.8)


def receipts(generator: np.random.Generator, days: Instants, weights: Floats, size: int) -> Instants:
    """``size`` times of receipt in order, on the days, as many on each as its weight says."""
    counts = generator.multinomial(size, weights / weights.sum())
    of_day = np.repeat(days, counts)
    return np.sort(add_hours(of_day, _hours_of_day(generator, size)))


def day_weights(clock: WorkingClock, days: Instants) -> Floats:
    """How much comes in on each day, relative to an ordinary working day of the first year."""
    weekday = (days.astype("datetime64[D]").astype(np.int64) + 3) % 7
    free = np.select([weekday == 5, weekday == 6], [SATURDAY_SHARE, SUNDAY_SHARE], FREE_DAY_SHARE)
    weights = np.where(clock.is_working(days), 1.0, free)
    weights = weights * (1 + GROWTH_A_YEAR * np.arange(len(days)) / 365)
    weights[_month_end(days)] *= MONTH_END_SHARE
    since = _days_since_festival(days)
    weights[np.isin(since, AFTER_FESTIVAL_DAYS)] *= AFTER_FESTIVAL_SHARE
    weights[_turn_of_year(days)] *= NEW_YEAR_SHARE
    return np.asarray(np.where(np.isin(since, FESTIVAL_DAYS), FESTIVAL_SHARE, weights))


def spring_festivals(years: range) -> tuple[date, ...]:
    """The first day of the lunar year in each of the years."""
    names = holidays.country_holidays("CN", years=years, language="en_US")
    first: dict[int, date] = {}
    for day in sorted(names):
        if "Spring Festival" in names[day]:
            first.setdefault(day.year, day)
    return tuple(first.values())


def _days_since_festival(days: Instants) -> Integers:
    """Days since the nearest Spring Festival, negative before it."""
    last = days.astype("datetime64[D]").astype(object)
    festivals = spring_festivals(range(last[0].year - 1, last[-1].year + 2))
    starts = np.array(festivals, dtype="datetime64[D]")
    offsets = (days.astype("datetime64[D]")[:, None] - starts[None, :]).astype(np.int64)
    nearest = np.abs(offsets).argmin(axis=1)
    return np.asarray(offsets[np.arange(len(days)), nearest], dtype=np.int64)


def _month_end(days: Instants) -> Flags:
    month = days.astype("datetime64[M]")
    return np.asarray((days.astype("datetime64[D]") + 2 * DAY).astype("datetime64[M]") != month)


def _turn_of_year(days: Instants) -> Flags:
    month = days.astype("datetime64[M]").astype(np.int64) % 12
    day = (days.astype("datetime64[D]") - days.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64)
    return np.asarray(((month == 11) & (day >= 19)) | ((month == 0) & (day < 10)))


def _hours_of_day(generator: np.random.Generator, size: int) -> Floats:
    """Hours (0-24): peaks just after each shift change, office hours, and a few round the clock."""
    weights = np.array([*SHIFT_PEAK_WEIGHTS, OFFICE_WEIGHT, 1 - sum(SHIFT_PEAK_WEIGHTS) - OFFICE_WEIGHT])
    source = generator.choice(len(weights), size=size, p=weights)
    centres = np.array([*SHIFT_CHANGES, 0.0, 0.0])[source]
    drawn = centres + generator.normal(0.3, 0.55, size)
    drawn = np.where(source == len(SHIFT_CHANGES), generator.uniform(*OFFICE_HOURS, size), drawn)
    drawn = np.where(source == len(SHIFT_CHANGES) + 1, generator.uniform(0, 24, size), drawn)
    return np.asarray(np.minimum(drawn % 24, 24 - 1 / 60))
