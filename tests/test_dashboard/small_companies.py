"""Small companies as plain cases in memory, and what protection shows of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from dashboard.depth import Depth
from dashboard.protection import Counted, protected_results
from data_access.hierarchy import Hierarchy, Unit
from data_access.parentage import Link, whole
from data_access.question import Filters, Question, Rules, View
from data_access.scope import Scope, Verb
from metrics.cases_behind import CasesBehind
from metrics.definition import Indicator
from metrics.long_periods import parts_around
from metrics.period import Period, parse_period
from metrics.result import Group, Reason, Result, Status
from tests.test_metrics.making import indicator
from tests.test_metrics.protected import result

SHANGHAI = ZoneInfo("Asia/Shanghai")
SATISFACTION = indicator("satisfaction_rate")
RULES = Rules(time_zone=SHANGHAI, deadlines=(), obligations=(), networks=())
LATER = datetime(2026, 2, 1, tzinfo=SHANGHAI)
VIEWER, SUPERVISOR = Scope("viewer"), Scope("supervisor", verbs=frozenset({Verb.VIEW, Verb.SUPERVISE}))


@dataclass(frozen=True)
class Kind:
    """What cases of one day and unit have in common."""

    unit_id: str
    day: date
    track: str = "company"
    scored: bool = True


Cases = Mapping[Kind, int]


def in_(month: int, *, year: int = 2025) -> date:
    return date(year, month, 15)


def company_of(**teams: int) -> Hierarchy:
    """A company ``C`` with branches under it, each with so many teams: ``B1`` has ``B1T1`` and so on."""
    units = {"C": Unit("C", "公司", "company")}
    parents = {}
    for branch, number in teams.items():
        units[branch] = Unit(branch, branch, "branch")
        parents[branch] = under("C")
        for team in (f"{branch}T{place}" for place in range(1, number + 1)):
            units[team] = Unit(team, team, "team")
            parents[team] = under(branch)
    return Hierarchy(units, parents)


def under(*parents: str, since: Sequence[date] = (date.min,)):
    """The parents of a unit, each from its day on."""
    return whole([Link(day, parent, None) for parent, day in zip(parents, since, strict=True)])


class Counting:
    """Counts in place of a database's; ``asked`` are the questions it was asked."""

    def __init__(self, hierarchy: Hierarchy, cases: Cases) -> None:
        self.hierarchy, self.cases = hierarchy, cases
        self.asked: list[Question] = []

    def __call__(self, question: Question, indicators: Sequence[Indicator], groups: Sequence[Group]) -> list[Result]:
        self.asked.append(question)
        held = kinds_by_cell(self.hierarchy, self.cases, question)
        counts = {cell: sum(self.cases[kind] for kind in kinds) for cell, kinds in held.items()}
        return [
            result(group, part, counts.get((group.unit_id, part), 0), as_of=question.as_of, name=indicator.id)
            if group.kind in indicator.unit_kinds
            else Result(indicator.id, group, part, question.as_of, Status.NO_DATA, Reason.NOT_FOR_KIND)
            for indicator in indicators
            for group in groups
            for part in question.parts
        ]

    def count(self, question: Question, indicators: Sequence[Indicator], depth: Depth) -> Counted:
        """What protection asks for; the Results hold every unit and part that decides."""
        parts = tuple(part for layer in parts_around(question.parts, all_months=False) for part in layer)
        everybody = [Group(unit, unit, self.hierarchy.units[unit].kind) for unit in depth.roster.ids]
        results = self(replace(question, parts=parts), indicators, everybody)
        shape = len(everybody), len(parts)
        cases = {
            one.id: CasesBehind(
                parts,
                np.array([each.denominator or 0.0 for each in results if each.indicator == one.id]).reshape(shape),
                np.array([each.status is Status.NO_DATA for each in results if each.indicator == one.id]).reshape(
                    shape
                ),
            )
            for one in indicators
        }
        return Counted(cases, lambda groups: self(question, indicators, groups))


def kinds_by_cell(
    hierarchy: Hierarchy, cases: Iterable[Kind], question: Question
) -> dict[tuple[str, Period], list[Kind]]:
    """The kinds of case that each unit with all below it has in each part of the question."""
    held = defaultdict(list)
    for kind in cases:
        if question.filters.track in (None, kind.track) and (kind.scored or question.view is View.FULL):
            for part in question.parts:
                if part.start <= kind.day < part.end:
                    for unit in hierarchy.path(kind.unit_id, kind.day):
                        held[unit.id, part].append(kind)
    return held


def asking(*parts: str, scope: Scope = VIEWER, track: str | None = None, view: View = View.SCORED) -> Question:
    periods = tuple(parse_period(part) for part in parts)
    return Question(periods, LATER, scope, RULES, filters=Filters(track=track), view=view)


def answers(
    hierarchy: Hierarchy,
    cases: Cases,
    question: Question,
    *units: str,
    indicators: Sequence[Indicator] = (SATISFACTION,),
) -> list[Result]:
    """What is shown of the units, or of every unit where none is named."""
    wanted = [hierarchy.units[unit] for unit in units or hierarchy.units]
    groups = [Group(unit.id, unit.name, unit.kind, hierarchy.parent(unit.id, date(2025, 12, 31))) for unit in wanted]
    return protected_results(Counting(hierarchy, cases).count, hierarchy, question, indicators, groups)


def hidden(hierarchy: Hierarchy, cases: Cases, question: Question, *units: str) -> set[str]:
    """The units of which something is hidden."""
    return {each.group.unit_id for each in answers(hierarchy, cases, question, *units) if each.status is Status.HIDDEN}


def moved(hierarchy: Hierarchy, unit_id: str, *parents: str, since: Sequence[date]) -> Hierarchy:
    return replace(hierarchy, parents={**hierarchy.parents, unit_id: under(*parents, since=since)})


def with_days(hierarchy: Hierarchy, unit_id: str, **days: date) -> Hierarchy:
    """The unit with the days on which it was founded or closed."""
    return replace(hierarchy, units={**hierarchy.units, unit_id: hierarchy.units[unit_id]._replace(**days)})
