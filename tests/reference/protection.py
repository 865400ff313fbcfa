"""Protected figures by Results, one by one: slow and plain, to compare ``dashboard.protection`` with.

A figure is hidden if it is small, or if others that anybody can ask for would give a small one away: units
beside and above it, the months and quarters around it, the same figure without a filter or in the other view.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from data_access.hierarchy import Hierarchy
from data_access.question import Filters, Question, View
from data_access.scope import Verb
from metrics.definition import Indicator
from metrics.long_periods import pieces_of
from metrics.period import MONTHS_IN_KIND, Period, PeriodKind, quarter_period
from metrics.result import Group, Result, Status
from metrics.time_blocks import blocks
from tests.reference.suppression import Cases, Cells, cases_behind, suppress
from tests.reference.unit_tree import FEWEST_UNKNOWN

Compute = Callable[[Question, Sequence[Indicator], Sequence[Group]], list[Result]]
"""Counts and computes one question whose parts don't overlap; nothing is hidden yet."""

Computed = Mapping[Question, Sequence[Result]]
"""The Results of every unit by question, before anything is hidden."""


@dataclass(frozen=True)
class _Decided:
    """One indicator of one question: what is shown of each cell, the cases behind it, and the rests beside it."""

    shown: dict[tuple[str, Period], Result]
    cases: Cases
    rests: tuple[Cases, ...]


def protected_results(
    compute: Compute, hierarchy: Hierarchy, question: Question, indicators: Sequence[Indicator], groups: Sequence[Group]
) -> list[Result]:
    """One Result for each indicator, group and part, in this order, hidden where it must be.

    Raises KeyError for a group that is no unit of the hierarchy.
    """
    whole = replace(question, unit_id=None, scope=replace(question.scope, root_unit_id=None))
    computed = {asked: _everybody(compute, hierarchy, asked, indicators) for asked in _with_wider(whole)}
    shown = {indicator.id: _decide(indicator, hierarchy, whole, computed).shown for indicator in indicators}
    return [
        replace(shown[indicator.id][group.unit_id, part], group=group)
        for indicator in indicators
        for group in groups
        for part in question.parts
    ]


def _wider(question: Question) -> tuple[Question, ...]:
    """The questions whose figures win over this one's: without its filter, and in the scored view."""
    every, scored = replace(question, filters=Filters()), replace(question, view=View.SCORED)
    return tuple(other for other in (every, scored) if other != question)


def _with_wider(question: Question) -> tuple[Question, ...]:
    wider = (found for other in _wider(question) for found in _with_wider(other))
    return tuple(dict.fromkeys((question, *wider)))


def _everybody(
    compute: Compute, hierarchy: Hierarchy, question: Question, indicators: Sequence[Indicator]
) -> list[Result]:
    """The Results of every unit for the question's parts and the months and quarters around them."""
    everybody = [Group(unit.id, unit.name, unit.kind) for unit in hierarchy.units.values()]
    return [
        result
        for layer in _layers(question.parts)
        for result in compute(replace(question, parts=layer), indicators, everybody)
    ]


def _layers(parts: Sequence[Period]) -> list[tuple[Period, ...]]:
    """The parts, then the quarters and the months around them; within a layer nothing overlaps."""
    if not all(part.whole_months() and part.start.day == 1 for part in parts):
        return [tuple(parts)]
    quarters = {quarter_period(month.start) for part in parts for month in part.months()}
    months = {month for quarter in quarters for month in quarter.months()}
    layers = (set(parts), quarters - set(parts), months - set(parts))
    return [tuple(sorted(layer)) for layer in layers if layer]


def _decide(indicator: Indicator, hierarchy: Hierarchy, question: Question, computed: Computed) -> _Decided:
    """What is shown of every unit; what the wider questions hide is hidden here too."""
    wider = [_decide(indicator, hierarchy, other, computed) for other in _wider(question)]
    results = [result for result in computed[question] if result.indicator == indicator.id]
    cases = {_cell(result): cases_behind(indicator, result) for result in results}
    rests = _rests(cases, wider)
    told = frozenset(cell for other in wider for cell, result in other.shown.items() if result.status is Status.HIDDEN)
    hiding = _Hiding(indicator, hierarchy, question, rests)
    return _Decided({_cell(result): result for result in hiding.suppressed(results, told)}, cases, rests)


