"""Suppression of periods longer than a quarter: what a visible year less its visible quarters would tell."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from metrics.counts import MINIMUM_PROTECTED_CELL
from metrics.definition import Indicator
from metrics.period import Period, quarter_period
from metrics.result import Result, Status
from metrics.suppression import Cells, cases_behind


@dataclass(frozen=True)
class Quarter:
    """A quarter of one unit: the cases behind its figure, and whether the figure is hidden."""

    period: Period
    cases: float
    hidden: bool


def quarters_within(part: Period) -> tuple[Period, ...]:
    """The calendar quarters that lie wholly inside a part longer than a quarter, in order; else none."""
    quarters = sorted({quarter_period(month.start) for month in part.months()})
    whole = tuple(quarter for quarter in quarters if part.start <= quarter.start and quarter.end <= part.end)
    return whole if len(quarters) > 1 else ()


def quarters_by_unit(
    indicator: Indicator, computed: Sequence[Result], shown: Sequence[Result]
) -> dict[str, list[Quarter]]:
    """Each unit's quarters, from the same Results before and after suppression."""
    found: dict[str, list[Quarter]] = defaultdict(list)
    for before, after in zip(computed, shown, strict=True):
        hidden = after.status is Status.HIDDEN
        found[before.group.unit_id].append(Quarter(before.period, cases_behind(indicator, before), hidden))
    return found


def told_by_quarters(results: Sequence[Result], quarters: dict[str, list[Quarter]]) -> Cells:
    """The cells of long parts that, less their visible quarters, would give a small hidden rest away.

    A rest of one hidden quarter, or of fewer than ten cases together, would follow by subtraction.
    """
    return frozenset(
        (result.group.unit_id, result.period)
        for result in results
        if _tells(result, quarters.get(result.group.unit_id, []))
    )


def _tells(result: Result, quarters: Sequence[Quarter]) -> bool:
    inside = set(quarters_within(result.period))
    hidden = [quarter.cases for quarter in quarters if quarter.period in inside and quarter.hidden and quarter.cases]
    return len(hidden) == 1 or 0 < sum(hidden) < MINIMUM_PROTECTED_CELL
