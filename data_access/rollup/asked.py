"""What a question asks of blocks: which of them, which of their rows, and where each row belongs."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from data_access.counts.placing import as_of_day, by_date
from data_access.counts.within import roots_below_company
from data_access.hierarchy import Hierarchy
from data_access.question import Question, View
from data_access.rollup.block import (
    BY_THE_MINUTE,
    DURATION,
    OBSERVED,
    OPEN,
    SLOT,
    UNIT,
    UNIT_GRAIN,
    VIEW,
    BlockKind,
)
from data_access.rollup.block_reader import Slab
from data_access.rollup.rows import Array, Flags
from data_access.rollup.state import Ready
from metrics.counted_rows import Lineage
from metrics.counts import FACTS, Fact

MINUTE = timedelta(minutes=1)

SCORED = 0
"""The number of the scored view in blocks."""


@dataclass(frozen=True, eq=False)
class Asked:
    """A question to the blocks of one kind and grain; they must hold what it asks."""

    hierarchy: Hierarchy
    question: Question
    ready: Ready
    kind: BlockKind
    grain: str
    teams_apart: bool
    """whether the answer must tell teams from each other"""

    def lineages(self, segments: Array, units: Array) -> tuple[list[Lineage], Array]:
        """The lineages of units in segments, both by place, and which of them is that of each pair.

        Where teams need not be told apart, those of the branches and departments above.
        """
        epoch, numbers = self._numbers
        # Looked up for each unit and epoch that occurs: there are far fewer than rows.
        pairs = units if len(numbers) == 1 else epoch[segments] * numbers.shape[1] + units
        occurs = np.zeros(numbers.size, dtype=bool)
        occurs[pairs] = True
        lineages, places = self.hierarchy.numbered.compact(numbers.ravel()[occurs])
        of_pairs = np.zeros(numbers.size, dtype=np.int64)
        of_pairs[occurs] = places
        return lineages, of_pairs[pairs]

    @cached_property
    def _numbers(self) -> tuple[Array, Array]:
        """Of each segment the place of its epoch, and the numbers of the units' lineages, a line for each epoch."""
        numbered = self.hierarchy.numbered
        of_units = numbered.of_units if self.teams_apart else numbered.of_nearest
        epochs, epoch = np.unique(self.epochs, return_inverse=True)
        return epoch, self._by_unit([of_units(self.days_of_epochs[each]) for each in epochs.tolist()], np.int64)

    @cached_property
    def segments(self) -> tuple[date, ...]:
        """The days of the wanted blocks: the first ones of segments, or of open cases that of the settlement."""
        return tuple(day for day, _ in self._placed)

    @cached_property
    def parts(self) -> tuple[date, ...]:
        """The first day of the part in which each segment lies."""
        return tuple(part for _, part in self._placed)

    @cached_property
    def _placed(self) -> tuple[tuple[date, date], ...]:
        if self.kind is OPEN:
            (stretch,) = as_of_day(Fact.OPEN_CASES, self.hierarchy, self.question).stretches
            return ((stretch.start, stretch.part),)
        return tuple(
            (segment.start, part.start)
            for part in sorted(self.question.parts)
            for segment in self.ready.grid.segments
            if part.start <= segment.start < part.end
        )

    @cached_property
    def epochs(self) -> Array:
        """The number of the time without any move in which each segment lies."""
        moves = self.hierarchy.move_days
        return np.array([bisect_right(moves, day) for day in self.segments], dtype=np.int64)

    @cached_property
    def days_of_epochs(self) -> dict[int, date]:
        """A day of each such time."""
        return dict(zip(self.epochs.tolist(), self.segments, strict=True))

    @cached_property
    def anchors(self) -> frozenset[str] | None:
        """The anchors of the units under the roots; None where all blocks of the grain are wanted."""
        if not self._roots or self.grain != UNIT_GRAIN:
            return None
        ids = self.hierarchy.roster.ids
        lineages = (
            self.hierarchy.lineage(ids[place], day)
            for epoch, day in self.days_of_epochs.items()
            for place in np.flatnonzero(self._under_roots[epoch]).tolist()
        )
        return frozenset(one.branch_id or one.department_id or one.company_id or "" for one in lineages)

    @property
    def looks_ahead(self) -> bool:
        """Whether what came after the last refresh is asked for."""
        return self.kind is not OPEN and self.question.as_of > self.ready.grid.known_until

    def columns(self, facts: Sequence[Fact]) -> tuple[str, ...]:
        """The columns of blocks that it takes to answer about the facts."""
        filtered = [name for name in self.kind.dimensions if getattr(self.question.filters, name, None) is not None]
        counted = [name for fact in facts for name in (*FACTS[fact].values, *FACTS[fact].counts)]
        return tuple(dict.fromkeys((UNIT, SLOT, VIEW, *filtered, *self.question.dimensions, *counted)))

    def kept(self, slab: Slab) -> Slab:
        """The rows that count at the as-of time and that the question lets through."""
        conditions = list(self._conditions(slab))
        return slab.only(np.flatnonzero(np.logical_and.reduce(conditions))) if conditions else slab

    def lasting(self, slab: Slab) -> Slab:
        """The rows with the durations so far of what isn't finished; blocks say in which minute it began."""
        if self.kind not in BY_THE_MINUTE:
            return slab
        of_segment = {segment.start: segment for segment in self.ready.grid.segments}
        begins = [of_segment[day].begins for day in self.segments]
        so_far = np.array([(self.question.as_of - begin) // MINUTE for begin in begins], dtype=np.int32)
        durations, observed = slab.columns[DURATION], slab.columns[OBSERVED]
        durations = np.where(observed, durations, so_far[slab.segments] - durations)
        return Slab({**slab.columns, DURATION: durations}, slab.segments)

    def _conditions(self, slab: Slab) -> Iterator[Flags]:
        slots = self.ready.grid.slots
        known = bisect_right(slots, self.question.as_of, key=lambda slot: slot.as_of)
        if self.kind is OPEN:
            yield slab.columns[SLOT] == known - 1
        elif known < len(slots):
            yield slab.columns[SLOT] < known
        if self.question.view is View.SCORED:
            yield slab.columns[VIEW] == SCORED
        for name in self.kind.dimensions:
            wanted = getattr(self.question.filters, name, None)
            if wanted is not None:
                yield slab.columns[name] == self.ready.words.numbers[name].get(wanted, -1)
        if self._roots:
            under = self._by_unit([self._under_roots[epoch] for epoch in self.epochs.tolist()], np.bool_)
            yield under[slab.segments, slab.columns[UNIT]]

    def _by_unit(self, rows: Sequence[Array], kind: type[np.generic]) -> Array:
        """The rows, of a column per unit and last nowhere, as one matrix; no row where no segment is asked for."""
        return np.array(rows, dtype=kind).reshape(len(rows), len(self.hierarchy.roster.ids) + 1)

    @cached_property
    def _roots(self) -> tuple[str, ...]:
        """The units under all of which a row must lie; none for the whole company."""
        return roots_below_company(by_date(Fact.CASES_RECEIVED, self.hierarchy, self.question))

    @cached_property
    def _under_roots(self) -> dict[int, Flags]:
        """Whether each unit, nowhere the last, lies under all roots, by epoch."""
        return {epoch: self.hierarchy.under_all(self._roots, day) for epoch, day in self.days_of_epochs.items()}
