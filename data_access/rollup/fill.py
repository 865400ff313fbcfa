"""The rollups filled from the cases: all partitions, or some of them anew."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    Table,
    and_,
    func,
    insert,
    literal,
    or_,
    select,
    true,
)

from data_access.counts.case_counters import CASE_ROWS
from data_access.counts.deadlines import HOURS_IN_DAY
from data_access.dialect import instant
from data_access.question import Rules
from data_access.rollup.contributions import Contributions
from data_access.rollup.cuts import Cuts
from data_access.rollup.moments import drop_moments, find_moments
from data_access.rollup.open_snapshots import open_at_settlements
from data_access.rollup.scratch import copy_cases, drop_copy, over
from data_access.rollup_tables import (
    COUNTED_CASES,
    case_counts,
    case_counts_ahead,
    case_durations,
    case_topics,
    open_case_counts,
    rollup_units,
)
from data_access.tables import cases
from metrics.counts import FACTS, Fact

UNIT, BRANCH, COMPANY = "unit", "branch", "company"
GRADE_AND_TRACK = ("grade", "track")
LONGEST_WAIT = timedelta(days=45)
"""The longest time after a milestone at which a count may still change by the clock alone, with room to spare."""

Partitions = Iterable[date] | None


@dataclass(frozen=True)
class Filler:
    """Writes the partitions asked for (None: all) into the rollups, whose rows of them must be gone."""

    connection: Connection
    rules: Rules
    cuts: Cuts
    partitions: Partitions

    def count_fact(self, fact: Fact) -> None:
        """Nothing; ``case_counts`` has the fact's rows of the units themselves."""
        found = self._contributions(fact, GRADE_AND_TRACK)
        for statement in (*found.first(), *found.later()):
            self._insert(case_counts, UNIT, self._some(statement), FACTS[fact].counts)

    def count_ahead(self) -> None:
        """Nothing; ``case_counts_ahead`` has what changes after the newest as-of time."""
        copy = copy_cases(self.connection, and_(self.cuts.received_in(self.partitions), self._still_changing()))
        found = {fact: self._contributions(fact, GRADE_AND_TRACK) for fact in COUNTED_CASES}
        instants = [each for contributions in found.values() for each in contributions.instants()]
        moments = find_moments(self.connection, self.cuts.grid, copy, instants)
        for fact, contributions in found.items():
            for statement in contributions.ahead(moments):
                self._insert(case_counts_ahead, UNIT, over(statement, copy), FACTS[fact].counts)
        drop_moments(self.connection, moments)
        drop_copy(self.connection, copy)

    def count_topics(self) -> None:
        """Nothing; ``case_topics`` has the rows of the branches."""
        found = self._contributions(Fact.CASES_RECEIVED, ("channel", "category"), only_settled=True)
        for statement in (*found.first(), *found.later()):
            anchored = self._anchored(self._some(statement))
            self._insert(case_topics, BRANCH, anchored, FACTS[Fact.CASES_RECEIVED].counts)

    def count_durations(self) -> None:
        """Nothing; ``case_durations`` has the rows of the branches."""
        found = self._contributions(Fact.RESOLUTION_WORKING_DAYS, GRADE_AND_TRACK, only_settled=True)
        for statement in (*found.first(), *found.later()):
            self._insert(case_durations, BRANCH, self._anchored(self._some(statement)), ("cases",))

    def count_open(self) -> None:
        """Nothing; ``open_case_counts`` has the rows of the units."""
        for statement in open_at_settlements(self.rules, self.cuts):
            self._insert(open_case_counts, UNIT, self._some(statement), FACTS[Fact.OPEN_CASES].counts)

    def add_up_cases(self) -> None:
        """Nothing; in ``case_counts`` branches and company have the sums of what lies below them."""
        self._add_up(case_counts)
        self._company(case_counts)

    def add_up_open(self) -> None:
        """Nothing; likewise in ``open_case_counts``."""
        self._add_up(open_case_counts)
        self._company(open_case_counts)

    def add_up_rest(self) -> None:
        """Nothing; topics and durations of the company are the sums of its branches."""
        self._company(case_topics)
        self._company(case_durations)

    def steps(self) -> tuple[Callable[[], None], ...]:
        """All that is to be done, in order."""
        return (
            *(partial(self.count_fact, fact) for fact in COUNTED_CASES),
            self.count_ahead,
            self.count_topics,
            self.count_durations,
            self.count_open,
            self.add_up_cases,
            self.add_up_open,
            self.add_up_rest,
        )

    def _add_up(self, table: Table) -> None:
        self._insert(table, BRANCH, self._anchored(self._grain(table, UNIT)), counts_of(table))

    def _company(self, table: Table) -> None:
        self._insert(table, COMPANY, self._without_unit(table), counts_of(table))

    def _contributions(self, fact: Fact, dimensions: tuple[str, ...], *, only_settled: bool = False) -> Contributions:
        return Contributions(CASE_ROWS[fact], self.rules, self.cuts, dimensions, only_settled)

    def _some(self, statement: Select[Any]) -> Select[Any]:
        return statement.where(self.cuts.received_in(self.partitions))

    def _still_changing(self) -> ColumnElement[bool]:
        """Whether anything of a case may change after the newest as-of time."""
        known_until = self.cuts.grid.known_until
        times = [column for column in cases.columns if column.name.endswith("_at") and column.name != "updated_at"]
        recently = [column > instant(known_until - LONGEST_WAIT) for column in times]
        undated = or_(cases.c.response_due_at.is_(None), cases.c.resolution_due_at.is_(None))
        longest = timedelta(days=self._longest_allowance())
        return or_(*recently, and_(undated, cases.c.received_at > instant(known_until - longest)))

    def _longest_allowance(self) -> int:
        """Days, long enough for the working days that a grade allows and all holidays in between."""
        limits = [limit for rule in self.rules.deadlines for limit in (rule.response, rule.resolution)]
        return (
            max((max((limit.hours or 0) // HOURS_IN_DAY, 3 * (limit.working_days or 0)) for limit in limits), default=0)
            + 30
        )

    def _grain(self, table: Table, grain: str) -> Select[Any]:
        columns = [column for column in table.columns if column.name != "grain"]
        return select(*columns).where(table.c.grain == grain, self._in_partitions(table))

    def _in_partitions(self, table: Table) -> ColumnElement[bool]:

        return true() if self.partitions is None else table.c.partition.in_(sorted(self.partitions))

    def _without_unit(self, table: Table) -> Select[Any]:
        columns = [column for column in table.columns if column.name not in ("grain", "unit_id")]
        nowhere = literal(None, String()).label("unit_id")
        return select(nowhere, *columns).where(table.c.grain == BRANCH, self._in_partitions(table))

    def _anchored(self, statement: Select[Any]) -> Select[Any]:
        """The rows with the branch or department in place of the unit."""
        rows = statement.subquery("rows_of_units")
        on = rows.c.segment if "segment" in rows.c else rows.c.day
        here = and_(
            rollup_units.c.unit_id == rows.c.unit_id,
            rollup_units.c.first_segment <= on,
            rollup_units.c.end_segment > on,
        )
        others = [column for column in rows.columns if column.name != "unit_id"]
        return select(rollup_units.c.anchor_id.label("unit_id"), *others).select_from(
            rows.outerjoin(rollup_units, here)
        )

    def _insert(self, table: Table, grain: str, rows: Select[Any], counts: Sequence[str]) -> None:
        """Write the rows' sums into the table, without those that are zero throughout."""
        single = rows.subquery("single")
        keys = [column for column in single.columns if column.name not in counts]
        sums = [func.sum(single.c[name]).label(name) for name in counts]
        statement = select(literal(grain, String(), literal_execute=True), *keys, *sums).group_by(*keys)
        statement = statement.having(or_(*(func.coalesce(total.element, 0) != 0 for total in sums)))
        names = ["grain", *(column.name for column in keys), *counts]
        self.connection.execute(insert(table).from_select(names, statement))


def counts_of(table: Table) -> tuple[str, ...]:
    """The names of a rollup's counts."""
    offered = {name for spec in FACTS.values() for name in spec.counts}
    return tuple(column.name for column in table.columns if column.name in offered)
