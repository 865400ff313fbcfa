"""Protected figures: counted for the whole company at once, so that what is hidden never depends on who asks.

A figure is hidden if it is small, or if others that anybody can ask for would give a small one away: units
beside and above it, the months and quarters around it, the same figure without a filter or in the other view.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from dashboard.depth import Depth, needed_depth
from data_access.hierarchy import Hierarchy
from data_access.question import Filters, Question, View
from data_access.roster import Roster
from data_access.scope import Verb
from metrics.cases_behind import CasesBehind
from metrics.counts import COMPANY
from metrics.definition import Indicator
from metrics.long_periods import decided_together, parts_around, pieces_of, told_by_pieces
from metrics.period import Period
from metrics.pooling import Numbers
from metrics.result import Group, Result
from metrics.suppression import REASONS, SHOWN, Cells, Codes, Flags, hide, suppressed
from metrics.unit_tree import UnitTree

Places = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Counted:
    """The answer to one question about protected indicators, before anything is hidden.

    ``cases`` are by indicator: those behind the figures of every unit, in the order of the depth's roster, in the
    question's parts and those around them. ``results`` gives the Results of some units, by indicator, unit and
    part.
    """

    cases: Mapping[str, CasesBehind]
    results: Callable[[Sequence[Group]], list[Result]]


Count = Callable[[Question, Sequence[Indicator], Depth], Counted]
"""Counts the whole company as deep as needed; the parts of the question are in order."""


def protected_results(
    count: Count, hierarchy: Hierarchy, question: Question, indicators: Sequence[Indicator], groups: Sequence[Group]
) -> list[Result]:
    """One Result for each indicator, group and part, in this order, hidden where it must be.

    Raises KeyError for a group that is no unit of the hierarchy.
    """
    depth = needed_depth(hierarchy, indicators, _together(question), groups)
    parts, scope = tuple(sorted(set(question.parts))), replace(question.scope, root_unit_id=None)
    whole = replace(question, parts=parts, unit_id=None, scope=scope, finest=depth.finest)
    counted = {asked: count(asked, indicators, depth) for asked in _with_wider(whole)}
    trees = _Trees(depth.roster)
    hiding = {one.id: _Deciding(one, depth.roster, trees, counted).decided(whole) for one in indicators}
    found = {(one.indicator, one.group.unit_id, one.period): one for one in counted[whole].results(groups)}
    return [
        hiding[one.id].shown(found[one.id, group.unit_id, part], depth.roster.places[group.unit_id])
        for one in indicators
        for group in groups
        for part in question.parts
    ]


def _together(question: Question) -> tuple[tuple[Period, ...], ...]:
    """The question's parts and those around them, as they are decided together."""
    layers = parts_around(question.parts, all_months=True)
    return decided_together({part for layer in layers for part in layer})


def _wider(question: Question) -> tuple[Question, ...]:
    """The questions whose figures win over this one's: without its filter, and in the scored view."""
    every, scored = replace(question, filters=Filters()), replace(question, view=View.SCORED)
    return tuple(other for other in (every, scored) if other != question)


def _with_wider(question: Question) -> tuple[Question, ...]:
    wider = (found for other in _wider(question) for found in _with_wider(other))
    return tuple(dict.fromkeys((question, *wider)))


@dataclass(frozen=True, eq=False)
class _Decided:
    """One indicator of one question: why each cell is hidden, the cases behind it, and the rests beside it."""

    codes: Codes
    counts: CasesBehind
    rests: tuple[Numbers, ...]

    def shown(self, result: Result, place: int) -> Result:
        """The Result of the unit at a place, without value if it must be hidden."""
        code = self.codes[place, self.counts.parts.index(result.period)]
        return result if code == SHOWN else hide(result, REASONS[code])


