"""Counts of one unit by a dimension, and of several units side by side: what lies behind the figures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from data_access.counts import COUNTERS
from data_access.engine import Connection
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from metrics.counts import COMPANY, FACTS, Fact
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
    connection: Connection, hierarchy: Hierarchy, question: Question, fact: Fact, dimension: str
) -> tuple[Slice, ...]:
    """The question's counts for each value of the dimension that occurs, those without a value last."""
    frame = COUNTERS[fact](connection, hierarchy, replace(question, dimensions=(dimension,)))
    counts = list(FACTS[fact].counts)
    sums = frame.groupby(dimension, dropna=False)[counts].sum()
    slices = [Slice(_code(code), _pairs(row)) for code, row in sums.iterrows()]
    return tuple(sorted(slices, key=lambda each: (each.code is None, each.code or "")))


def in_all(connection: Connection, hierarchy: Hierarchy, question: Question, fact: Fact) -> Slice:
    """The question's counts, everything together."""
    frame = COUNTERS[fact](connection, hierarchy, replace(question, dimensions=()))
    return Slice(question.unit_id, _pairs(frame[list(FACTS[fact].counts)].sum()))


def by_unit(
    connection: Connection, hierarchy: Hierarchy, question: Question, fact: Fact, groups: Sequence[Group]
) -> tuple[Slice, ...]:
    """The counts of each unit with all below it, in the order of the groups; zeros where there is nothing."""
    frame = COUNTERS[fact](connection, hierarchy, replace(question, dimensions=()))
    counts = list(FACTS[fact].counts)
    return tuple(Slice(group.unit_id, _pairs(_of_unit(frame, group)[counts].sum())) for group in groups)


def curves(
    connection: Connection, hierarchy: Hierarchy, question: Question, fact: Fact, dimension: str
) -> tuple[Curve, ...]:
    """The Kaplan-Meier curve of each value of the dimension that occurs; cases without a value are left out."""
    frame = COUNTERS[fact](connection, hierarchy, replace(question, dimensions=(dimension,)))
    return tuple(_curve(str(code), rows) for code, rows in frame.groupby(dimension))


def _of_unit(frame: pd.DataFrame, group: Group) -> pd.DataFrame:
    return frame if group.kind == COMPANY else frame[frame[f"{group.kind}_id"] == group.unit_id]


def _curve(code: str, rows: pd.DataFrame) -> Curve:
    curve = kaplan_meier(rows["duration"].to_numpy(), rows["observed"].to_numpy(), rows[CASES].to_numpy())
    return Curve(code, curve, int(rows[CASES].sum()), int(rows.loc[rows["observed"].astype(bool), CASES].sum()))


def _code(code: object) -> str | None:
    return code if isinstance(code, str) else None


def _pairs(counts: pd.Series) -> tuple[tuple[str, int], ...]:
    return tuple((str(name), int(count)) for name, count in counts.items())
