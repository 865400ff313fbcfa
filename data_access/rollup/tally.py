"""What cases add to the rollups: first at a settlement, and each time that something changes.

Every count is one of ``counts.case_rows``, seen from the as-of time of the row and, for a change, from the one
before it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from sqlalchemy import column, table

from data_access.counts.case_rows import CaseRows, RowsOfFact
from data_access.counts.standpoint import Standpoint
from data_access.instant import Instant
from data_access.question import Rules, View
from data_access.rollup.calendar_lookup import Calendar
from data_access.rollup.expression import Evaluate, compiled
from data_access.rollup.rows import Array, Flags, Rows, Values
from data_access.rollup.times import Times
from data_access.tables import cases

SEEN = table("seen", column("as_of", Instant()))
AS_OF = ("seen", "as_of")


@dataclass(frozen=True, eq=False)
class Addition:
    """What some rows add: for each the row, its segment, the number of its moment, values and counts.

    The moment is the number of a slot, or of an instant ahead.
    """

    rows: Array
    segments: Array
    moments: Array
    view: View
    values: Array
    counts: Array


@dataclass(frozen=True, eq=False)
class _Compiled:
    """The expressions of some rows in one view."""

    counting: Evaluate
    values: tuple[Evaluate, ...]
    counts: tuple[Evaluate, ...]


class Tallied:
    """The cases that count for a fact by one of their dates, ready to be evaluated over arrays."""

    def __init__(self, rows_of_fact: RowsOfFact, rules: Rules, place: int, calendar: Calendar) -> None:
        self._calendar = calendar
        of_view = {view: rows_of_fact(Standpoint(SEEN.c.as_of, view), rules)[place] for view in View}
        rows = of_view[View.SCORED]
        self.unit = str(rows.unit.name)
        self._rows = rows
        self._at = compiled(rows.at)
        self._changes = tuple(compiled(at) for at in (cases.c.received_at, cases.c.recorded_at, *rows.changes))
        self._of_view = {view: _compile(of_view[view], view) for view in View}

    @cached_property
    def grows(self) -> bool:
        """Whether what is told of a case changes as long as it is open."""
        return bool(self._rows.values)

    def dated(self, rows: Rows) -> tuple[Rows, Values]:
        """The rows with the calendar's columns that don't depend on the as-of time, and their dates."""
        dated = rows if self.grows else self._calendar.join(rows, self._rows.tables)[0]
        return dated, self._at(dated)

    def changes(self, rows: Rows) -> list[Values]:
        """The instants at which each row may count otherwise, beside its date."""
        return [change(rows) for change in self._changes]

    def seen_from(self, rows: Rows, as_of: Array, view: View) -> tuple[Flags, Array, Array]:
        """Whether each row counts as of its time, with its values and counts (one column each)."""
        seen = rows.having({AS_OF: Values(as_of)})
        kept = None
        if self.grows:
            seen, kept = self._calendar.join(seen, self._rows.tables)
        expressions = self._of_view[view]
        counting = np.broadcast_to(expressions.counting(seen).data, (rows.size,))
        return (
            counting if kept is None else counting & kept,
            _matrix([each(seen) for each in expressions.values], rows.size),
            _matrix([each(seen) for each in expressions.counts], rows.size),
        )


def _compile(rows: CaseRows, view: View) -> _Compiled:
    return _Compiled(
        compiled(rows.counting(Standpoint(SEEN.c.as_of, view))),
        tuple(compiled(value) for value in rows.values.values()),
        tuple(compiled(count) for count in rows.counts.values()),
    )


def _matrix(columns: list[Values], size: int) -> Array:
    matrix = np.zeros((size, len(columns)), dtype=np.int32)
    for place, values in enumerate(columns):
        matrix[:, place] = values.data if values.null is None else np.where(values.null, 0, values.data)
    return matrix


def tallied(rows_of_fact: RowsOfFact, rules: Rules, calendar: Calendar) -> tuple[Tallied, ...]:
    """The fact's rows, each ready to be evaluated."""
    count = len(rows_of_fact(Standpoint(SEEN.c.as_of, View.SCORED), rules))
    return tuple(Tallied(rows_of_fact, rules, place, calendar) for place in range(count))


def additions(counted: Tallied, rows: Rows, times: Times, *, only_settled: bool) -> Iterator[Addition]:
    """What the rows add, at the settlement of their date's month and at later slots."""
    dated, at = counted.dated(rows)
    inside, segments = times.segments_of(at)
    dated, segments = dated.take(inside), segments[inside]
    first = times.first_slot[segments]
    if only_settled:
        settled = times.settled[first]
        yield from _added(counted, dated, np.flatnonzero(settled), segments, first, times, later=False)
    else:
        yield from _added(counted, dated, np.arange(dated.size), segments, first, times, later=False)
    pairs = times.later_slots([at.take(inside), *counted.changes(dated)], first, only_settled=only_settled)
    if counted.grows:
        pairs = times.until_closed(pairs, dated.columns["cases", "resolved_at"], first)
    yield from _added(counted, dated, pairs[0], segments, pairs[1], times, later=True)


def _added(
    counted: Tallied, rows: Rows, chosen: Array, segments: Array, slots: Array, times: Times, *, later: bool
) -> Iterator[Addition]:
    """What the chosen rows add at their slots; ``slots`` are of all rows, or of the chosen ones if ``later``."""
    at_slots = slots if later else slots[chosen]
    as_of = times.as_of[at_slots]
    before = times.before[at_slots] if later else None
    yield from differences(counted, rows.take(chosen), segments[chosen], at_slots, as_of, before)


def differences(
    counted: Tallied, rows: Rows, segments: Array, moments: Array, as_of: Array, before: Array | None
) -> Iterator[Addition]:
    """What the rows add at their moments, in the scored view, and what the full view has besides."""
    seen = [(1, as_of)] + ([(-1, before)] if before is not None else [])
    for sign, time in seen:
        yield from _seen(counted, rows, segments, moments, time, View.SCORED, View.SCORED, sign)
    excluded = rows.columns["cases", "exclusion"]
    some = np.flatnonzero(_known(excluded))
    if len(some):
        few = rows.take(some)
        for sign, time in seen:
            place = segments[some], moments[some], time[some]
            yield from _seen(counted, few, *place, View.FULL, View.FULL, sign)
            yield from _seen(counted, few, *place, View.SCORED, View.FULL, -sign)


def _known(values: Values) -> Array:
    return np.ones(len(values.data), dtype=bool) if values.null is None else ~values.null


def _seen(
    counted: Tallied, rows: Rows, segments: Array, moments: Array, as_of: Array, view: View, into: View, sign: int
) -> Iterator[Addition]:
    counting, values, counts = counted.seen_from(rows, as_of, view)
    kept = np.flatnonzero(counting)
    if len(kept):
        yield Addition(
            rows.columns["cases", "place"].data[kept],
            segments[kept],
            moments[kept],
            into,
            values[kept],
            counts[kept] * sign,
        )
