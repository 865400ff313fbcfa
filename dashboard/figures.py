"""Figures: the one road from counts to Results, for pages, the command line and exports."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from dashboard.counting import Counting, questions_by_fact
from dashboard.protection import protected_results
from data_access.circumstances import Circumstances, read_circumstances
from data_access.engine import Connection
from data_access.hierarchy import Hierarchy
from data_access.known import Known, read_known
from data_access.question import Question, View
from data_access.rollup.read import prefetched
from data_access.roster import finest_of
from metrics.cases_behind import adds_up
from metrics.compute import Conditions
from metrics.counts import Fact
from metrics.definition import Indicator
from metrics.estimate import pools_of
from metrics.pooling import Grid
from metrics.result import Group, Result


def answer(
    connection: Connection,
    hierarchy: Hierarchy,
    question: Question,
    indicators: Sequence[Indicator],
    groups: Sequence[Group],
    known: Known | None = None,
) -> list[Result]:
    """One Result for each indicator, group and part of the question, in this order.

    ``known`` is what was read of these data already; else it is read. What is protected comes out hidden where
    it must be. Raises DataAccessError where the database doesn't answer.
    """
    known = known or read_known(connection, hierarchy, question.rules)
    conditions = _conditions(question, read_circumstances(connection, question, known.givens))
    counting = Counting(connection, hierarchy, conditions, known.ready)
    plain = [indicator for indicator in indicators if not indicator.protected]
    protected = [indicator for indicator in indicators if indicator.protected]
    results = _plain_results(counting, question, plain, groups) if plain else []
    for some in ([one for one in protected if adds_up(one)], [one for one in protected if not adds_up(one)]):
        if some:
            results += protected_results(counting.of_everybody, hierarchy, question, some, groups)
    order = {indicator.id: place for place, indicator in enumerate(indicators)}
    return sorted(results, key=lambda result: order[result.indicator])


def answer_each(
    connection: Connection,
    hierarchy: Hierarchy,
    asked: Sequence[tuple[Question, Sequence[Indicator]]],
    groups: Sequence[Group],
    known: Known,
) -> list[list[Result]]:
    """What ``answer`` gives for each question with its indicators; what they need is read at once."""
    if known.ready is not None:
        known = replace(known, ready=prefetched(connection, hierarchy, list(_facts(asked, groups)), known.ready))
    return [answer(connection, hierarchy, question, some, groups, known) for question, some in asked]


def _facts(
    asked: Sequence[tuple[Question, Sequence[Indicator]]], groups: Sequence[Group]
) -> Iterator[tuple[Fact, Question]]:
    for question, indicators in asked:
        plain = [indicator for indicator in indicators if not indicator.protected]
        yield from questions_by_fact(_fine_enough(question, groups), plain).items()


def _fine_enough(question: Question, groups: Sequence[Group]) -> Question:
    return replace(question, finest=finest_of(group.kind for group in groups))


def _plain_results(
    counting: Counting, question: Question, indicators: Sequence[Indicator], groups: Sequence[Group]
) -> list[Result]:
    frames = counting.frames(_fine_enough(question, groups), indicators)
    return counting.results(question, indicators, pools_of(frames, Grid(tuple(groups), question.parts)))


def _conditions(question: Question, circumstances: Circumstances) -> Conditions:
    return Conditions(
        targets=dict(circumstances.targets),
        scored=question.view is View.SCORED,
        first_day=circumstances.first_day or date.max,
        unofficial=circumstances.unofficial_parts,
    )
