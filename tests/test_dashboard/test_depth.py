"""How far down units are counted to know what of some of them is hidden."""

from collections.abc import Sequence
from datetime import date

import pytest

from dashboard.depth import Depth, needed_depth
from data_access.hierarchy import Hierarchy
from metrics.counts import BRANCH, COMPANY, TEAM
from metrics.period import parse_period
from metrics.result import Group
from tests.test_dashboard.small_companies import (
    SATISFACTION,
    Kind,
    answers,
    asking,
    company_of,
    in_,
    moved,
    with_days,
)
from tests.test_metrics.making import indicator

TWO_EACH = company_of(B1=2, B2=2)
MAY = (parse_period("2025-05"),)
NEVER_MOVED = (date.min,)


def depth(hierarchy: Hierarchy, asked: str, *parts: str, of=SATISFACTION) -> str:
    groups = [Group(unit.id, unit.name, unit.kind) for unit in hierarchy.units.values() if unit.kind == asked]
    return deep(hierarchy, groups, *parts, of=of).finest


def deep(hierarchy: Hierarchy, groups: Sequence[Group], *parts: str, of=SATISFACTION) -> Depth:
    together = [(parse_period(part),) for part in parts] or [MAY]
    return needed_depth(hierarchy, [of], together, groups)


@pytest.mark.parametrize("asked", [COMPANY, BRANCH, TEAM])
def test_two_members_need_no_counting(asked: str) -> None:
    assert depth(TWO_EACH, asked) == asked


def test_a_single_member_is_counted() -> None:
    one_team = company_of(B1=1, B2=2)
    assert depth(one_team, BRANCH) == TEAM
    assert depth(one_team, COMPANY) == COMPANY
    assert depth(company_of(B1=2), COMPANY) == BRANCH


def test_a_member_that_is_not_there_is_none() -> None:
    closed = with_days(TWO_EACH, "B1T1", closed_on=date(2025, 5, 1))
    assert depth(closed, BRANCH) == TEAM
    assert depth(closed, BRANCH, "2025-04") == BRANCH
    assert depth(closed, BRANCH, "2025-04", "2025-05") == TEAM


def test_members_of_two_kinds_are_counted_together() -> None:
    straight_under_the_company = moved(TWO_EACH, "B2T1", "C", since=NEVER_MOVED)
    assert depth(company_of(B1=2, B2=3), BRANCH) == BRANCH
    assert depth(moved(company_of(B1=2, B2=3), "B2T1", "C", since=NEVER_MOVED), BRANCH) == TEAM
    assert depth(straight_under_the_company, COMPANY) == COMPANY


def test_a_unit_below_a_finer_one_is_counted_with_it() -> None:
    assert depth(moved(company_of(B1=2, B2=2, B3=2), "B3", "B1T1", since=NEVER_MOVED), BRANCH) == TEAM


def teams(*ids: str) -> list[Group]:
    return [Group(one, one, "team") for one in ids]


def test_teams_of_one_branch_are_counted_without_those_of_the_others() -> None:
    found = deep(TWO_EACH, teams("B1T1", "B1T2"))
    assert (found.finest, found.below) == (BRANCH, "B1")
    assert found.roster.ids == ("B1", "B1T1", "B1T2", "B2", "C")
    assert deep(TWO_EACH, [*teams("B1T1"), Group("B1", "B1", "branch"), Group("C", "C", "company")]).below == "B1"


def test_teams_of_two_branches_are_counted_with_all() -> None:
    found = deep(TWO_EACH, teams("B1T1", "B2T1"))
    assert (found.finest, found.below, found.roster.ids) == (TEAM, None, TWO_EACH.roster.ids)


def test_teams_of_a_branch_are_counted_with_all_where_one_comes_or_leaves() -> None:
    moving = moved(company_of(B1=2, B2=3), "B2T3", "B1", "B2", since=(date.min, date(2025, 5, 15)))
    assert deep(moving, teams("B1T1")).below is None
    assert deep(moving, teams("B2T1")).below is None
    assert deep(moving, teams("B1T1"), "2025-06").below == "B1"
    assert deep(moving, teams("B1T1"), "2025-04", "2025-06").below is None


def test_teams_of_a_branch_are_counted_with_all_where_another_has_a_single_one() -> None:
    assert deep(company_of(B1=2, B2=1), teams("B1T1")).below is None
    assert deep(company_of(B1=1, B2=2), teams("B1T1")).below == "B1"


def test_kinds_without_a_meaning_are_no_members() -> None:
    assert (
        depth(company_of(B1=1, B2=2), BRANCH, of=indicator("reopen_rate", unit_kinds=("company", "branch"))) == BRANCH
    )


def test_a_branch_that_its_only_team_gives_away_is_hidden_with_it() -> None:
    """The branch has nothing but its team in August, and the team is hidden because of July."""
    hierarchy = company_of(B1=1, B2=2, B3=2)
    cases = {
        **{Kind("B1", in_(month)): count for month, count in ((7, 12), (8, 0), (9, 10))},
        **{Kind("B1T1", in_(month)): count for month, count in ((7, 4), (8, 14), (9, 16))},
        **{Kind(f"B{branch}T{team}", in_(month)): 50 for branch in (2, 3) for team in (1, 2) for month in (7, 8, 9)},
    }
    (found,) = answers(hierarchy, cases, asking("2025-08"), "B1")
    assert found.value is None
