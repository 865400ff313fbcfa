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
from metrics.long_periods import quarters_by_unit, quarters_within, without_remainders
from metrics.period import Period, quarter_period
from metrics.result import Group, Result, Status
from metrics.suppression import cases_behind, emptied_by_subtraction, suppress

Compute = Callable[[Question, Sequence[Indicator], Sequence[Group]], list[Result]]
"""Counts and computes one question whose parts don't overlap; nothing is hidden yet."""


def protected_results(
    compute: Compute, hierarchy: Hierarchy, question: Question, indicators: Sequence[Indicator], groups: Sequence[Group]
) -> list[Result]:
    """One Result for each indicator, group and part, in this order, hidden where it must be."""
    shown = _hidden_by_size(compute, hierarchy, question, indicators)
    if question.filters != Filters():
        shown = _hidden_by_filter(compute, hierarchy, question, indicators, shown)
    found = {(result.indicator, result.group.unit_id, result.period): result for result in shown}
    return [
        replace(found[indicator.id, group.unit_id, part], group=group)
        for indicator in indicators
        for group in groups
        for part in question.parts
    ]


def _hidden_by_size(
    compute: Compute, hierarchy: Hierarchy, question: Question, indicators: Sequence[Indicator]
) -> list[Result]:
    """The Results of every unit for the question's parts and the months and quarters around them."""
    whole = _whole_company(question)
    everybody = _everybody(hierarchy, whole.parts)
    computed = [
        result
        for layer in _layers(whole.parts)
        for result in compute(replace(whole, parts=layer), indicators, everybody)
    ]
    supervises = question.scope.allows(Verb.SUPERVISE)
    return [
        result
        for indicator in indicators
        for result in _suppressed(
            indicator, [one for one in computed if one.indicator == indicator.id], question, supervises
        )
    ]


def _suppressed(indicator: Indicator, computed: Sequence[Result], question: Question, supervises: bool) -> list[Result]:
    """Long periods apart from the quarters and months in them, which come first."""
    zone = question.rules.time_zone
    short = [result for result in computed if not quarters_within(result.period)]
    long = [result for result in computed if quarters_within(result.period)]
    shown = suppress(indicator, short, zone, supervises)
    if not long:
        return shown
    quarters = quarters_by_unit(indicator, short, shown)
    return [*shown, *without_remainders(suppress(indicator, long, zone, supervises), quarters)]


def _layers(parts: Sequence[Period]) -> list[tuple[Period, ...]]:
    """The parts, then the quarters and the months around them; within a layer nothing overlaps."""
    if not all(part.whole_months() and part.start.day == 1 for part in parts):
        return [tuple(parts)]
    quarters = {quarter_period(month.start) for part in parts for month in part.months()}
    months = {month for quarter in quarters for month in quarter.months()}
    layers = (set(parts), quarters - set(parts), months - set(parts))
    return [tuple(sorted(layer)) for layer in layers if layer]


def _whole_company(question: Question) -> Question:
    return replace(question, unit_id=None, scope=replace(question.scope, root_unit_id=None))


def _everybody(hierarchy: Hierarchy, parts: Iterable[Period]) -> list[Group]:
    last_day = max(part.last_day for part in parts)
    return [
        Group(unit.id, unit.name, unit.kind, hierarchy.parent(unit.id, last_day))
        for unit in sorted(hierarchy.units.values(), key=lambda unit: unit.id)
    ]


def _hidden_by_filter(
    compute: Compute,
    hierarchy: Hierarchy,
    question: Question,
    indicators: Sequence[Indicator],
    shown: Sequence[Result],
) -> list[Result]:
    """The Results, those hidden whose figure without the filter, less this one, would tell of a small cell."""
    by_id = {indicator.id: indicator for indicator in indicators}
    unfiltered = replace(_whole_company(question), filters=Filters())
    everything = _hidden_by_size(compute, hierarchy, unfiltered, indicators)
    totals = {(result.indicator, result.group.unit_id, result.period): result for result in everything}
    return [
        _beside_total(by_id[result.indicator], result, totals[result.indicator, result.group.unit_id, result.period])
        for result in shown
    ]


def _beside_total(indicator: Indicator, result: Result, total: Result) -> Result:
    if total.status is Status.HIDDEN:
        return emptied_by_subtraction(result)
    rest = cases_behind(indicator, total) - cases_behind(indicator, result)
    return emptied_by_subtraction(result) if 0 < rest < MINIMUM_PROTECTED_CELL else result
