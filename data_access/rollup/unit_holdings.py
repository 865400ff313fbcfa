"""Which rollup holds which counts of units, and what it can be asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import Table

from data_access.counts.standing import as_of_date
from data_access.question import Question
from data_access.rollup.event_periods import FIRST_OF
from data_access.rollup.grid import Grid
from data_access.rollup_tables import duty_counts, event_counts, unit_counts, zone_load_counts
from metrics.counts import Fact
from metrics.period import Period


@dataclass(frozen=True, eq=False)
class UnitHolding:
    """A rollup that holds a fact: its column of days, and its filters with the columns that they ask for.

    What stands on a day is asked for at the end of a part only; other counts add up over its months.
    """

    table: Table
    day: str
    filters: tuple[tuple[str, str | None], ...] = ()
    stands: bool = False
    once: bool = False
    """a thing counts once in a part, so that only months, quarters, half-years and years are held"""
    dimensions: tuple[str, ...] = ()


NOT_BY_PLATFORM = (("platform", None),)
EVENT_FILTERS = (("grade", "grade"), ("track", "track"), ("channel", None), ("category", None))
UNIT_HOLDINGS: Mapping[Fact, UnitHolding] = MappingProxyType(
    {
        Fact.CASE_EVENTS: UnitHolding(
            event_counts, "segment", EVENT_FILTERS, once=True, dimensions=("grade", "track", "decided_by")
        ),
        Fact.HEADCOUNTS: UnitHolding(unit_counts, "day", stands=True),
        Fact.ZONES: UnitHolding(unit_counts, "day", stands=True),
        Fact.ZONE_LOADS: UnitHolding(zone_load_counts, "day", stands=True),
        Fact.CHAT_GROUPS: UnitHolding(unit_counts, "day", NOT_BY_PLATFORM, stands=True),
        Fact.LIAISONS: UnitHolding(unit_counts, "day", stands=True),
        Fact.CHAT_GROUP_ACTIVITY: UnitHolding(unit_counts, "day", NOT_BY_PLATFORM),
        Fact.CONTACT_POINTS: UnitHolding(unit_counts, "day"),
        Fact.DUTIES: UnitHolding(duty_counts, "segment", (("duty_kinds", "duty_kind"),), dimensions=("duty_kind",)),
    }
)
"""The rollup of each fact about units."""


def holds(question: Question, holding: UnitHolding, grid: Grid) -> bool:
    """Whether the rollup holds all that the question asks."""
    answered = all(getattr(question.filters, name) is None for name, column in holding.filters if not column)
    if holding.once and months_of(question.parts) not in FIRST_OF:
        return False
    return answered and set(question.dimensions) <= set(holding.dimensions) and knows(grid, question)


def knows(grid: Grid, question: Question) -> bool:
    """Whether the parts are whole months that ended by the last refresh, and the time one that rows count from.

    Rows count from a settlement or, after the last one, from the very time of a change.
    """
    ended = all(part.end <= min(grid.today, as_of_date(question)) for part in question.parts)
    whole = all(part.start.day == part.end.day == 1 and part.start >= grid.first_month for part in question.parts)
    newest = grid.settlements[-1] if grid.settlements else None
    if not (question.parts and ended and whole):
        return False
    return newest is None or question.as_of >= newest or grid.holds_settled(question.parts, question.as_of)


def months_of(parts: tuple[Period, ...]) -> int | None:
    """How many months each of the parts has; None if they differ, or begin elsewhere than such periods do."""
    found = {12 * (part.end.year - part.start.year) + part.end.month - part.start.month for part in parts}
    length = found.pop() if len(found) == 1 else 0
    return length if length and all((part.start.month - 1) % length == 0 for part in parts) else None
