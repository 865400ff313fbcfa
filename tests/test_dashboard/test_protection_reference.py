"""Protection against a slow and plain second implementation: the same figures are hidden, for the same reasons."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from dashboard.counting import Counting
from dashboard.figures import answer
from dashboard.protection import protected_results
from data_access.circumstances import read_circumstances
from data_access.engine import open_writer
from data_access.hierarchy import Hierarchy, read_hierarchy
from data_access.question import Filters, Question, View
from data_access.scope import Scope, local_scope
from data_access.settings import Settings
from metrics.compute import Conditions, compute
from metrics.definition import Indicator
from metrics.period import parse_period
from metrics.registry import load
from metrics.result import Group, Result, Status
from sample_data.make import built_in_rules
from tests.reference import protection as reference
from tests.test_dashboard import small_companies
from tests.test_dashboard.small_companies import Kind, asking, company_of, in_, moved, with_days
from tests.test_metrics.making import indicator

SHANGHAI = ZoneInfo("Asia/Shanghai")
BOTH = (indicator("satisfaction_rate"), indicator("reopen_rate", unit_kinds=("company", "branch")))
PARTS = (
    ("2025-07",),
    ("2025Q3",),
    ("2025",),
    ("2025H1",),
    ("2025-07A",),
    ("2025-08", "2025-02"),
    ("2025-02-01..2025-08-31",),
    ("2025-07-01..2025-09-30",),
    ("2025-07-05..2025-07-20", "2025-08"),
    ("2025Q1", "2025Q2", "2025-09"),
    tuple(f"2025-{month:02}" for month in range(1, 13)),
)
INSTANTS = (datetime(2026, 2, 1, tzinfo=SHANGHAI), datetime(2025, 9, 20, tzinfo=SHANGHAI))


@st.composite
def companies(draw):
    """A company of which a team may move and a branch come later, and its cases."""
    teams = draw(st.lists(st.integers(0, 3), min_size=2, max_size=5))
    hierarchy = company_of(**{f"B{place}": number for place, number in enumerate(teams, 1)})
    if draw(st.booleans()) and teams[0]:
        hierarchy = moved(
            hierarchy, "B1T1", "B1", "B2", since=(date.min, draw(st.dates(date(2025, 1, 1), date(2025, 12, 31))))
        )
    if draw(st.booleans()):
        hierarchy = with_days(hierarchy, "B2", **{draw(st.sampled_from(("founded_on", "closed_on"))): date(2025, 8, 1)})
    if draw(st.booleans()) and teams[-1]:
        straight = draw(st.sampled_from(("C", "B1", "B2")))
        hierarchy = moved(hierarchy, f"B{len(teams)}T1", straight, since=(date.min,))
    if draw(st.booleans()) and teams[1] > 1:
        hierarchy = with_days(hierarchy, "B2T2", closed_on=date(2025, 7, 1))
    few = st.one_of(st.integers(0, 12), st.just(0), st.integers(8, 40))
    months = draw(st.sampled_from(((7,), (7, 8, 9), range(1, 13))))
    kinds = [
        Kind(unit, in_(month), track, scored)
        for unit in hierarchy.units
        for month in months
        for track in draw(st.sampled_from((("company",), ("company", "branch"))))
        for scored in (True, False)
    ]
    return hierarchy, {kind: draw(few) for kind in kinds}


questions = st.builds(
    lambda parts, as_of, track, view, scope: replace(asking(*parts, scope=scope, track=track, view=view), as_of=as_of),
    st.sampled_from(PARTS),
    st.sampled_from(INSTANTS),
    st.sampled_from((None, "company")),
    st.sampled_from(View),
    st.sampled_from((small_companies.VIEWER, small_companies.SUPERVISOR)),
)


ones = st.one_of(st.none(), st.integers(0, 20))
asked_kinds = st.sampled_from(
    (("company",), ("company", "branch"), ("branch",), ("team", "company"), ("team", "branch"))
)


@given(companies(), questions, asked_kinds, ones)
@settings(deadline=None, max_examples=300)
def test_the_same_is_hidden_in_small_companies(
    drawn, question: Question, kinds: Sequence[str], one: int | None
) -> None:
    hierarchy, cases = drawn
    counting = small_companies.Counting(hierarchy, cases)
    asked = [unit for unit in hierarchy.units.values() if unit.kind in kinds]
    if one is not None and asked:
        asked = [asked[one % len(asked)]]
    groups = [Group(unit.id, unit.name, unit.kind, "somewhere") for unit in asked]
    expected = reference.protected_results(counting, hierarchy, question, BOTH, groups)
    assert protected_results(counting.count, hierarchy, question, BOTH, groups) == expected


# The sample company, through a database

registry = cache(load)
AS_OF = datetime(2026, 10, 8, tzinfo=SHANGHAI)
PROTECTED = tuple(one for one in registry(None) if one.protected)
VIEWER = Scope("viewer")


@pytest.fixture(scope="module")
def connection(sample_file: Path) -> Iterator[Connection]:
    engine = open_writer(Settings(database_url=f"sqlite:///{sample_file}"))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="module")
def hierarchy(connection: Connection) -> Hierarchy:
    return read_hierarchy(connection)


def asked(*parts: str, scope: Scope = VIEWER, **more: object) -> Question:
    periods = tuple(parse_period(part) for part in parts)
    return replace(Question(periods, AS_OF, scope, built_in_rules()), **more)


def plainly(connection: Connection, hierarchy: Hierarchy, question: Question, groups: Sequence[Group]) -> list[Result]:
    """The protected figures as the slow implementation has them: every layer of parts is counted for itself."""

    def computed(question: Question, indicators: Sequence[Indicator], units: Sequence[Group]) -> list[Result]:
        found = read_circumstances(connection, question)
        scored, first_day = question.view is View.SCORED, found.first_day or date.max
        conditions = Conditions(dict(found.targets), scored, first_day, found.unofficial_parts)
        frames = Counting(connection, hierarchy, conditions).frames(question, indicators)
        as_of = question.as_of.astimezone(SHANGHAI)
        return [
            result for one in indicators for result in compute(one, frames, units, question.parts, as_of, conditions)
        ]

    return reference.protected_results(computed, hierarchy, question, PROTECTED, groups)


@pytest.mark.parametrize(
    "question",
    [
        asked("2026Q3"),
        asked("2026Q3", scope=local_scope("supervisor")),
        asked("2026-08", view=View.FULL),
        asked("2026-08", filters=Filters(track="company"), view=View.FULL),
        asked("2026Q2", filters=Filters(track="company")),
        asked("2025"),
        asked("2026H1", view=View.FULL),
        asked("2026-10", "2026-09", scope=local_scope("supervisor")),
        asked("2025-11", "2025-12", "2026-01", "2026-02", "2026-03"),
        asked("2025-11-01..2026-04-30"),
        asked("2026-02-05..2026-03-20"),
    ],
    ids=lambda question: ",".join(part.name for part in question.parts),
)
def test_the_same_is_hidden_in_the_sample_company(
    connection: Connection, hierarchy: Hierarchy, question: Question
) -> None:
    day = question.parts[-1].last_day
    groups = [Group(unit.id, unit.name, unit.kind, hierarchy.parent(unit.id, day)) for unit in hierarchy.units.values()]
    expected = plainly(connection, hierarchy, question, groups)
    assert answer(connection, hierarchy, question, PROTECTED, groups) == expected
    assert any(each.status is Status.HIDDEN for each in expected)
    branch = next(group.unit_id for group in groups if group.kind == "branch")
    for fewer in (
        [group for group in groups if group.kind == "company"],
        [group for group in groups if group.kind != "team"],
        [group for group in groups if group.kind == "team" and group.parent_id == branch],
    ):
        of_fewer = [each for each in expected if each.group in fewer]
        assert answer(connection, hierarchy, question, PROTECTED, fewer) == of_fewer
