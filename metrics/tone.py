"""The judgement of values against targets, and how many cases are missing."""

import numpy as np
import numpy.typing as npt

from metrics.definition import Direction
from metrics.result import Tone
from metrics.survival import SurvivalCurves, survival_at

CASES_TO_MISS = 2
"""Being short by fewer cases is never called missed: one case can always go either way."""

ROUNDING = 9
"""Decimals of a sum of counts that are kept: more than counts and targets have, fewer than floats lose."""

Numbers = npt.NDArray[np.float64]


def gaps(direction: Direction, numerator: Numbers, denominator: Numbers, target: Numbers) -> Numbers:
    """The smallest whole number of cases that would reach the target.

    More of them for ``higher``, fewer for ``lower``; 0 where it is reached, NaN where there is no target or
    no denominator. ``target`` is numerator / denominator, so a rate per 100 must be divided first.
    """
    wanted = np.where(denominator > 0, target * denominator, np.nan)
    short = wanted - numerator if direction is Direction.HIGHER else numerator - wanted
    return _whole(short)


def quantile_gaps(curves: SurvivalCurves, quantile: float, cases: Numbers, target: Numbers) -> Numbers:
    """The smallest whole number of cases that would have to be finished within the target to reach it.

    ``curves`` are survival curves by cell and ``cases`` and ``target`` one number per cell, the target in
    the curves' resolution. NaN where there is no target or no case.
    """
    wanted = np.where((cases > 0) & ~np.isnan(target), cases, np.nan)
    short = wanted * (survival_at(curves, target) - (1.0 - quantile))
    return _whole(short)


def tones(gap: Numbers, target: Numbers, low: Numbers, high: Numbers) -> list[Tone | None]:
    """The tone of each value; None where there is no target or no value.

    Met where no case is missing; missed where the interval excludes the target and at least two cases are
    missing; else near. Without an interval nothing is called missed.
    """
    missed = ((target < low) | (target > high)) & (gap >= CASES_TO_MISS)
    verdicts = zip(np.isnan(gap).tolist(), (gap == 0).tolist(), missed.tolist(), strict=True)
    return [None if none else Tone.MET if met else Tone.MISSED if bad else Tone.NEAR for none, met, bad in verdicts]


def _whole(short: Numbers) -> Numbers:
    cases: Numbers = np.maximum(np.ceil(np.round(short, ROUNDING)), 0.0)
    return cases + 0.0
