"""Stocks: what stands on a day, counted unit by unit and made the fact's rows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from data_access.counts.placing import by_date
from data_access.counts.units_on import WITHIN, UnitsByDay
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from metrics.counted_rows import CountedRows, in_codes
from metrics.counts import FACTS, KEY, PART, Fact
from metrics.period import add_months


@dataclass(frozen=True)
class StockDay:
    """A day on which to look, and the first day of the part that gets what is seen."""

    part: date
    day: date


CountOn = Callable[[StockDay, pd.DataFrame], pd.DataFrame]
"""From a day and its units (see ``UnitsByDay.on``) to the same units with the fact's counts, numbers or flags."""


def as_of_date(question: Question) -> date:
    """The local day of the as-of time."""
    return question.as_of.astimezone(question.rules.time_zone).date()


def stock_days(question: Question) -> tuple[StockDay, ...]:
    """The last day of each part, or the as-of day in a part that hasn't ended; none where it hasn't begun."""
    today = as_of_date(question)
    return tuple(StockDay(part.start, min(part.last_day, today)) for part in question.parts if part.start <= today)


def month_ends(question: Question) -> tuple[StockDay, ...]:
    """The last day of each calendar month that ended in a part and by the as-of time."""
    today = as_of_date(question)
    days = []
    for part in question.parts:
        end = add_months(part.start.replace(day=1), 1)
        while end <= min(part.end, today):
            days.append(StockDay(part.start, end - timedelta(days=1)))
            end = add_months(end, 1)
    return tuple(days)


def count_stock(fact: Fact, hierarchy: Hierarchy, question: Question, count_on: CountOn) -> CountedRows:
    """The fact's rows, from what ``count_on`` counts on the day of each part."""
    return count_on_days(fact, hierarchy, question, stock_days(question), count_on)


def count_on_days(
    fact: Fact, hierarchy: Hierarchy, question: Question, days: tuple[StockDay, ...], count_on: CountOn
) -> CountedRows:
    """The fact's rows, from what ``count_on`` counts on each of the days; days of one part add up.

    Raises UnknownDimensionError for any dimension: what stands on a day has none.
    """
    by_day = UnitsByDay(hierarchy, question)
    counted = []
    for day in days:
        units = count_on(day, by_day.on(day.day))
        counted.append(units[units[WITHIN]].assign(**{PART: day.part}))
    return as_fact(fact, counted, by_date(fact, hierarchy, question).dimensions)


def as_fact(fact: Fact, counted: list[pd.DataFrame], dimensions: tuple[str, ...] = ()) -> CountedRows:
    """Frames with lineage, part, dimensions, values and counts as the fact's rows, without those of zeros."""
    spec = FACTS[fact]
    counts, objects = list(spec.counts), [*KEY, *dimensions]
    keys = [*objects, *spec.values]
    whole = pd.concat([frame[[*keys, *counts]] for frame in counted] or [pd.DataFrame(columns=[*keys, *counts])])
    whole = whole.astype(dict.fromkeys((*spec.values, *counts), "int64"))
    whole = whole[(whole[counts] != 0).any(axis=1)]
    sums = whole.groupby(keys, dropna=False, sort=False, as_index=False)[counts].sum()
    for name in objects:
        sums[name] = sums[name].astype(object).where(sums[name].notna(), None)
    return in_codes(sums)
