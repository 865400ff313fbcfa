"""The one place where counts become Results."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from metrics.counts import WORKING_DAY_COUNTS, Fact
from metrics.definition import Direction, Formula, Indicator, Unit
from metrics.estimate import Estimates, Frames, Pools, estimate, pools_of
from metrics.period import Period
from metrics.pooling import Grid, Numbers
from metrics.result import Beside, Group, Reason, Result, Status, Tone
from metrics.tone import gaps, quantile_gaps, tones

Targets = Mapping[tuple[str, str, int], float]
"""Targets by indicator id, unit id or unit kind, and calendar year."""

Flags = npt.NDArray[np.bool_]
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Conditions:
    """What else decides a figure besides counts and definition.

    ``targets`` win over the definition's target, a unit's over its kind's. ``scored`` is the scored view
    (考核口径). ``first_day`` is the first local day with data: a part that ends before it has no data.
    ``unofficial`` holds the first days of the parts that have no official calendar of working days.
    """

    targets: Targets = field(default_factory=dict)
    scored: bool = True
    first_day: date | None = None
    unofficial: frozenset[date] = frozenset()


PLAIN = Conditions()


def compute(
    indicator: Indicator,
    frames: Frames,
    groups: Sequence[Group],
    parts: Sequence[Period],
    as_of: datetime,
    conditions: Conditions = PLAIN,
) -> list[Result]:
    """The indicator's Results: unit by unit in the order of ``groups``, each with its parts in order.

    ``frames`` holds the frame of each of ``indicator.facts``, with ``indicator.dimensions``. ``as_of`` is
    aware, in company time. Protected figures must go through ``metrics.suppression`` before anybody sees them.
    Raises KeyError if a frame or one of its columns is missing.
    """
    return compute_each((indicator,), pools_of(frames, Grid(tuple(groups), tuple(parts))), as_of, conditions)


def compute_each(
    indicators: Iterable[Indicator], pools: Pools, as_of: datetime, conditions: Conditions = PLAIN
) -> list[Result]:
    """The Results of several indicators, one indicator after the other, in the cells of the pools' grid."""
    return [result for indicator in indicators for result in _computed(indicator, pools, as_of, conditions)]


def _computed(indicator: Indicator, pools: Pools, as_of: datetime, conditions: Conditions) -> list[Result]:
    if not pools.grid.size:
        return []
    estimates = estimate(indicator, pools, conditions.scored)
    verdicts = _verdicts(indicator, estimates, pools.grid, as_of, conditions)
    return _results(indicator, estimates, verdicts, pools.grid, as_of)


@dataclass(frozen=True, eq=False)
class _Verdicts:
    """One entry per cell: what may be shown, why, and how it stands to the target."""

    status: list[Status]
    reason: list[Reason]
    target: Numbers
    tone: list[Tone | None]
    gap: Numbers


def _verdicts(
    indicator: Indicator, estimates: Estimates, grid: Grid, as_of: datetime, conditions: Conditions
) -> _Verdicts:
    wrong_kind = _wrong_kind(indicator, grid)
    empty = without_data(indicator, estimates, grid, as_of, conditions)
    few = ~empty & (estimates.denominator < indicator.minimum_to_show)
    unofficial = grid.by_part([part.start in conditions.unofficial for part in grid.parts])
    reasons = (
        (wrong_kind, Reason.NOT_FOR_KIND),
        (empty, Reason.NO_DATA),
        (np.isnan(estimates.value), Reason.NOT_REACHED),
        (few, Reason.FEW),
        (unofficial & _relies_on_working_days(indicator), Reason.UNOFFICIAL_CALENDAR),
    )
    target = _targets(indicator, grid, conditions.targets)
    gap, tone = _judged(indicator, estimates, np.where(empty | few, np.nan, target))
    return _Verdicts(
        status=_first(((empty, Status.NO_DATA), (few, Status.FEW)), Status.OK),
        reason=_first(reasons, Reason.NONE),
        target=target,
        tone=tone,
        gap=gap,
    )


def _first(choices: Sequence[tuple[Flags, Answer]], default: Answer) -> list[Answer]:
    """For each cell the answer of the first choice that holds for it."""
    answers = np.empty(len(choices[0][0]), dtype=object)
    answers.fill(default)  # np.full would make plain text of it
    for holds, answer in reversed(choices):
        answers[holds] = answer
    return list(answers)


