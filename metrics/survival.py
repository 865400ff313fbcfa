"""Kaplan-Meier: how long things take when some of them aren't finished yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from metrics.by_cell import Numbers, Places, accumulated, first_where, last, starts_of, sums
from metrics.interval import Z_95

TOLERANCE = 1e-9
"""Products of fractions that should be exactly one half aren't; S is compared with this tolerance."""

EXACT = 2.0**53
"""Below this every whole number is a floating-point number of its own."""


@dataclass(frozen=True, eq=False)
class SurvivalCurve:
    """The share not yet finished, after each distinct time (of an event or of a censoring), ascending."""

    times: Numbers
    survival: Numbers


@dataclass(frozen=True, eq=False)
class SurvivalCurves:
    """The curves of ``size`` cells: one entry per cell and distinct time, sorted by both.

    ``events`` are those at the time, ``at_risk`` the cases just before it, ``survival`` the share just after it.
    """

    size: int
    cells: Places
    times: Numbers
    events: Numbers
    at_risk: Numbers
    survival: Numbers

    def first_time(self, holds: npt.NDArray[np.bool_]) -> Numbers:
        """The first time of each cell at which something holds, NaN where it never does."""
        return first_where(holds, self.cells, self.times, self.size)

    @property
    def longest(self) -> Numbers:
        """The last time of each cell, NaN where it has none."""
        return last(self.cells, self.times, self.size)

    @cached_property
    def band(self) -> tuple[Numbers, Numbers]:
        """The 95 % interval of each share left: lower and upper bounds, between 0 and 1, for each entry.

        Greenwood's variance on the log-log scale. Once everybody has finished the share left has no variance, and
        nothing limits it from above.
        """
        staying = self.at_risk - self.events
        growth = self.events / (self.at_risk * np.where(staying > 0, staying, np.nan))
        variance = accumulated(np.add, growth, starts_of(self.cells))
        inside = (self.survival >= TOLERANCE) & (self.survival <= 1 - TOLERANCE)
        logarithm = np.log(np.where(inside, self.survival, np.nan))
        spread = Z_95 * np.sqrt(variance) / np.abs(logarithm)
        at_end = (self.survival <= TOLERANCE).astype(float)
        lowest = _known(np.exp(logarithm * np.exp(spread)), 1 - at_end)
        return lowest, _known(np.exp(logarithm * np.exp(-spread)), np.ones(len(logarithm)))


def kaplan_meier(
    durations: Sequence[float] | npt.NDArray[Any],
    observed: Sequence[bool] | npt.NDArray[Any],
    weights: Sequence[float] | npt.NDArray[Any] | None = None,
) -> SurvivalCurve:
    """The curve of durations that ended with the event (``observed``) or were cut off (censored).

    ``weights`` says how many cases share a duration; 1 each where it is left out. At equal times events
    come before censorings. No durations make an empty curve. Raises ValueError where lengths differ.
    """
    counts = np.ones(len(durations)) if weights is None else np.asarray(weights, dtype=float)
    if not len(durations) == len(observed) == len(counts):
        raise ValueError("durations, observed and weights must be of one length")
    cells = np.zeros(len(durations), dtype=np.int64)
    curves = kaplan_meier_by_cell(cells, np.asarray(durations), np.asarray(observed, dtype=bool), counts, 1)
    return SurvivalCurve(curves.times, curves.survival)


def kaplan_meier_by_cell(
    cells: Places, durations: npt.NDArray[Any], observed: npt.NDArray[np.bool_], weights: Numbers, size: int
) -> SurvivalCurves:
    """The curves of ``size`` cells at once."""
    there = weights > 0
    rows = [cells, durations, observed, weights]
    if not there.all():
        rows = [each[there] for each in rows]
    order = _by_cell_and_time(*rows[:2])
    if order is not None:
        rows = [each[order] for each in rows]
    cell, time, seen, leaving = rows
    distinct = np.flatnonzero(_differs_from_before(cell) | _differs_from_before(time))
    events = sums(np.where(seen, leaving, 0.0), distinct)
    leaving = sums(leaving, distinct)
    cell, time = cell[distinct], time[distinct].astype(float)
    starts = starts_of(cell)
    at_risk = _still_there(leaving, starts)
    survival = accumulated(np.multiply, 1.0 - events / at_risk, starts)
    return SurvivalCurves(size, cell, time, events, at_risk, survival)


def _by_cell_and_time(cells: Places, times: npt.NDArray[Any]) -> Places | None:
    """The entries in order, those of one cell and time anyhow; None if they are in order as they stand.

    Whole numbers that both fit into one are sorted by it, in a fifth of the time; what comes in some sorted pieces, as
    counts kept ready do, in a tenth of that.
    """
    size = float(times.max(initial=0)) + 1
    fits = times.min(initial=0) >= 0 and size * (int(cells.max(initial=0)) + 1) < EXACT
    if not fits or not (times.dtype.kind == "i" or (times == np.floor(times)).all()):
        return np.lexsort((times, cells))
    numbers = cells * int(size) + times.astype(np.int64)
    return np.argsort(numbers, kind="stable") if (numbers[1:] < numbers[:-1]).any() else None


def _differs_from_before(values: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Which entries aren't like the one before; the first one always."""
    differs = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=differs[1:])
    return differs


def quantile(curve: SurvivalCurve, q: float) -> float | None:
    """The smallest time by which the share ``q`` has finished; None where the curve doesn't reach it."""
    reached = curve.survival <= 1.0 - q + TOLERANCE
    return float(curve.times[np.argmax(reached)]) if reached.any() else None


def quantiles_by_cell(curves: SurvivalCurves, q: float) -> Numbers:
    """The quantile of each cell, NaN where the cell doesn't reach it."""
    return curves.first_time(curves.survival <= 1.0 - q + TOLERANCE)


def quantile_bounds_by_cell(curves: SurvivalCurves, q: float) -> tuple[Numbers, Numbers]:
    """The 95 % interval of each cell's quantile: lower and upper bounds, NaN where not reached.

    Brookmeyer and Crowley's interval: the times whose share left can be the one asked for.
    """
    lowest, highest = curves.band
    limit = 1.0 - q + TOLERANCE
    return curves.first_time(lowest <= limit), curves.first_time(highest <= limit)


def survival_at(curves: SurvivalCurves, times: Numbers) -> Numbers:
    """The share of each cell not yet finished at the cell's own time; 1 before its first time."""
    passed = curves.times <= times[curves.cells]
    return _known(last(curves.cells[passed], curves.survival[passed], curves.size), np.ones(curves.size))


def _ends(starts: Places, count: int) -> Places:
    return np.append(starts[1:], count) if len(starts) else starts


def _lengths(starts: Places, count: int) -> Places:
    return _ends(starts, count) - starts


def _still_there(leaving: Numbers, starts: Places) -> Numbers:
    """For each entry the sum of its cell's entries from there on."""
    gone = np.cumsum(leaving)
    ends = gone[_ends(starts, len(leaving)) - 1]
    return np.repeat(ends, _lengths(starts, len(leaving))) - gone + leaving


def _known(values: Numbers, otherwise: Numbers) -> Numbers:
    return np.where(np.isnan(values), otherwise, values)
