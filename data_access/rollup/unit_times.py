"""The as-of times from which counts of units hold: the settlement of their month, or the time of a later change."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa

from data_access.counts.placing import midnight
from data_access.question import Question, Rules
from data_access.rollup.coded import Array
from data_access.rollup.grid import Grid
from data_access.rollup.rows import microseconds
from data_access.scope import Scope
from metrics.period import Period, month_period

FAR_AHEAD = timedelta(days=36_525)
"""So long after the newest as-of time that everything that anybody wrote down has happened."""


def ended_months(grid: Grid, held: Grid | None = None) -> tuple[Period, ...]:
    """The months that ended by the newest as-of time; only those that ``held`` doesn't have, if given."""
    known = held.today if held else date.min
    return tuple(month for month in grid.months if known < month.end <= grid.today)


def about_everything(
    rules: Rules, grid: Grid, months: tuple[Period, ...], dimensions: tuple[str, ...] = ()
) -> Question:
    """The question about every unit in each of the months, as of a time when all is over."""
    scope = Scope("refresh")
    return Question(parts=months, as_of=grid.known_until + FAR_AHEAD, scope=scope, rules=rules, dimensions=dimensions)


def first_known(grid: Grid, day: date) -> datetime:
    """From when on the counts of a day's month are asked for: its settlement, or its end if that lies ahead."""
    month = month_period(day)
    settled = midnight(month.end + timedelta(days=grid.settlement_days), grid.time_zone).astimezone(UTC)
    return settled if settled in grid.settlements else midnight(month.end, grid.time_zone).astimezone(UTC)


def first_known_of(grid: Grid, days: Iterable[date]) -> Array:
    """The same for each of the days, in microseconds since 1970."""
    return np.array([microseconds(first_known(grid, day)) for day in days], dtype=np.int64)


def counting_from(grid: Grid, changed: Array, first: Array) -> Array:
    """From when on each change counts: ``first``, the first settlement that knows of it, or its own time after all.

    All are microseconds since 1970. A change before ``first`` was there from the beginning.
    """
    settlements = np.array([microseconds(at) for at in grid.settlements], dtype=np.int64)
    place = np.searchsorted(settlements, changed)
    known = np.append(settlements, 0)[place]
    return np.where(changed > first, np.where(place < len(settlements), known, changed), first)


def microseconds_of(instants: "pd.Series[pd.Timestamp]") -> Array:
    """Instants in microseconds since 1970; long ago where there is none."""
    return instants.dt.tz_convert(None).to_numpy(dtype="datetime64[us]").astype(np.int64)


def instants_of(numbers: pa.Array) -> pa.Array:
    """Instants from microseconds since 1970."""
    return numbers.cast(pa.timestamp("us", tz="UTC"))