def _rests(cases: Cases, wider: Sequence[_Decided]) -> tuple[Cases, ...]:
    """What follows where a cell and those of the wider questions are visible: each difference is a group of cases."""
    rests = [_difference(other.cases, cases) for other in wider]
    crossed = [_difference(rests[0], rest) for other in wider[1:] for rest in other.rests]
    return (*rests, *crossed)


def _difference(one: Cases, other: Cases) -> Cases:
    return {cell: abs(count - other[cell]) for cell, count in one.items()}


@dataclass(frozen=True)
class _Hiding:
    """How one indicator of one question is hidden, block of time by block of time.

    A block has the units and the tree of its own last day, whatever else is asked for with it.
    """

    indicator: Indicator
    hierarchy: Hierarchy
    question: Question
    rests: tuple[Cases, ...]

    def suppressed(self, results: Sequence[Result], told: Cells) -> list[Result]:
        """The Results, those that must not be shown without value; months and quarters win over longer parts."""
        long = sorted({result.period for result in results if pieces_of(result.period)})
        short = {result.period for result in results} - set(long)
        shown = [
            result
            for block in blocks(sorted(short))
            for result in self._together(results, {*block.inner, *([block.outer] if block.outer else [])}, told)
        ]
        told |= told_by_pieces(long, shown)
        return [*shown, *(result for part in long for result in self._together(results, {part}, told))]

    def _together(self, results: Sequence[Result], parts: set[Period], told: Cells) -> list[Result]:
        """The Results of parts that are decided together; a unit that wasn't there is no secret."""
        inside = [result for result in results if result.period in parts]
        there = self._there(inside, parts)
        zone, supervises = self.question.rules.time_zone, self.question.scope.allows(Verb.SUPERVISE)
        placed = [
            replace(result, group=there[result.group.unit_id]) for result in inside if result.group.unit_id in there
        ]
        away = [result for result in inside if result.group.unit_id not in there]
        return [*suppress(self.indicator, placed, zone, supervises, told, self.rests), *away]

    def _there(self, results: Iterable[Result], parts: set[Period]) -> dict[str, Group]:
        """The units that existed in the parts or have data all the same, under their parents of the last day."""
        first, end = min(part.start for part in parts), max(part.end for part in parts)
        with_data = {result.group.unit_id for result in results if result.status is not Status.NO_DATA}
        return {
            unit.id: Group(unit.id, unit.name, unit.kind, self.hierarchy.parent(unit.id, end - timedelta(days=1)))
            for unit in self.hierarchy.units.values()
            if unit.id in with_data or unit.exists(first, end)
        }


def _cell(result: Result) -> tuple[str, Period]:
    return result.group.unit_id, result.period


def told_by_pieces(parts: Iterable[Period], shown: Iterable[Result]) -> Cells:
    """The cells of long parts that must be hidden, because of what is hidden of their pieces.

    ``shown`` are the Results of the pieces of every unit after suppression. A piece without data is neither
    visible nor hidden: nobody was there.
    """
    by_unit: dict[str, dict[Period, Result]] = defaultdict(dict)
    for result in shown:
        by_unit[result.group.unit_id][result.period] = result
    long = tuple(parts)
    return frozenset((unit_id, part) for unit_id, results in by_unit.items() for part in long if _tells(part, results))


def _tells(part: Period, results: dict[Period, Result]) -> bool:
    statuses = [results[piece].status for piece in pieces_of(part)]
    hidden = statuses.count(Status.HIDDEN)
    if not hidden:
        return False
    all_hidden = hidden >= FEWEST_UNKNOWN and hidden + statuses.count(Status.NO_DATA) == len(statuses)
    return not (all_hidden and _is_calendar_year(part))


def _is_calendar_year(part: Period) -> bool:
    return part.start.month == 1 and len(part.months()) == MONTHS_IN_KIND[PeriodKind.YEAR]
