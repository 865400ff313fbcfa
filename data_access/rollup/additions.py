"""What cases add to the rollups: first at a settlement, and each time that something changes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from data_access.question import View
from data_access.rollup.rows import Array, Flags, Rows, Values, known, not_all_zero, rows_of
from data_access.rollup.tally import AS_OF, States, Tallied
from data_access.rollup.times import Times


@dataclass(frozen=True, eq=False)
class Addition:
    """What some rows add: for each the row, its segment, the number of its moment, values and counts.

    The moment is the number of a slot, or of an instant ahead. Rows are places among the cases read together.
    """

    rows: Array
    segments: Array
    moments: Array
    view: View
    values: Array
    counts: Array

    def where(self, wanted: Flags) -> "Addition":
        """The same of some rows."""
        some = np.flatnonzero(wanted)
        if len(some) == len(wanted):
            return self
        rows, segments, moments = (each.take(some) for each in (self.rows, self.segments, self.moments))
        return Addition(rows, segments, moments, self.view, rows_of(self.values, some), rows_of(self.counts, some))


@dataclass(frozen=True, eq=False)
class Moments:
    """Rows at moments: the rows, the segments they count in, the numbers of the moments and their as-of times."""

    rows: Rows
    segments: Array
    moments: Array
    as_of: Array

    @cached_property
    def seen(self) -> Rows:
        """The rows as of their times."""
        return self.rows.having({AS_OF: Values(self.as_of)})

    @cached_property
    def excluded(self) -> Array:
        """The rows that the full view may see otherwise."""
        return np.flatnonzero(known(self.rows.column("exclusion"), self.rows.size))

    def take(self, rows: Array) -> "Moments":
        """Some of the rows, in their order."""
        return Moments(self.rows.take(rows), self.segments[rows], self.moments[rows], self.as_of[rows])

    def as_of_others(self, as_of: Array) -> "Moments":
        """The same rows seen from other times."""
        return Moments(self.rows, self.segments, self.moments, as_of)

    def additions(self, view: View, added: Sequence[States], taken: Sequence[States]) -> Iterator[Addition]:
        """What the rows add that were ``taken`` before and are ``added`` now.

        Where values tell rows apart each state is an addition of its own, else only the difference of counts is.
        """
        if added[0].values.shape[1]:
            signed = [(each, 1) for each in added] + [(each, -1) for each in taken]
            yield from (self._addition(view, each.values, each.counts * np.int8(sign)) for each, sign in signed)
            return
        counts = sum((each.counts for each in added[1:]), added[0].counts)
        for each in taken:
            counts = counts - each.counts
        yield self._addition(view, added[0].values, counts)

    def _addition(self, view: View, values: Array, counts: Array) -> Addition:
        """The rows of which a count isn't 0."""
        places = self.rows.column("place").data
        return Addition(places, self.segments, self.moments, view, values, counts).where(not_all_zero(counts))


@dataclass(frozen=True, eq=False)
class Dated:
    """Cases with one of their dates in the grid, at the slot when its segment is first counted."""

    first: Moments
    at: Values
    times: Times

    def later(self, counted: Tallied) -> tuple[Array, Moments]:
        """The rows that change after their first slot, each with each slot that is the first to know; in order."""
        first, rows = self.first.moments, self.first.rows
        knowing = (self.times.slots_of(each).of(rows).data for each in (counted.at, *counted.changes))
        pairs = self.times.later_slots(list(knowing), first)
        if counted.grows:
            # Working days to the closure; whoever counts to anything else must be told by its beginning.
            pairs = self.times.until_closed(pairs, rows.column("resolved_at"), first)
        places, slots = pairs
        return places, Moments(rows.take(places), self.first.segments[places], slots, self.times.as_of[slots])

    def ahead(self, counted: Tallied) -> tuple[Moments, Array, Array]:
        """The rows at instants after the newest slot, the instants by number, and the times before each row's."""
        rows = self.first.rows
        places, instants, before = self.times.ahead([self.at, *(change.of(rows) for change in counted.changes)])
        distinct, numbers = np.unique(instants, return_inverse=True)
        return Moments(rows.take(places), self.first.segments[places], numbers, instants), distinct, before


