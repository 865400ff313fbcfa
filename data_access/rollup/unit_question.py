"""A question about a fact of units, as the rollup that holds the fact can be asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from data_access.counts.placing import Placing, unbroken
from data_access.counts.within import roots_below_company
from data_access.question import Question
from data_access.rollup.unit_holdings import UnitHolding
from metrics.counts import BRANCH, DEPARTMENT, FACTS, TEAM

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, eq=False)
class UnitQuestion:
    """A fact and its question, and the rollup that holds all that is asked."""

    placing: Placing
    holding: UnitHolding

    @property
    def question(self) -> Question:
        """The question."""
        return self.placing.question

    @cached_property
    def roots(self) -> tuple[str, ...]:
        """The units under all of which a row must lie; none for the whole company."""
        return roots_below_company(self.placing)

    @cached_property
    def grain(self) -> str:
        """The coarsest grain that is fine enough."""
        hierarchy, finest = self.placing.hierarchy, self.question.finest
        kinds = {hierarchy.units[root].kind if root in hierarchy.units else TEAM for root in self.roots}
        if TEAM in (*kinds, finest):
            return "unit"
        several = bool(kinds) or finest in (BRANCH, DEPARTMENT) or not hierarchy.has_one_company
        return "branch" if several else "company"

    @cached_property
    def runs(self) -> tuple[tuple[date, date], ...]:
        """The days of rows that may count: each run from its first day to before its end."""
        if self.holding.stands:
            return tuple((part.last_day, part.last_day + ONE_DAY) for part in self.question.parts)
        return tuple(unbroken(self.placing.stretches))

    def covers(self, day: date) -> bool:
        """Whether rows of the day may count."""
        return any(first <= day < end for first, end in self.runs)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions asked for."""
        return self.placing.dimensions

    @property
    def numbers(self) -> tuple[str, ...]:
        """The fact's values and counts."""
        spec = FACTS[self.placing.fact]
        return (*spec.values, *spec.counts)

    @cached_property
    def restricted(self) -> Mapping[str, tuple[str, ...]]:
        """The codes that a column must have one of, by column."""
        wanted = {column: getattr(self.question.filters, name) for name, column in self.holding.filters if column}
        given = {column: codes for column, codes in wanted.items() if codes is not None}
        return {column: codes if isinstance(codes, tuple) else (codes,) for column, codes in given.items()}
