"""Counts of units read from the rollups, where they hold what is asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Integer, Select, String, Table, func, literal, select

from data_access.counts.grouping import rows_of_days
from data_access.counts.placing import UNIT, Placing, by_date
from data_access.counts.standing import as_of_date
from data_access.counts.within import roots_below_company, within
from data_access.dialect import instant
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from data_access.rollup.event_periods import FIRST_OF
from data_access.rollup.grid import Grid
from data_access.rollup_tables import duty_counts, event_counts, unit_counts, zone_load_counts
from metrics.counted_rows import CountedRows
from metrics.counts import BRANCH, DEPARTMENT, FACTS, TEAM, Fact
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


def read_units(
    connection: Connection, hierarchy: Hierarchy, question: Question, fact: Fact, grid: Grid
) -> CountedRows | None:
    """The fact's rows from the rollups; None where they don't hold all that the question asks."""
    holding, placing = UNIT_HOLDINGS[fact], by_date(fact, hierarchy, question)
    if not _holds(placing, holding, grid):
        return None
    return rows_of_days(connection.execute(_counting(placing, holding)).all(), placing)


def _holds(placing: Placing, holding: UnitHolding, grid: Grid) -> bool:
    question = placing.question
    answered = all(getattr(question.filters, name) is None for name, column in holding.filters if not column)
    if holding.once and _months_of(question.parts) not in FIRST_OF:
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


def _counting(placing: Placing, holding: UnitHolding) -> Select[Any]:
    """The rows that count: unit, day, dimensions, values and counts. Adding up is left to whoever pools them."""
    spec, table = FACTS[placing.fact], holding.table
    names = (UNIT, holding.day, *placing.dimensions, *spec.values, *spec.counts)
    counts = (func.coalesce(table.c[name], 0) if name in spec.counts else table.c[name] for name in names)
    return select(*counts).where(*_conditions(placing, holding))


def _conditions(placing: Placing, holding: UnitHolding) -> Iterator[Any]:
    table, question = holding.table, placing.question
    day = table.c[holding.day]
    # Written out, not bound: each grain has an index of its own, which a bound one would hide.
    yield table.c.grain == literal(_grain(placing), String(), literal_execute=True)
    yield day.in_([part.last_day for part in question.parts]) if holding.stands else placing.holds(day)
    yield table.c.counts_from <= instant(question.as_of)
    yield within(placing, table.c.unit_id, day)
    if holding.once:
        yield table.c.first_of >= literal(_months_of(question.parts), Integer())
    for name, column in holding.filters:
        wanted = getattr(question.filters, name)
        if column and wanted is not None:
            yield table.c[column].in_(wanted if isinstance(wanted, tuple) else (wanted,))


def _months_of(parts: tuple[Period, ...]) -> int | None:
    """How many months each of the parts has; None if they differ, or begin elsewhere than such periods do."""
    found = {12 * (part.end.year - part.start.year) + part.end.month - part.start.month for part in parts}
    length = found.pop() if len(found) == 1 else 0
    return length if length and all((part.start.month - 1) % length == 0 for part in parts) else None


def _grain(placing: Placing) -> str:
    """The coarsest grain that is fine enough."""
    units = placing.hierarchy.units
    kinds = {units[root].kind if root in units else TEAM for root in roots_below_company(placing)}
    finest = placing.question.finest
    if TEAM in (*kinds, finest):
        return "unit"
    several = bool(kinds) or finest in (BRANCH, DEPARTMENT) or not placing.hierarchy.has_one_company
    return "branch" if several else "company"
