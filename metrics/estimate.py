"""The value of every formula for each cell of a grid, before anything is judged or hidden."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from metrics.counts import Fact
from metrics.definition import Formula, Indicator, Term, Unit
from metrics.interval import wilson
from metrics.pooling import Grid, Numbers, added, kept_rows, spread, summed
from metrics.survival import kaplan_meier_by_cell, quantile_bounds_by_cell, quantiles_by_cell

Frames = Mapping[Fact, pd.DataFrame]

MINUTES_PER_HOUR = 60
LARGEST = "largest"
"""The name of the largest load, beside the median."""


@dataclass(frozen=True, eq=False)
class Estimates:
    """One number per cell of the grid; NaN where there is none.

    ``at_least`` is set where a quantile isn't reached. ``curves`` are a quantile's survival curves by cell,
    with times in the frame's resolution; ``scale`` turns those into the indicator's unit.
    """

    value: Numbers
    numerator: Numbers
    denominator: Numbers
    low: Numbers
    high: Numbers
    at_least: Numbers
    beside: tuple[tuple[str, Numbers], ...] = ()
    curves: pd.DataFrame | None = None
    scale: float = 1.0


def estimate(indicator: Indicator, frames: Frames, grid: Grid, scored: bool) -> Estimates:
    """The indicator's estimates from the frames of its facts; raises KeyError if one is missing."""
    kept = {fact: kept_rows(indicator, frames[fact], scored) for fact in indicator.facts}
    return _FORMULAS[indicator.formula](indicator, kept, grid)


def _ratio(indicator: Indicator, frames: Frames, grid: Grid) -> Estimates:
    numerator = _sum(indicator.numerator_fact, indicator.numerator, frames, grid)
    denominator = _sum(indicator.denominator_fact, indicator.denominator, frames, grid)
    scale = 100.0 if indicator.unit is Unit.PER_100_EMPLOYEES else 1.0
    value = scale * _divided(numerator, denominator)
    low, high = wilson(numerator, denominator) if indicator.part_of_whole else (_nothing(grid), _nothing(grid))
    beside = _beside(indicator, frames, grid)
    return Estimates(value, numerator, denominator, low, high, _nothing(grid), beside)


def _count(indicator: Indicator, frames: Frames, grid: Grid) -> Estimates:
    value = _sum(indicator.numerator_fact, indicator.numerator, frames, grid)
    if indicator.numerator_fact is Fact.OPEN_CASES:
        only_last = grid.by_part([part is grid.parts[-1] for part in grid.parts])
        value = np.where(only_last, value, np.nan)
    nothing = _nothing(grid)
    return Estimates(value, value, nothing, nothing, nothing, nothing, _beside(indicator, frames, grid))


def _survival_quantile(indicator: Indicator, frames: Frames, grid: Grid) -> Estimates:
    frame = frames[indicator.numerator_fact]
    rows, cells = spread(indicator.numerator_fact, frame, grid)
    weights = frame["cases"].to_numpy(dtype=float)[rows]
    observed = frame["observed"].to_numpy(dtype=bool)[rows]
    curves = kaplan_meier_by_cell(cells, frame["duration"].to_numpy(dtype=float)[rows], observed, weights)
    scale = 1.0 / MINUTES_PER_HOUR if indicator.unit is Unit.HOURS else 1.0
    quantile = indicator.quantile or 0.0
    value = _placed(quantiles_by_cell(curves, quantile), grid) * scale
    low, high = (_placed(bound, grid) * scale for bound in quantile_bounds_by_cell(curves, quantile))
    longest = _placed(curves.groupby("cell")["time"].max(), grid) * scale
    return Estimates(
        value=value,
        numerator=added(cells, weights * observed, grid),
        denominator=added(cells, weights, grid),
        low=low,
        high=high,
        at_least=np.where(np.isnan(value), longest, np.nan),
        curves=curves,
        scale=scale,
    )


def _median_load(indicator: Indicator, frames: Frames, grid: Grid) -> Estimates:
    frame = frames[indicator.numerator_fact]
    rows, cells = spread(indicator.numerator_fact, frame, grid)
    targets = frame["targets"].to_numpy(dtype=float)[rows]
    posts = frame["posts"].to_numpy(dtype=float)[rows]
    loads = pd.DataFrame({"cell": cells, "targets": targets, "posts": posts})
    nothing = _nothing(grid)
    return Estimates(
        value=_placed(_medians(loads[loads["posts"] > 0]), grid),
        numerator=added(cells, targets * posts, grid),
        denominator=added(cells, posts, grid),
        low=nothing,
        high=nothing,
        at_least=nothing,
        beside=((LARGEST, _placed(loads.groupby("cell")["targets"].max(), grid)),),
    )


_FORMULAS: dict[Formula, Callable[[Indicator, Frames, Grid], Estimates]] = {
    Formula.RATIO: _ratio,
    Formula.COUNT: _count,
    Formula.SURVIVAL_QUANTILE: _survival_quantile,
    Formula.MEDIAN_LOAD: _median_load,
}


def _medians(loads: pd.DataFrame) -> "pd.Series[float]":
    """The median of each cell's loads, each counted once for every post: the mean of the middle two."""
    ordered = loads.groupby(["cell", "targets"], as_index=False)["posts"].sum()
    counts = ordered.groupby("cell")["posts"]
    up_to, total = counts.cumsum(), counts.transform("sum")
    lower = ordered[up_to >= (total + 1) // 2].groupby("cell")["targets"].first()
    upper = ordered[up_to >= total // 2 + 1].groupby("cell")["targets"].first()
    medians: pd.Series[float] = (lower + upper) / 2
    return medians


def _sum(fact: Fact, terms: tuple[Term, ...], frames: Frames, grid: Grid) -> Numbers:
    return summed(fact, frames[fact], terms, grid)


def _beside(indicator: Indicator, frames: Frames, grid: Grid) -> tuple[tuple[str, Numbers], ...]:
    return tuple(
        (name, _sum(fact, (Term(name),), frames, grid))
        for name in indicator.beside
        for fact in indicator.facts
        if name in frames[fact].columns
    )


def _divided(numerator: Numbers, denominator: Numbers) -> Numbers:
    return numerator / np.where(denominator > 0, denominator, np.nan)


def _placed(by_cell: "pd.Series[float]", grid: Grid) -> Numbers:
    placed = _nothing(grid)
    placed[by_cell.index.to_numpy(dtype=np.int64)] = by_cell.to_numpy(dtype=float)
    return placed


def _nothing(grid: Grid) -> Numbers:
    return np.full(grid.size, np.nan)
