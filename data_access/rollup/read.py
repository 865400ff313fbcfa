"""Counts of cases read from the rollups, where they hold what is asked."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from sqlalchemy import Connection

from data_access.counts.placing import by_date
from data_access.counts.within import roots_below_company
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from data_access.rollup.adding import added_rows
from data_access.rollup.asked import Asked
from data_access.rollup.block import BY_DATE, BY_DURATION, BY_TOPIC, IN_DAYS, IN_MINUTES, OPEN, UNIT_GRAIN, BlockKind
from data_access.rollup.block_reader import RollupsReplacedError, hold
from data_access.rollup.read_units import read_units
from data_access.rollup.state import Ready
from data_access.rollup_tables import COUNTED_CASES, COUNTED_WHILE_RUNNING
from metrics.counted_rows import CountedRows
from metrics.counts import BRANCH, COMPANY, DEPARTMENT, TEAM, Fact

GRAINS = ("company", "branch", "unit")
"""From the coarsest to the finest."""


@dataclass(frozen=True)
class Holding:
    """The blocks that hold a fact, and at which grains."""

    kind: BlockKind
    grains: tuple[str, ...] = GRAINS

    @property
    def reaches_now(self) -> bool:
        """Whether what lies ahead of the last refresh is known beside the blocks."""
        return self.kind is BY_DATE


HOLDINGS: Mapping[Fact, tuple[Holding, ...]] = MappingProxyType(
    {
        **{fact: (Holding(BY_DATE),) for fact in COUNTED_CASES},
        Fact.CASES_RECEIVED: (Holding(BY_DATE), Holding(BY_TOPIC, ("company", "branch"))),
        **{fact: (Holding(BY_DURATION[fact]),) for fact in IN_DAYS},
        **{fact: (Holding(BY_DURATION[fact], ("company", "unit")),) for fact in IN_MINUTES},
        Fact.OPEN_CASES: (Holding(OPEN),),
    }
)
"""The rollups of each fact."""

ONLY_RATED = "rating_source"
"""A dimension of ratings alone: no other count has it."""


def asked_of_rollup(hierarchy: Hierarchy, question: Question, fact: Fact, ready: Ready) -> Asked | None:
    """What the question asks of the blocks that hold the fact; None where none hold all that it asks."""
    for holding in HOLDINGS.get(fact, ()):
        if _holds(question, fact, holding, ready):
            wanted = coarsest(
                hierarchy, question, roots_below_company(by_date(Fact.CASES_RECEIVED, hierarchy, question))
            )
            grain = _held_grain(wanted, holding)
            if grain is not None:
                return Asked(hierarchy, question, ready, holding.kind, grain, wanted == UNIT_GRAIN)
    return None


def read_rollup(
    connection: Connection, hierarchy: Hierarchy, question: Question, fact: Fact, ready: Ready
) -> CountedRows | None:
    """The fact's rows from the rollups; None where they don't hold all that the question asks."""
    asked = asked_of_rollup(hierarchy, question, fact, ready)
    return None if asked is None else added_rows(connection, asked, (fact,))[fact]


def read_together(
    connection: Connection, hierarchy: Hierarchy, wanted: Mapping[Fact, Question], ready: Ready
) -> dict[Fact, CountedRows]:
    """The rows of those facts of cases that can be added up at once for each question.

    Facts that are left out must be counted one by one.
    """
    together: dict[tuple[Question, str], tuple[Asked, list[Fact]]] = {}
    for fact, question in wanted.items():
        asked = asked_of_rollup(hierarchy, question, fact, ready) if fact in COUNTED_CASES else None
        if asked is not None and asked.kind is BY_DATE:
            together.setdefault((question, asked.grain), (asked, []))[1].append(fact)
    rows: dict[Fact, CountedRows] = {}
    for asked, facts in together.values():
        rows |= added_rows(connection, asked, facts)
    return rows


def prefetched(
    connection: Connection, hierarchy: Hierarchy, wanted: Sequence[tuple[Fact, Question]], ready: Ready
) -> Ready:
    """The rollups with all that the questions ask for in memory, each kind read with one statement."""
    days: dict[tuple[BlockKind, str, frozenset[str] | None], dict[date, None]] = {}
    for fact, question in wanted:
        asked = asked_of_rollup(hierarchy, question, fact, ready)
        if asked is not None:
            days.setdefault((asked.kind, asked.grain, asked.anchors), {}).update(dict.fromkeys(asked.segments))
    for (kind, grain, anchors), segments in days.items():
        # Whoever asks next finds out what became of rollups that were replaced.
        with suppress(RollupsReplacedError):
            hold(connection, ready.stamp, kind, grain, tuple(segments), anchors)
    return replace(ready, units=read_units(connection, hierarchy, wanted, ready.grid))


def _holds(question: Question, fact: Fact, holding: Holding, ready: Ready) -> bool:
    asked = {*question.dimensions, *(name for name, value in vars(question.filters).items() if value is not None)}
    offered = {name for name in holding.kind.dimensions if name != ONLY_RATED or fact is Fact.CASES_RATED}
    if not question.parts or not asked <= offered:
        return False
    grid = ready.grid
    if fact is Fact.OPEN_CASES:
        return question.as_of in grid.settlements
    if holding.reaches_now and grid.holds_now(question.parts, question.as_of):
        return True
    if grid.holds_settled(question.parts, question.as_of):
        return True
    return fact in COUNTED_WHILE_RUNNING and grid.holds_running(question.parts, question.as_of)


def _held_grain(wanted: str, holding: Holding) -> str | None:
    """The coarsest grain that is as fine as the wanted one; None where the rollup has no such one."""
    fine_enough = GRAINS[GRAINS.index(wanted) :]
    return next((grain for grain in fine_enough if grain in holding.grains), None)


def coarsest(hierarchy: Hierarchy, question: Question, roots: Sequence[str]) -> str:
    """The coarsest grain that is fine enough for a question about the units under the roots."""
    kinds = {hierarchy.units[root].kind if root in hierarchy.units else TEAM for root in roots}
    if TEAM in (*kinds, question.finest):
        return "unit"
    several = bool(kinds) or question.finest in (BRANCH, DEPARTMENT) or not hierarchy.has_one_company
    return "branch" if several else COMPANY
