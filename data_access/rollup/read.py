"""Counts of cases read from the rollups, where they hold what is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, Table, func, or_, select, true, union_all

from data_access.counts.grouping import placed
from data_access.counts.placing import STRETCH, UNIT, Placing, as_of_day, by_date
from data_access.counts.within import roots_below_company, within
from data_access.dialect import instant
from data_access.hierarchy import Hierarchy
from data_access.question import Question, View
from data_access.rollup.grid import Grid
from data_access.rollup_tables import (
    COUNTED_CASES,
    case_counts,
    case_counts_ahead,
    case_durations,
    case_topics,
    open_case_counts,
)
from metrics.counts import BRANCH, DEPARTMENT, FACTS, TEAM, Fact


@dataclass(frozen=True)
class Holding:
    """A rollup that holds a fact: by which dimensions, at which grains, and beside what lies ahead of now."""

    table: Table
    dimensions: tuple[str, ...]
    grains: tuple[str, ...] = ("company", "branch", "unit")
    ahead: Table | None = None


GRADE_AND_TRACK = ("grade", "track")
HOLDINGS: Mapping[Fact, tuple[Holding, ...]] = MappingProxyType(
    {
        **{fact: (Holding(case_counts, GRADE_AND_TRACK, ahead=case_counts_ahead),) for fact in COUNTED_CASES},
        Fact.CASES_RATED: (Holding(case_counts, (*GRADE_AND_TRACK, "rating_source"), ahead=case_counts_ahead),),
        Fact.CASES_RECEIVED: (
            Holding(case_counts, GRADE_AND_TRACK, ahead=case_counts_ahead),
            Holding(case_topics, ("channel", "category"), ("company", "branch")),
        ),
        Fact.RESOLUTION_WORKING_DAYS: (Holding(case_durations, GRADE_AND_TRACK, ("company", "branch")),),
        Fact.OPEN_CASES: (Holding(open_case_counts, (*GRADE_AND_TRACK, "age_band")),),
    }
)
"""The rollups of each fact."""


def read_rollup(
    connection: Connection, hierarchy: Hierarchy, question: Question, fact: Fact, grid: Grid
) -> pd.DataFrame | None:
    """The fact's frame from the rollups; None where they don't hold all that the question asks."""
    for holding in HOLDINGS.get(fact, ()):
        grain = _grain(hierarchy, question, holding)
        if grain is not None and _holds(question, fact, holding, grid):
            return _read(connection, hierarchy, question, fact, holding, grain, grid)
    return None


def read_together(
    connection: Connection, hierarchy: Hierarchy, wanted: Mapping[Fact, Question], grid: Grid
) -> dict[Fact, pd.DataFrame]:
    """The frames of those facts of cases that can be read with one statement for each question.

    Facts that are left out must be counted one by one.
    """
    together: dict[tuple[Question, str], list[Fact]] = {}
    for fact, question in wanted.items():
        if fact in COUNTED_CASES:
            holding = HOLDINGS[fact][0]
            grain = _grain(hierarchy, question, holding)
            if grain is not None and _holds(question, fact, holding, grid):
                together.setdefault((question, grain), []).append(fact)
    frames: dict[Fact, pd.DataFrame] = {}
    for (question, grain), facts in together.items():
        frames |= _read_several(connection, hierarchy, question, facts, grain, grid)
    return frames


def _read_several(
    connection: Connection, hierarchy: Hierarchy, question: Question, facts: list[Fact], grain: str, grid: Grid
) -> dict[Fact, pd.DataFrame]:
    placing, holding = by_date(facts[0], hierarchy, question), HOLDINGS[facts[0]][0]
    names = [name for fact in facts for name in FACTS[fact].counts]
    single = _counting(placing, holding, grain, grid, names)
    rows = connection.execute(_added_up(placing, single, (), names)).all()
    frames, first = {}, 2 + len(question.dimensions)
    start = first
    for fact in facts:
        end = start + len(FACTS[fact].counts)
        own = [(*row[:first], *row[start:end]) for row in rows if any(row[start:end])]
        frames[fact] = placed(own, replace(placing, fact=fact))
        start = end
    return frames


def _holds(question: Question, fact: Fact, holding: Holding, grid: Grid) -> bool:
    asked = {*question.dimensions, *(name for name, value in vars(question.filters).items() if value is not None)}
    if not asked <= set(holding.dimensions):
        return False
    if fact is Fact.OPEN_CASES:
        return bool(question.parts) and question.as_of in grid.settlements
    if holding.ahead is not None and grid.holds_now(question.parts, question.as_of):
        return True
    return grid.holds_settled(question.parts, question.as_of)


def _grain(hierarchy: Hierarchy, question: Question, holding: Holding) -> str | None:
    """The coarsest grain that is fine enough; None where the rollup has no such one."""
    roots = roots_below_company(by_date(Fact.CASES_RECEIVED, hierarchy, question))
    kinds = {hierarchy.units[root].kind if root in hierarchy.units else TEAM for root in roots}
    if TEAM in kinds or question.finest == TEAM:
        wanted = "unit"
    else:
        several = bool(kinds) or question.finest in (BRANCH, DEPARTMENT) or not hierarchy.has_one_company
        wanted = "branch" if several else "company"
    return wanted if wanted in holding.grains else None


def _read(
    connection: Connection,
    hierarchy: Hierarchy,
    question: Question,
    fact: Fact,
    holding: Holding,
    grain: str,
    grid: Grid,
) -> pd.DataFrame:
    spec = FACTS[fact]
    names = (*spec.values, *spec.counts)
    if fact is Fact.OPEN_CASES:
        placing, table = as_of_day(fact, hierarchy, question), holding.table
        at_settlement = table.c.as_of == instant(question.as_of)
        rows = [_single(placing, table, grain, table.c.day, names).where(at_settlement)]
    else:
        placing = by_date(fact, hierarchy, question)
        rows = _counting(placing, holding, grain, grid, names)
    return placed(connection.execute(_added_up(placing, rows, spec.values, spec.counts)).all(), placing)


def _counting(placing: Placing, holding: Holding, grain: str, grid: Grid, names: Sequence[str]) -> list[Select[Any]]:
    """The rows that count at the as-of time; what lies ahead is kept by unit only, which is fine enough for all."""
    question, table = placing.question, holding.table
    as_of = instant(question.as_of)
    rows = [_single(placing, table, grain, table.c.segment, names).where(table.c.counts_from <= as_of)]
    if holding.ahead is not None and question.as_of > grid.known_until:
        ahead = holding.ahead
        rows.append(_single(placing, ahead, "unit", ahead.c.segment, names).where(ahead.c.counts_from <= as_of))
    return rows


def _single(placing: Placing, table: Table, grain: str, day: ColumnElement[Any], names: Sequence[str]) -> Select[Any]:
    question = placing.question
    asked = ((column.name, getattr(question.filters, column.name, None)) for column in table.columns)
    return select(
        table.c.unit_id.label(UNIT),
        placing.number(day).label(STRETCH),
        *(table.c[name] for name in (*placing.dimensions, *names)),
    ).where(
        table.c.grain == grain,
        placing.holds(day),
        within(placing, table.c.unit_id, day),
        table.c.view == View.SCORED.value if question.view is View.SCORED else true(),
        *(table.c[name] == value for name, value in asked if value is not None),
    )


def _added_up(
    placing: Placing, rows: Sequence[Select[Any]], values: Sequence[str], counts: Sequence[str]
) -> Select[Any]:
    """The rows' sums, as ``grouping.placed`` takes them."""
    single = union_all(*rows).subquery("single")
    keys = [single.c[name] for name in (UNIT, STRETCH, *placing.dimensions, *values)]
    sums = [func.coalesce(func.sum(single.c[name]), 0) for name in counts]
    named = [total.label(name) for name, total in zip(counts, sums, strict=True)]
    return select(*keys, *named).group_by(*keys).having(or_(*(total != 0 for total in sums)))
