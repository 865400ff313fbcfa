"""The frames that indicators need, and what protection asks of every unit of the company."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

import numpy as np

from dashboard.depth import Depth
from dashboard.protection import Counted
from data_access.counters import count_rows
from data_access.engine import Connection
from data_access.hierarchy import Hierarchy
from data_access.question import Question, View
from data_access.rollup.state import Ready
from metrics.cases_behind import CasesBehind, added_cases, adds_up, estimated_cases, side_by_side, smallest
from metrics.compute import Conditions, compute_each
from metrics.counted_rows import CountedRows, one_after_the_other
from metrics.counts import FACTS, TEAM, Fact
from metrics.definition import Indicator
from metrics.estimate import Pools, pools_of
from metrics.long_periods import parts_around
from metrics.pooling import NOWHERE, Grid, place_of_day, pool
from metrics.result import Group, Result

Counts = Mapping[Fact, CountedRows]
"""The rows of each fact."""

DUTY_KIND = "duty_kind"
"""The dimension by which most indicators of duties restrict what they count."""


@dataclass(frozen=True)
class Counting:
    """A database to count in, and what figures depend on besides."""

    connection: Connection
    hierarchy: Hierarchy
    conditions: Conditions
    ready: Ready | None = None
    """the rollups, if they are known already"""

    def frames(self, question: Question, indicators: Sequence[Indicator]) -> Counts:
        """The rows that the indicators need, each fact counted once with all dimensions asked of it."""
        return count_rows(self.connection, self.hierarchy, questions_by_fact(question, indicators), self.ready)

    def as_of(self, question: Question) -> datetime:
        """The question's as-of time in company time."""
        return question.as_of.astimezone(question.rules.time_zone)

    def results(self, question: Question, indicators: Sequence[Indicator], pools: Pools) -> list[Result]:
        """The Results of the indicators in the cells of the pools' grid, before anything is hidden."""
        return compute_each(indicators, pools, self.as_of(question), self.conditions)

    def of_everybody(self, question: Question, indicators: Sequence[Indicator], depth: Depth) -> Counted:
        """What protection needs to know of a question: the cases behind every unit's figures, and the Results."""
        ready = replace(self, conditions=replace(self.conditions, scored=question.view is View.SCORED))
        way = _Added if all(map(adds_up, indicators)) else _Layered
        counted = way(ready, question, indicators, depth)
        return Counted(counted.cases(), counted.results)

    def frames_in_depth(self, question: Question, indicators: Sequence[Indicator], depth: Depth) -> Counts:
        """The rows of the whole company, those under one unit as fine as they can be."""
        whole = self.frames(question, indicators)
        if depth.below is None:
            return whole
        apart = self.frames(replace(question, unit_id=depth.below, finest=TEAM), indicators)
        kind = self.hierarchy.units[depth.below].kind
        return {
            fact: one_after_the_other(
                [rows.only(~rows.of_unit(kind, depth.below)), fine.only(fine.of_unit(kind, depth.below))]
            )
            for (fact, rows), fine in zip(whole.items(), apart.values(), strict=True)
        }


class _Added:
    """Indicators whose cases add up over time: one frame of the smallest parts serves them all."""

    def __init__(self, counting: Counting, question: Question, indicators: Sequence[Indicator], depth: Depth) -> None:
        self._counting, self._question, self._indicators = counting, question, indicators
        self._parts = tuple(part for layer in parts_around(question.parts, all_months=False) for part in layer)
        self._pieces = smallest(self._parts)
        self._roster = roster = depth.roster
        frames = counting.frames_in_depth(replace(question, parts=self._pieces), indicators, depth)
        size = len(roster.ids) * len(self._pieces)
        self._everybody = {
            fact: pool(fact, frame, roster.places_by_kind, self._pieces, size) for fact, frame in frames.items()
        }

    def cases(self) -> dict[str, CasesBehind]:
        """The cases behind each indicator, by its id."""
        return {one.id: self._cases(one) for one in self._indicators}

    def _cases(self, indicator: Indicator) -> CasesBehind:
        judged = self._roster.of_kinds(indicator.unit_kinds)
        everybody = self._everybody[indicator.denominator_fact]
        return added_cases(indicator, everybody, judged, self._parts, self._counting.conditions)

    def results(self, groups: Sequence[Group]) -> list[Result]:
        """The Results of some units in the question's parts."""
        grid, roster = Grid(tuple(groups), self._question.parts), self._roster
        units = np.full(len(roster.ids), NOWHERE)
        units[[roster.places[group.unit_id] for group in groups]] = np.arange(len(groups))
        parts = np.array([place_of_day(piece.start, grid.parts) for piece in self._pieces])
        pools = Pools(grid, lambda fact: self._everybody[fact].narrowed(units, parts, grid))
        return self._counting.results(self._question, self._indicators, pools)


class _Layered:
    """Indicators of any other kind: counted layer by layer, each layer a question of its own."""

    def __init__(self, counting: Counting, question: Question, indicators: Sequence[Indicator], depth: Depth) -> None:
        self._counting, self._question, self._indicators = counting, question, indicators
        self._roster = depth.roster
        self._layers = parts_around(question.parts, all_months=True)
        layers = (replace(question, parts=layer) for layer in self._layers)
        self._frames = [counting.frames_in_depth(layer, indicators, depth) for layer in layers]

    def cases(self) -> dict[str, CasesBehind]:
        """The cases behind each indicator, by its id."""
        grids = [Grid(self._everybody, layer) for layer in self._layers]
        return {
            one.id: side_by_side([self._layer(one, grid, place) for place, grid in enumerate(grids)])
            for one in self._indicators
        }

    @cached_property
    def _everybody(self) -> tuple[Group, ...]:
        units = (self._counting.hierarchy.units[one] for one in self._roster.ids)
        return tuple(Group(unit.id, unit.name, unit.kind) for unit in units)

    def _layer(self, indicator: Indicator, grid: Grid, place: int) -> CasesBehind:
        as_of = self._counting.as_of(self._question)
        return estimated_cases(indicator, self._frames[place], grid, as_of, self._counting.conditions)

    def results(self, groups: Sequence[Group]) -> list[Result]:
        """The Results of some units in the question's parts."""
        pools = pools_of(self._frames[0], Grid(tuple(groups), self._question.parts))
        return self._counting.results(self._question, self._indicators, pools)


def questions_by_fact(question: Question, indicators: Sequence[Indicator]) -> dict[Fact, Question]:
    """The question about each fact that the indicators need."""
    wanted: dict[Fact, list[Indicator]] = {}
    for indicator in indicators:
        for fact in indicator.facts:
            wanted.setdefault(fact, []).append(indicator)
    return {fact: _about(fact, question, users) for fact, users in wanted.items()}


def _about(fact: Fact, question: Question, users: Sequence[Indicator]) -> Question:
    """The question about a fact: the dimensions that its users need, and no kinds of duty that none of them counts.

    Duties are many and most indicators count a single kind, so the others needn't be read.
    """
    names = {name for indicator in users for name in indicator.dimensions}
    dimensions = tuple(name for name in FACTS[fact].dimensions if name in names)
    kinds = [dict(indicator.where).get(DUTY_KIND) for indicator in users]
    if fact is not Fact.DUTIES or None in kinds:
        return replace(question, dimensions=dimensions)
    counted = tuple(sorted({kind for each in kinds if each for kind in each}))
    return replace(question, dimensions=dimensions, filters=replace(question.filters, duty_kinds=counted))
