"""Protected figures: counted for the whole company at once, so that what is hidden never depends on who asks.

A figure is hidden if it is small, or if others that anybody can ask for would give a small one away: units
beside and above it, the months and quarters around it, and the same figure without a filter.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from data_access.hierarchy import Hierarchy
from data_access.question import Filters, Question
from data_access.scope import Verb
from metrics.counts import MINIMUM_PROTECTED_CELL
from metrics.definition import Indicator
from metrics.long_periods import quarters_by_unit, quarters_within, told_by_quarters
from metrics.period import Period, quarter_period
from metrics.result import Group, Result, Status
from metrics.suppression import Cells, cases_behind, suppress

Compute = Callable[[Question, Sequence[Indicator], Sequence[Group]], list[Result]]
"""Counts and computes one question whose parts don't overlap; nothing is hidden yet."""

Found = dict[tuple[str, str, Period], Result]
"""Results by indicator, unit and part."""


def protected_results(
    compute: Compute, hierarchy: Hierarchy, question: Question, indicators: Sequence[Indicator], groups: Sequence[Group]
) -> list[Result]:
    """One Result for each indicator, group and part, in this order, hidden where it must be."""
    totals: Found = {}
    if question.filters != Filters():
        totals = _hidden(compute, hierarchy, replace(question, filters=Filters()), indicators, {})
    found = _hidden(compute, hierarchy, question, indicators, totals)
    return [
        replace(found[indicator.id, group.unit_id, part], group=group)
        for indicator in indicators
        for group in groups
        for part in question.parts
    ]


def _hidden(
    compute: Compute, hierarchy: Hierarchy, question: Question, indicators: Sequence[Indicator], totals: Found
) -> Found:
    """The Results of every unit for the question's parts and the months and quarters around them.

    ``totals`` are the same without the question's filter, hidden where they must be.
    """
    whole = replace(question, unit_id=None, scope=replace(question.scope, root_unit_id=None))
    everybody = _everybody(hierarchy, whole.parts)
    computed = [
        result
        for layer in _layers(whole.parts)
        for result in compute(replace(whole, parts=layer), indicators, everybody)
    ]
    return {
        _key(result): result
        for indicator in indicators
        for result in _suppressed(
            indicator, [one for one in computed if one.indicator == indicator.id], question, totals
        )
    }


def _suppressed(indicator: Indicator, computed: Sequence[Result], question: Question, totals: Found) -> list[Result]:
    """Long periods apart from the quarters and months in them, which come first."""
    zone, supervises = question.rules.time_zone, question.scope.allows(Verb.SUPERVISE)
    short = [result for result in computed if not quarters_within(result.period)]
    long = [result for result in computed if quarters_within(result.period)]
    told = _told_by_totals(indicator, computed, totals)
    shown = suppress(indicator, short, zone, supervises, told)
    if not long:
        return shown
    told |= told_by_quarters(long, quarters_by_unit(indicator, short, shown))
    return [*shown, *suppress(indicator, long, zone, supervises, told)]


def _told_by_totals(indicator: Indicator, computed: Sequence[Result], totals: Found) -> Cells:
    """The cells whose figure without the filter, less this one, would tell of a small cell."""
    return frozenset(
        (result.group.unit_id, result.period)
        for result in computed
        if totals and _tells(indicator, result, totals[_key(result)])
    )


def _tells(indicator: Indicator, result: Result, total: Result) -> bool:
    if total.status is Status.HIDDEN:
        return True
    return 0 < cases_behind(indicator, total) - cases_behind(indicator, result) < MINIMUM_PROTECTED_CELL


def _key(result: Result) -> tuple[str, str, Period]:
    return result.indicator, result.group.unit_id, result.period


def _layers(parts: Sequence[Period]) -> list[tuple[Period, ...]]:
    """The parts, then the quarters and the months around them; within a layer nothing overlaps."""
    if not all(part.whole_months() and part.start.day == 1 for part in parts):
        return [tuple(parts)]
    quarters = {quarter_period(month.start) for part in parts for month in part.months()}
    months = {month for quarter in quarters for month in quarter.months()}
    layers = (set(parts), quarters - set(parts), months - set(parts))
    return [tuple(sorted(layer)) for layer in layers if layer]


def _everybody(hierarchy: Hierarchy, parts: Iterable[Period]) -> list[Group]:
    last_day = max(part.last_day for part in parts)
    return [
        Group(unit.id, unit.name, unit.kind, hierarchy.parent(unit.id, last_day))
        for unit in sorted(hierarchy.units.values(), key=lambda unit: unit.id)
    ]