def _wrong_kind(indicator: Indicator, grid: Grid) -> Flags:
    return grid.by_group([group.kind not in indicator.unit_kinds for group in grid.groups])


def without_data(
    indicator: Indicator, estimates: Estimates, grid: Grid, as_of: datetime, conditions: Conditions
) -> Flags:
    """The cells without a figure: the unit is of another kind, or there is nothing to divide by.

    A plain count of 0 is a figure unless its part lies outside the data.
    """
    first_day = conditions.first_day or date.min
    outside = _wrong_kind(indicator, grid) | grid.by_part([part.end <= first_day for part in grid.parts])
    if indicator.formula is Formula.COUNT:
        ahead = grid.by_part([part.start > as_of.date() for part in grid.parts])
        return outside | ahead | np.isnan(estimates.value)
    return outside | ~(estimates.denominator > 0)


def _relies_on_working_days(indicator: Indicator) -> bool:
    counts = {term.count for term in (*indicator.numerator, *indicator.denominator)}
    return indicator.duration is Fact.RESOLUTION_WORKING_DAYS or bool(counts & WORKING_DAY_COUNTS)


def _targets(indicator: Indicator, grid: Grid, targets: Targets) -> Numbers:
    """The target of each cell by its part's year: the unit's own, its kind's, the definition's; NaN for none."""
    if indicator.direction is Direction.CONTEXT:
        return np.full(grid.size, np.nan)
    default = math.nan if indicator.target is None else indicator.target
    if not targets:
        return np.full(grid.size, default)
    found = [
        targets.get((indicator.id, group.unit_id, year), targets.get((indicator.id, group.kind, year), default))
        for group in grid.groups
        for year in [part.last_day.year for part in grid.parts]
    ]
    return np.array(found)


def _judged(indicator: Indicator, estimates: Estimates, target: Numbers) -> tuple[Numbers, list[Tone | None]]:
    """The gap in cases and the tone of each cell; a count is exact, so it is its own interval."""
    low, high = estimates.low, estimates.high
    if estimates.curves is not None:
        limit, cases = target / estimates.scale, estimates.denominator
        gap = quantile_gaps(estimates.curves, indicator.quantile or 0.0, cases, limit)
    elif indicator.formula is Formula.COUNT:
        low = high = estimates.value
        gap = gaps(indicator.direction, estimates.numerator, np.ones(len(target)), target)
    else:
        scale = 100.0 if indicator.unit is Unit.PER_100_EMPLOYEES else 1.0
        gap = gaps(indicator.direction, estimates.numerator, estimates.denominator, target / scale)
    return gap, tones(gap, target, low, high)


def _results(
    indicator: Indicator, estimates: Estimates, verdicts: _Verdicts, grid: Grid, as_of: datetime
) -> list[Result]:
    shown = np.array([status is not Status.NO_DATA for status in verdicts.status])
    columns = zip(
        [(group, part) for group in grid.groups for part in grid.parts],
        verdicts.status,
        verdicts.reason,
        _numbers(estimates.value, shown),
        _numbers(estimates.numerator, shown),
        _numbers(estimates.denominator, shown),
        _numbers(estimates.low, shown),
        _numbers(estimates.high, shown),
        _numbers(estimates.at_least, shown),
        _numbers(verdicts.target),
        verdicts.tone,
        _numbers(verdicts.gap),
        _besides(estimates, shown),
        strict=True,
    )
    return [
        Result(
            indicator=indicator.id,
            group=group,
            period=part,
            as_of=as_of,
            status=status,
            reason=reason,
            value=value,
            numerator=numerator,
            denominator=denominator,
            low=low,
            high=high,
            at_least=at_least,
            target=target,
            tone=tone,
            gap=None if gap is None else int(gap),
            beside=beside,
        )
        for (
            group,
            part,
        ), status, reason, value, numerator, denominator, low, high, at_least, target, tone, gap, beside in columns
    ]


def _numbers(column: Numbers, shown: Flags | None = None) -> list[float | None]:
    """Plain numbers, None for NaN and where nothing is shown."""
    wanted = column if shown is None else np.where(shown, column, np.nan)
    return [None if math.isnan(value) else value for value in wanted.tolist()]


def _besides(estimates: Estimates, shown: Flags) -> list[tuple[Beside, ...]]:
    columns = [[Beside(name, value) for value in column.tolist()] for name, column in estimates.beside]
    return [tuple(column[cell] for column in columns) if some else () for cell, some in enumerate(shown.tolist())]
