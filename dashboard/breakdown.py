"""Counts of one unit by a dimension, and of several units side by side: what lies behind the figures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from data_access.counters import count_rows
from data_access.engine import Connection
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from data_access.rollup.state import Ready
from data_access.roster import finest_of
from metrics.counts import COMPANY, FACTS, Fact
from metrics.definition import Term
from metrics.period import Period
from metrics.pooling import Grid, pool
from metrics.result import Group
from metrics.survival import SurvivalCurve, kaplan_meier

CASES = "cases"


@dataclass(frozen=True)
class Slice:
    """The counts of one value of a dimension or of one unit; ``code`` is None where the value is missing."""

    code: str | None
    counts: tuple[tuple[str, int], ...]

    def __getitem__(self, name: str) -> int:
        """The count of that name."""
        return dict(self.counts)[name]


@dataclass(frozen=True, eq=False)
class Curve:
    """How long one grade's cases take; ``cases`` is how many there are, ``finished`` how many had ended."""

    code: str | None
    curve: SurvivalCurve
    cases: int
    finished: int


def by_dimension(
    connection: Connection,
    hierarchy: Hierarchy,
    question: Question,
    fact: Fact,
    dimension: str,
    ready: Ready | None = None,
) -> tuple[Slice, ...]:
    """The question's counts for each value of the dimension that occurs, those without a value last.

    ``ready`` are the rollups, here and below, if they are known already.
    """
    frame = _pooled(connection, hierarchy, question, fact, ready, dimension)
    counts = list(FACTS[fact].counts)
    sums = frame.groupby(dimension, dropna=False)[counts].sum()
    slices = [Slice(_code(code), _pairs(row)) for code, row in sums.iterrows()]
    return tuple(sorted(slices, key=lambda each: (each.code is None, each.code or "")))


def in_all(
    connection: Connection, hierarchy: Hierarchy, question: Question, fact: Fact, ready: Ready | None = None
) -> Slice:
    """The question's counts, everything together."""
    frame = _pooled(connection, hierarchy, question, fact, ready)
    return Slice(question.unit_id, _pairs(frame[list(FACTS[fact].counts)].sum()))


def by_unit(
    connection: Connection,
    hierarchy: Hierarchy,
    question: Question,
    fact: Fact,
    groups: Sequence[Group],
    ready: Ready | None = None,
) -> tuple[Slice, ...]:
    """The counts of each unit with all below it, in the order of the groups; zeros where there is nothing."""
    finest = finest_of(group.kind for group in groups)
    asked = replace(question, dimensions=(), finest=finest)
    counted = count_rows(connection, hierarchy, {fact: asked}, ready)[fact]
    names = FACTS[fact].counts
    grid = Grid(tuple(groups), (Period(date.min, date.max),))
    rows = pool(fact, counted, grid.unit_places, grid.parts, grid.size)
    columns = [rows.summed((Term(name),)).astype(int).tolist() for name in names]
    return tuple(
        Slice(group.unit_id, tuple(zip(names, counts, strict=True)))
        for group, *counts in zip(groups, *columns, strict=True)
    )


def curves(
    connection: Connection,
    hierarchy: Hierarchy,
    question: Question,
    fact: Fact,
    dimension: str,
    ready: Ready | None = None,
) -> tuple[Curve, ...]:
    """The Kaplan-Meier curve of each value of the dimension that occurs; cases without a value are left out."""
    frame = _pooled(connection, hierarchy, question, fact, ready, dimension)
    return tuple(_curve(str(code), rows) for code, rows in frame.groupby(dimension))


def _pooled(
    connection: Connection,
    hierarchy: Hierarchy,
    question: Question,
    fact: Fact,
    ready: Ready | None,
    *dimensions: str,
) -> pd.DataFrame:
    """The fact's frame by the dimensions, however coarse its units."""
    asked = replace(question, dimensions=dimensions, finest=COMPANY)
    return count_rows(connection, hierarchy, {fact: asked}, ready)[fact].frame()


def _curve(code: str, rows: pd.DataFrame) -> Curve:
    curve = kaplan_meier(rows["duration"].to_numpy(), rows["observed"].to_numpy(), rows[CASES].to_numpy())
    return Curve(code, curve, int(rows[CASES].sum()), int(rows.loc[rows["observed"].astype(bool), CASES].sum()))


def _code(code: object) -> str | None:
    return code if isinstance(code, str) else None


def _pairs(counts: pd.Series) -> tuple[tuple[str, int], ...]:
    return tuple((str(name), int(count)) for name, count in counts.items())
