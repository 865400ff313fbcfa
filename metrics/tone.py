"""The judgement of values against targets, and how many cases are missing."""

import numpy as np
import numpy.typing as npt

from metrics.definition import Direction
from metrics.result import Tone

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
    cases: Numbers = np.maximum(np.ceil(np.round(short, ROUNDING)), 0.0)
    return cases + 0.0


def share_tones(gap: Numbers, target: Numbers, low: Numbers, high: Numbers) -> list[Tone | None]:
    """The tone of each share; None where there is no target or no value.

    Met where no case is missing; missed where the interval excludes the target and at least two cases are
    missing; else near.
    """
    excluded = (target < low) | (target > high)
    missed = excluded & (gap >= CASES_TO_MISS)
    return _tones(np.isnan(gap), gap == 0, missed)


def value_tones(
    direction: Direction, value: Numbers, target: Numbers, low: Numbers, high: Numbers
) -> list[Tone | None]:
    """The tone of each value that isn't a share; missed only where a known interval excludes the target."""
    met = value >= target if direction is Direction.HIGHER else value <= target
    return _tones(np.isnan(value) | np.isnan(target), met, (target < low) | (target > high))


def _tones(
    nothing: npt.NDArray[np.bool_], met: npt.NDArray[np.bool_], missed: npt.NDArray[np.bool_]
) -> list[Tone | None]:
    return [
        None if none else Tone.MET if good else Tone.MISSED if bad else Tone.NEAR
        for none, good, bad in zip(nothing.tolist(), met.tolist(), missed.tolist(), strict=True)
    ]
