"""Cases that count for a fact by one of their dates, ready to be evaluated over arrays.

Every count is one of ``counts.case_rows``, seen from the as-of time of the row.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from sqlalchemy import column, table

from data_access.counts.case_rows import CaseRows, RowsOfFact
from data_access.counts.standpoint import Standpoint
from data_access.instant import Instant
from data_access.question import Rules, View
from data_access.rollup.calendar_lookup import Calendar, CalendarJoin, calendar_joins
from data_access.rollup.expression import Compiler
from data_access.rollup.rows import Array, Expression, Rows, Values, empty_columns, rows_of
from data_access.tables import cases

SEEN = table("seen", column("as_of", Instant()))
AS_OF = ("seen", "as_of")


@dataclass(frozen=True, eq=False)
class States:
    """What some rows are as of their times: counts and values, one row each; all zero where a row doesn't count."""

    counts: Array
    values: Array

    def take(self, rows: Array) -> "States":
        """The states of some rows."""
        return States(rows_of(self.counts, rows), rows_of(self.values, rows))

    def by_beginning(self, as_of: Array) -> "States":
        """The same of durations, where what isn't finished is told by its beginning, which stays true.

        ``as_of`` are the rows' as-of times, in the numbers in which beginnings are told.
        """
        durations, observed = self.values.T
        return States(self.counts, np.stack([np.where(observed, durations, as_of - durations), observed], axis=1))


@dataclass(frozen=True, eq=False)
class _Compiled:
    """The expressions of some rows in one view."""

    counting: Expression
    values: tuple[Expression, ...]
    counts: tuple[Expression, ...]


@dataclass(frozen=True, eq=False)
class Tallied:
    """The cases that count for a fact by the date ``at``, for the unit in the column of that name.

    ``changes`` are the instants at which a row may count otherwise, beside its date. ``while_running`` says whether
    they are also counted at settlements before the one of the date's month. ``by_beginning`` says that what isn't
    finished is told by its beginning: so it is with durations in minutes, of which there would be others at each time.
    """

    unit: str
    at: Expression
    changes: tuple[Expression, ...]
    joins: tuple[CalendarJoin, ...]
    calendar: Calendar
    of_view: dict[View, _Compiled]
    while_running: bool
    by_beginning: bool

    @property
    def grows(self) -> bool:
        """Whether what is told of a case changes as long as it is open; days are joined as of each time then."""
        return bool(self.of_view[View.SCORED].values) and not self.by_beginning

    def joined(self, rows: Rows) -> Rows:
        """The rows with the calendar's columns that don't depend on the as-of time."""
        return rows if self.grows else self.calendar.join(rows, self.joins)[0]

    def states(self, rows: Rows, view: View) -> States:
        """What the rows are, as of the times in their column AS_OF."""
        expressions = self.of_view[view]
        kept = Values(np.array(True))
        if self.grows:
            rows, kept = self.calendar.join(rows, self.joins)
        counting = expressions.counting.of(rows).data & kept.data
        counts = _matrix((each.of(rows) for each in expressions.counts), (rows.size, len(expressions.counts)), np.int8)
        values = _matrix((each.of(rows) for each in expressions.values), (rows.size, len(expressions.values)), np.int32)
        gone = np.flatnonzero(~np.broadcast_to(counting, (rows.size,)))
        counts[gone] = 0
        values[gone] = 0
        return States(counts, values)


def _matrix(columns: Iterable[Values], shape: tuple[int, int], kind: type[np.int8 | np.int32]) -> Array:
    matrix = empty_columns(*shape, kind)
    for place, values in enumerate(columns):
        matrix[:, place] = values.data if values.null is None else np.where(values.null, 0, values.data)
    return matrix


def tallied(
    rows_of_fact: RowsOfFact,
    rules: Rules,
    calendar: Calendar,
    compiler: Compiler,
    *,
    while_running: bool = False,
    by_beginning: bool = False,
) -> tuple[Tallied, ...]:
    """The fact's rows, each ready to be evaluated."""
    seen = {view: Standpoint(SEEN.c.as_of, view) for view in View}
    scored, full = (rows_of_fact(seen[view], rules) for view in (View.SCORED, View.FULL))
    return tuple(
        _tallied({View.SCORED: one, View.FULL: other}, seen, calendar, compiler, while_running, by_beginning)
        for one, other in zip(scored, full, strict=True)
    )


def _tallied(
    of_view: dict[View, CaseRows],
    seen: dict[View, Standpoint],
    calendar: Calendar,
    compiler: Compiler,
    while_running: bool,
    by_beginning: bool,
) -> Tallied:
    rows = of_view[View.SCORED]
    changes = (cases.c.received_at, cases.c.recorded_at, *rows.changes)
    return Tallied(
        str(rows.unit.name),
        compiler.compiled(rows.at),
        tuple(compiler.compiled(at) for at in changes),
        calendar_joins(rows.tables, compiler),
        calendar,
        {view: _compile(each, seen[view], compiler) for view, each in of_view.items()},
        while_running,
        by_beginning,
    )


def _compile(rows: CaseRows, seen: Standpoint, compiler: Compiler) -> _Compiled:
    return _Compiled(
        compiler.compiled(rows.counting(seen)),
        tuple(map(compiler.compiled, rows.values.values())),
        tuple(map(compiler.compiled, rows.counts.values())),
    )
