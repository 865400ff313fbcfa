"""The grid as arrays: the segment of a date, and the slots that know of a change."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import numpy as np

from data_access.counts.placing import midnight
from data_access.rollup.grid import Grid
from data_access.rollup.rows import NOTHING, Array, Expression, Values, microseconds
from data_access.rollup.staircase import Staircase

MICROSECONDS_PER_MINUTE = 60_000_000

Pairs = tuple[Array, Array]
"""Rows, and for each a slot."""


@dataclass(frozen=True, eq=False)
class Times:
    """The times of a grid in microseconds since 1970."""

    grid: Grid
    _knowing: dict[Expression, Expression] = field(default_factory=dict)

    @cached_property
    def as_of(self) -> Array:
        """The as-of time of each slot."""
        return np.array([microseconds(slot.as_of) for slot in self.grid.slots], dtype=np.int64)

    @cached_property
    def settled(self) -> Array:
        """Whether each slot is a settlement."""
        return np.array([slot.settled for slot in self.grid.slots], dtype=bool)

    def first_slots(self, segments: Array, at: Values | None) -> Array:
        """The slots at which rows of the segments are first counted.

        Those that are counted while months are running have dates, ``at``, of which a slot must know.
        """
        if at is None:
            return self._first[segments]
        return np.minimum(np.maximum(self._first_running[segments], self.knowing(at)), self._first[segments])

    @cached_property
    def _first(self) -> Array:
        return self._slots_at([segment.as_of for segment in self.grid.segments])

    @cached_property
    def _first_running(self) -> Array:
        return self._slots_at([segment.running_as_of for segment in self.grid.segments])

    def _slots_at(self, times: Sequence[datetime]) -> Array:
        of_time = {slot.as_of: slot.number for slot in self.grid.slots}
        return np.array([of_time[time] for time in times], dtype=np.int64)

    def minutes(self, segments: Array, as_of: Array) -> Array:
        """The whole minutes from the beginning of each segment to an instant."""
        return (as_of - self._begins[segments]) // MICROSECONDS_PER_MINUTE

    @cached_property
    def _begins(self) -> Array:
        return np.array([microseconds(segment.begins) for segment in self.grid.segments], dtype=np.int64)

    @cached_property
    def segment_of_slot(self) -> Array:
        """The segment in which each slot lies: where units stand then."""
        return self.segments_of(Values(self.as_of))[1].clip(0, len(self.grid.segments) - 1)

    @cached_property
    def _starts(self) -> Staircase:
        zone, segments = self.grid.time_zone, self.grid.segments
        days = [*(segment.start for segment in segments), segments[-1].end]
        return Staircase(np.array([microseconds(midnight(day, zone)) for day in days], dtype=np.int64))

    @cached_property
    def _slots(self) -> Staircase:
        return Staircase(self.as_of)

    def knowing(self, at: Values) -> Array:
        """The first slot that knows of each instant; the number of slots where none does."""
        slot = self._slots.passed(at.data)
        return slot if at.null is None else np.where(at.null, len(self.as_of), slot)

    def slots_of(self, at: Expression) -> Expression:
        """The first slot that knows of each instant, as what rows evaluate once."""
        return self._knowing.setdefault(at, Expression(lambda rows: Values(self.knowing(at.of(rows))), at.tables))

    def segments_of(self, at: Values) -> Pairs:
        """The rows whose date lies in the grid, and the segment of every row's date."""
        segment = self._starts.reached(at.data) - 1
        inside = (segment >= 0) & (segment < len(self.grid.segments))
        if at.null is not None:
            inside &= ~at.null
        return np.flatnonzero(inside), segment

    def later_slots(self, knowing: Sequence[Array], first: Array) -> Pairs:
        """Each row with each slot after its first one that is the first to know of one of its changes; in order.

        ``knowing`` has the slot of every row for each kind of change.
        """
        count, keys = len(self.as_of), [NOTHING]
        for slot in knowing:
            rows = np.flatnonzero((slot > first) & (slot < count))
            keys.append(rows * count + slot[rows])
        return self._pairs(_distinct(np.concatenate(keys)))

    def until_closed(self, pairs: Pairs, closed: Values, first: Array) -> Pairs:
        """The pairs at settlements, and each row with every settlement after its first slot until its closure is known.

        In order.
        """
        count = len(self.as_of)
        last = np.minimum(self.knowing(closed), count - 1)
        rows, slots = _counted_up(first + 1, last + 1)
        rows, slots = self._pairs(_distinct(np.concatenate([pairs[0] * count + pairs[1], rows * count + slots])))
        kept = self.settled[slots]
        return rows[kept], slots[kept]

    def open_slots(self, received: Values, closed: Values) -> Pairs:
        """Each row with each settlement from its receipt on that doesn't know of its closure."""
        rows, slots = _counted_up(self.knowing(received), self.knowing(closed))
        kept = self.settled[slots]
        return rows[kept], slots[kept]

    def _pairs(self, keys: Array) -> Pairs:
        rows = keys // len(self.as_of)
        return rows, keys - rows * len(self.as_of)

    def ahead(self, changes: Sequence[Values]) -> tuple[Array, Array, Array]:
        """Each row with each instant of change after the newest slot, and the one before it."""
        newest = self.as_of[-1]
        rows, instants = [NOTHING], [NOTHING]
        for change in changes:
            later = change.data > newest
            if change.null is not None:
                later &= ~change.null
            found = np.flatnonzero(later)
            rows.append(found)
            instants.append(change.data[found])
        places, moments = _distinct_pairs(np.concatenate(rows), np.concatenate(instants))
        before = np.full(len(places), newest)
        same = np.flatnonzero(places[1:] == places[:-1]) + 1
        before[same] = moments[same - 1]
        return places, moments, before


def _distinct(keys: Array) -> Array:
    """Each key once, in order; twice as fast as NumPy's own, which hashes."""
    keys = np.sort(keys)
    return keys[np.r_[True, keys[1:] != keys[:-1]]] if len(keys) else keys


def _distinct_pairs(first: Array, second: Array) -> Pairs:
    """Each pair once, in order."""
    order = np.lexsort((second, first))
    first, second = first[order], second[order]
    others = np.r_[True, (first[1:] != first[:-1]) | (second[1:] != second[:-1])][: len(first)]
    return first[others], second[others]


def _counted_up(first: Array, end: Array) -> Pairs:
    """Each row with each number from its first to before its end; none where there is none."""
    lengths = np.maximum(end - first, 0)
    rows = np.repeat(np.arange(len(first)), lengths)
    steps = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return rows, first[rows] + steps