@dataclass(frozen=True, eq=False)
class _Trees:
    """The trees of units by the days and units that they hold: indicators and questions share them."""

    roster: Roster
    made: dict[tuple[date, bytes], UnitTree] = field(default_factory=dict)

    def of(self, units: Places, day: date) -> UnitTree:
        """The tree of the units under their parents of the day; a unit whose parent isn't among them is a top."""
        key = day, units.tobytes()
        if key not in self.made:
            places = np.full(len(self.roster.ids) + 1, -1)  # the last one stands for no parent
            places[units] = np.arange(len(units))
            self.made[key] = UnitTree(places[self.roster.parents(day)[units]])
        return self.made[key]


@dataclass(frozen=True, eq=False)
class _Deciding:
    """What is hidden of one indicator, question by question."""

    indicator: Indicator
    roster: Roster
    trees: _Trees
    counted: Mapping[Question, Counted]
    made: dict[Question, _Decided] = field(default_factory=dict)

    def decided(self, question: Question) -> _Decided:
        """What is shown of every unit; what the wider questions hide is hidden here too."""
        if question not in self.made:
            self.made[question] = self._decide(question)
        return self.made[question]

    def _decide(self, question: Question) -> _Decided:
        wider = [self.decided(other) for other in _wider(question)]
        counts = self.counted[question].cases[self.indicator.id]
        rests = _rests(counts.cases, wider)
        told = np.zeros(counts.cases.shape, dtype=bool)
        for other in wider:
            told |= other.codes != SHOWN
        hiding = _Hiding(self.indicator, self.roster, self.trees, question, counts, rests)
        return _Decided(hiding.codes(told), counts, rests)


def _rests(cases: Numbers, wider: Sequence[_Decided]) -> tuple[Numbers, ...]:
    """What follows where a cell and those of the wider questions are visible: each difference is a group of cases."""
    rests = [np.abs(other.counts.cases - cases) for other in wider]
    crossed = [np.abs(rests[0] - rest) for other in wider[1:] for rest in other.rests]
    return (*rests, *crossed)


@dataclass(frozen=True, eq=False)
class _Hiding:
    """How one indicator of one question is hidden, block of time by block of time.

    A block has the units and the tree of its own last day, whatever else is asked for with it.
    """

    indicator: Indicator
    roster: Roster
    trees: _Trees
    question: Question
    counts: CasesBehind
    rests: tuple[Numbers, ...]

    def codes(self, told: Flags) -> Codes:
        """Why each cell is hidden, those ``told`` among them; months and quarters win over longer parts."""
        codes, told = np.zeros(told.shape, dtype=np.int8), told.copy()
        for parts in decided_together(self.counts.parts):
            for part in (part for part in parts if pieces_of(part)):
                pieces = self._columns(pieces_of(part))
                tells = told_by_pieces(part, codes[:, pieces] != SHOWN, self.counts.empty[:, pieces])
                told[:, self.counts.parts.index(part)] |= tells
            self._decide_together(parts, told, codes)
        return codes

    def _decide_together(self, parts: tuple[Period, ...], told: Flags, codes: Codes) -> None:
        """Sets the codes of parts that are decided together; a unit that wasn't there is no secret."""
        columns = self._columns(parts)
        first, end = min(part.start for part in parts), max(part.end for part in parts)
        there = self.roster.there(first, end) | ~self.counts.empty[:, columns].all(axis=1)
        units = np.flatnonzero(there & self.roster.of_kinds(self.indicator.unit_kinds))
        cells = np.ix_(units, np.array(columns))
        table = Cells(
            tree=self.trees.of(units, end - timedelta(days=1)),
            parts=parts,
            companies=self.roster.of_kinds((COMPANY,))[units],
            counts=self.counts.cases[cells],
            empty=self.counts.empty[cells],
            telling=told[cells],
            rests=tuple(rest[cells] for rest in self.rests),
        )
        codes[cells] = suppressed(table, [part for part in parts if self._is_closed(part)])

    def _is_closed(self, part: Period) -> bool:
        """Whether viewers see the part at all: those who don't supervise see whole closed months only."""
        if self.question.scope.allows(Verb.SUPERVISE):
            return True
        return part.whole_months() and part.ends_at(self.question.rules.time_zone) <= self.question.as_of

    def _columns(self, parts: Sequence[Period]) -> list[int]:
        return [self.counts.parts.index(part) for part in parts]
