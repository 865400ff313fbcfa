"""The cases behind a protected figure, for every unit at once: what decides whether it may be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import numpy.typing as npt

from metrics.compute import Conditions, without_data
from metrics.counts import ADDED_UP_OVER_TIME, MINIMUM_PROTECTED_CELL
from metrics.definition import Formula, Indicator
from metrics.estimate import Frames, estimate, pools_of
from metrics.period import Period
from metrics.pooling import Grid, Numbers, Pool
from metrics.time_blocks import blocks

Flags = npt.NDArray[np.bool_]

_ROUNDING = 9


@dataclass(frozen=True, eq=False)
class CasesBehind:
    """The persons behind each figure and whether there is no data: one row per unit, one column per part."""

    parts: tuple[Period, ...]
    cases: Numbers
    empty: Flags


def adds_up(indicator: Indicator) -> bool:
    """Whether the cases behind the indicator in a part are those of the part's pieces together."""
    one_fact = indicator.numerator_fact is indicator.denominator_fact
    return indicator.formula is Formula.RATIO and one_fact and indicator.numerator_fact in ADDED_UP_OVER_TIME


def smallest(parts: Sequence[Period]) -> tuple[Period, ...]:
    """The parts that hold no other, in order: those of which all the others are made."""
    found = (block.leaves or (block.outer,) for block in blocks(parts))
    return tuple(part for leaves in found for part in leaves if part is not None)


def added_cases(
    indicator: Indicator, pool: Pool, judged: Flags, parts: Sequence[Period], conditions: Conditions
) -> CasesBehind:
    """The cases behind an indicator that ``adds_up``, of parts that may overlap.

    ``pool`` holds the rows of its fact in the cells of every unit and the ``smallest`` of the parts, ``judged`` the
    units for which it has a meaning.
    """
    pieces = smallest(parts)
    counts = pool.kept(indicator, conditions.scored).summed(indicator.denominator).reshape(len(judged), len(pieces))
    inside = [[part.start <= piece.start and piece.end <= part.end for piece in pieces] for part in parts]
    cases = np.round(np.column_stack([counts[:, which].sum(axis=1) for which in inside]), _ROUNDING)
    outside = np.array([part.end <= (conditions.first_day or date.min) for part in parts])
    empty = ~judged[:, np.newaxis] | outside | ~(cases > 0)
    return CasesBehind(tuple(parts), np.where(empty, 0.0, cases), empty)


def estimated_cases(
    indicator: Indicator, frames: Frames, grid: Grid, as_of: datetime, conditions: Conditions
) -> CasesBehind:
    """The cases behind any indicator, of parts that don't overlap; for a rate per head cases or heads, the fewer."""
    estimates = estimate(indicator, pools_of(frames, grid), conditions.scored)
    empty = without_data(indicator, estimates, grid, as_of, conditions)
    numerator, denominator = (
        np.where(empty | np.isnan(one), 0.0, one) for one in (estimates.numerator, estimates.denominator)
    )
    cases = denominator
    if indicator.numerator_fact is not indicator.denominator_fact:
        few = denominator < MINIMUM_PROTECTED_CELL
        cases = np.where(few, np.minimum(numerator, denominator), numerator)
    shape = len(grid.groups), len(grid.parts)
    return CasesBehind(grid.parts, cases.reshape(shape), empty.reshape(shape))


def side_by_side(layers: Sequence[CasesBehind]) -> CasesBehind:
    """The cases of the parts of several layers."""
    return CasesBehind(
        parts=tuple(part for layer in layers for part in layer.parts),
        cases=np.hstack([layer.cases for layer in layers]),
        empty=np.hstack([layer.empty for layer in layers]),
    )
