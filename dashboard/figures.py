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
    wanted: dict[Fact, set[str]] = {}
    for indicator in indicators:
        for fact in indicator.facts:
            wanted.setdefault(fact, set()).update(indicator.dimensions)
    return {
        fact: COUNTERS[fact](connection, hierarchy, replace(question, dimensions=_offered(fact, names)))
        for fact, names in wanted.items()
    }


def _offered(fact: Fact, names: set[str]) -> tuple[str, ...]:
    return tuple(name for name in FACTS[fact].dimensions if name in names)


def _conditions(question: Question, circumstances: Circumstances) -> Conditions:
    return Conditions(
        targets=dict(circumstances.targets),
        scored=question.view is View.SCORED,
        first_day=circumstances.first_day or date.max,
        unofficial=circumstances.unofficial_parts,
    )
