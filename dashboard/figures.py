"""Figures: the one road from counts to Results, for pages, the command line and exports."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from dashboard.protection import protected_results
from data_access.circumstances import Circumstances, read_circumstances
from data_access.counts import COUNTERS
from data_access.engine import Connection
from data_access.hierarchy import Hierarchy
from data_access.question import Question, View
from metrics.compute import Conditions, compute
from metrics.counts import FACTS, Fact
from metrics.definition import Indicator
from metrics.estimate import Frames
from metrics.result import Group, Result

DUTY_KIND = "duty_kind"
"""The dimension by which most indicators of duties restrict what they count."""


def answer(
    connection: Connection,
    hierarchy: Hierarchy,
    question: Question,
    indicators: Sequence[Indicator],
    groups: Sequence[Group],
) -> list[Result]:
    """One Result for each indicator, group and part of the question, in this order.

    What is protected comes out hidden where it must be. Raises DataAccessError where the database doesn't
    answer.
    """

    def computed(asked: Question, some: Sequence[Indicator], units: Sequence[Group]) -> list[Result]:
        return _computed(connection, hierarchy, asked, some, units)

    plain = [indicator for indicator in indicators if not indicator.protected]
    protected = [indicator for indicator in indicators if indicator.protected]
    results = computed(question, plain, groups) if plain else []
    if protected:
        results += protected_results(computed, hierarchy, question, protected, groups)
    order = {indicator.id: place for place, indicator in enumerate(indicators)}
    return sorted(results, key=lambda result: order[result.indicator])


def _computed(
    connection: Connection,
    hierarchy: Hierarchy,
    question: Question,
    indicators: Sequence[Indicator],
    groups: Sequence[Group],
) -> list[Result]:
    """The Results before anything is hidden."""
    conditions = _conditions(question, read_circumstances(connection, question))
    frames = _count(connection, hierarchy, question, indicators)
    as_of = question.as_of.astimezone(question.rules.time_zone)
    return [
        result
        for indicator in indicators
        for result in compute(indicator, frames, groups, question.parts, as_of, conditions)
    ]


def _count(connection: Connection, hierarchy: Hierarchy, question: Question, indicators: Sequence[Indicator]) -> Frames:
    """The frames that the indicators need, each fact counted once with all dimensions asked of it."""
    wanted: dict[Fact, list[Indicator]] = {}
    for indicator in indicators:
        for fact in indicator.facts:
            wanted.setdefault(fact, []).append(indicator)
    return {
        fact: COUNTERS[fact](connection, hierarchy, _about(fact, question, users)) for fact, users in wanted.items()
    }


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


def _conditions(question: Question, circumstances: Circumstances) -> Conditions:
    return Conditions(
        targets=dict(circumstances.targets),
        scored=question.view is View.SCORED,
        first_day=circumstances.first_day or date.max,
        unofficial=circumstances.unofficial_parts,
    )
