"""The value of every formula for each cell of a grid, before anything is judged or hidden."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from metrics.by_cell import accumulated, first_where, last, starts_of
from metrics.counted_rows import CountedRows, in_codes
from metrics.counts import Fact
from metrics.definition import Formula, Indicator, Term, Unit
from metrics.interval import wilson
from metrics.pooling import Grid, Numbers, Places, Pool, pool
from metrics.survival import SurvivalCurves, quantile_bounds_by_cell, quantiles_by_cell

Frames = Mapping[Fact, pd.DataFrame | CountedRows]
"""What was counted of each fact, as a frame or in codes."""

MINUTES_PER_HOUR = 60
LARGEST = "largest"
"""The name of the largest load, beside the median."""


class Pools:
    """What was counted in the cells of a grid, each fact placed once however many indicators need it."""

    def __init__(self, grid: Grid, place: Callable[[Fact], Pool]) -> None:
        self.grid = grid
        self._place = place
        self._placed: dict[Fact, Pool] = {}

    def __getitem__(self, fact: Fact) -> Pool:
        """The rows of a fact; raises KeyError where its frame is missing."""
        if fact not in self._placed:
            self._placed[fact] = self._place(fact)
        return self._placed[fact]


def pools_of(frames: Frames, grid: Grid) -> Pools:
    """The rows of the frames in the cells of a grid."""
    return Pools(grid, lambda fact: pool(fact, _rows(frames[fact]), grid.unit_places, grid.parts, grid.size))


def _rows(frame: pd.DataFrame | CountedRows) -> CountedRows:
    return frame if isinstance(frame, CountedRows) else in_codes(frame)


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
    curves: SurvivalCurves | None = None
    scale: float = 1.0


Kept = Mapping[Fact, Pool]
"""The rows of each fact that an indicator's conditions keep."""


def estimate(indicator: Indicator, pools: Pools, scored: bool) -> Estimates:
    """The indicator's estimates from the frames of its facts; raises KeyError if one is missing."""
    kept = {fact: pools[fact].kept(indicator, scored) for fact in indicator.facts}
    return _FORMULAS[indicator.formula](indicator, kept, pools.grid)


def _ratio(indicator: Indicator, kept: Kept, grid: Grid) -> Estimates:
    numerator = kept[indicator.numerator_fact].summed(indicator.numerator)
    denominator = kept[indicator.denominator_fact].summed(indicator.denominator)
    scale = 100.0 if indicator.unit is Unit.PER_100_EMPLOYEES else 1.0
    value = scale * _divided(numerator, denominator)
    low, high = wilson(numerator, denominator) if indicator.part_of_whole else (_nothing(grid), _nothing(grid))
    return Estimates(value, numerator, denominator, low, high, _nothing(grid), _beside(indicator, kept))


def _count(indicator: Indicator, kept: Kept, grid: Grid) -> Estimates:
    value = kept[indicator.numerator_fact].summed(indicator.numerator)
    if indicator.numerator_fact is Fact.OPEN_CASES:
        only_last = grid.by_part([part is grid.parts[-1] for part in grid.parts])
        value = np.where(only_last, value, np.nan)
    nothing = _nothing(grid)
    return Estimates(value, value, nothing, nothing, nothing, nothing, _beside(indicator, kept))


def _survival_quantile(indicator: Indicator, kept: Kept, _grid: Grid) -> Estimates:
    rows = kept[indicator.numerator_fact]
    weights, observed = rows.column("cases"), rows.column("observed").astype(bool)
    curves = rows.curves
    scale = 1.0 / MINUTES_PER_HOUR if indicator.unit is Unit.HOURS else 1.0
    quantile = indicator.quantile or 0.0
    value = quantiles_by_cell(curves, quantile) * scale
    low, high = (bound * scale for bound in quantile_bounds_by_cell(curves, quantile))
    return Estimates(
        value=value,
        numerator=rows.added(weights * observed),
        denominator=rows.added(weights),
        low=low,
        high=high,
        at_least=np.where(np.isnan(value), curves.longest * scale, np.nan),
        curves=curves,
        scale=scale,
    )


def _median_load(indicator: Indicator, kept: Kept, grid: Grid) -> Estimates:
    rows = kept[indicator.numerator_fact]
    targets, posts = rows.column("targets"), rows.column("posts")
    order = np.lexsort((targets, rows.cells))
    largest = last(rows.cells[order], targets[order], grid.size)
    nothing = _nothing(grid)
    return Estimates(
        value=_medians(rows.cells[order], targets[order], posts[order], grid.size),
        numerator=rows.added(targets * posts),
        denominator=rows.added(posts),
        low=nothing,
        high=nothing,
        at_least=nothing,
        beside=((LARGEST, largest),),
    )


_FORMULAS: dict[Formula, Callable[[Indicator, Kept, Grid], Estimates]] = {
    Formula.RATIO: _ratio,
    Formula.COUNT: _count,
    Formula.SURVIVAL_QUANTILE: _survival_quantile,
    Formula.MEDIAN_LOAD: _median_load,
}


def _medians(cells: Places, loads: Numbers, posts: Numbers, size: int) -> Numbers:
    """The median of each cell's loads, each counted once for every post: the mean of the middle two.

    The entries are sorted by cell and load.
    """
    up_to = accumulated(np.add, posts, starts_of(cells))
    total = np.bincount(cells, weights=posts, minlength=size)[cells]
    lower, upper = (total + 1) // 2, total // 2 + 1
    return (first_where(up_to >= lower, cells, loads, size) + first_where(up_to >= upper, cells, loads, size)) / 2


def _beside(indicator: Indicator, kept: Kept) -> tuple[tuple[str, Numbers], ...]:
    return tuple(
        (name, kept[fact].summed((Term(name),)))
        for name in indicator.beside
        for fact in indicator.facts
        if name in kept[fact].counted.columns
    )


def _divided(numerator: Numbers, denominator: Numbers) -> Numbers:
    return numerator / np.where(denominator > 0, denominator, np.nan)


def _nothing(grid: Grid) -> Numbers:
    return np.full(grid.size, np.nan)