@dataclass(frozen=True, eq=False)
class Batch:
    """Cases read together; those of one date are picked out once for all facts."""

    rows: Rows
    times: Times
    _dated: dict[tuple[object, bool], Dated] = field(default_factory=dict)
    _placed: dict[object, tuple[Rows, Values, Array]] = field(default_factory=dict)

    def dated(self, counted: Tallied) -> Dated:
        """The cases by the date of a fact."""
        key = (counted.at, None if counted.grows else counted.joins)
        if (key, counted.while_running) not in self._dated:
            if key not in self._placed:
                self._placed[key] = self._place(counted)
            rows, at, segments = self._placed[key]
            slots = self.times.first_slots(segments, at if counted.while_running else None)
            first = Moments(rows, segments, slots, self.times.as_of[slots])
            self._dated[key, counted.while_running] = Dated(first, at, self.times)
        return self._dated[key, counted.while_running]

    def _place(self, counted: Tallied) -> tuple[Rows, Values, Array]:
        """The cases whose date lies in the grid, their dates, and the segments of these."""
        rows = counted.joined(self.rows)
        at = counted.at.of(rows)
        inside, segments = self.times.segments_of(at)
        if len(inside) < rows.size:
            rows, at, segments = rows.take(inside), at.take(inside), segments[inside]
        return rows, at, segments


def additions(counted: Tallied, batch: Batch) -> Iterator[Addition]:
    """What the cases add, at the slot when their date's segment is first counted and at each later one that knows more.

    Between two changes a case stays what it was, so what it was before a change is what it became by the last one.
    """
    dated = batch.dated(counted)
    first = dated.first
    places, later = dated.later(counted)
    scored = _chain(counted, View.SCORED, batch.times, first, places, later)
    yield from first.additions(View.SCORED, [scored.first], [])
    yield from later.additions(View.SCORED, [scored.later], [scored.before])
    some, some_later = first.excluded, later.excluded
    if len(some):
        few, few_later = first.take(some), later.take(some_later)
        full = _chain(counted, View.FULL, batch.times, few, np.searchsorted(some, places[some_later]), few_later)
        besides = scored.take(some, some_later)
        yield from few.additions(View.FULL, [full.first], [besides.first])
        yield from few_later.additions(View.FULL, [full.later, besides.before], [full.before, besides.later])


@dataclass(frozen=True, eq=False)
class _Chain:
    """States of rows at first, at later slots, and before each of these."""

    first: States
    later: States
    before: States

    def take(self, first: Array, later: Array) -> "_Chain":
        return _Chain(self.first.take(first), self.later.take(later), self.before.take(later))


def _chain(counted: Tallied, view: View, times: Times, first: Moments, places: Array, later: Moments) -> _Chain:
    """The states of the rows at first and later; ``places`` are those of the later ones among the first, in order."""
    at_first, afterwards = (_states(counted, view, times, each) for each in (first, later))
    same = np.flatnonzero(places[1:] == places[:-1]) + 1
    before = at_first.take(places)
    before.counts[same] = afterwards.counts[same - 1]
    before.values[same] = afterwards.values[same - 1]
    return _Chain(at_first, afterwards, before)


def _states(counted: Tallied, view: View, times: Times, moments: Moments) -> States:
    """What the rows are at their moments; of durations in minutes, what isn't finished by the minute it began."""
    states = counted.states(moments.seen, view)
    return states.by_beginning(times.minutes(moments.segments, moments.as_of)) if counted.by_beginning else states


def differences(counted: Tallied, moments: Moments, before: Array | None) -> Iterator[Addition]:
    """What the rows add at their moments, set against the times ``before``, if any: scored, and full besides."""
    seen = [moments] if before is None else [moments, moments.as_of_others(before)]
    states = [counted.states(each.seen, View.SCORED) for each in seen]
    yield from moments.additions(View.SCORED, states[:1], states[1:])
    some = moments.excluded
    if len(some):
        full = [counted.states(each.take(some).seen, View.FULL) for each in seen]
        scored = [each.take(some) for each in states]
        few = moments.take(some)
        yield from few.additions(View.FULL, [full[0], *scored[1:]], [*full[1:], scored[0]])
