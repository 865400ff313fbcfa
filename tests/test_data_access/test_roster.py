"""All units as columns."""

from datetime import date

import pytest

from data_access.hierarchy import Hierarchy, Unit
from data_access.parentage import Link, whole
from data_access.roster import finest_of

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
UNITS = {
    "C": Unit("C", "公司", "company"),
    "B1": Unit("B1", "综采一队", "branch"),
    "B2": Unit("B2", "综采二队", "branch", founded_on=MAY),
    "A": Unit("A", "一班", "team", closed_on=JUNE),
}
PARENTS = {"A": whole([Link(date(2020, 1, 1), "B1", MAY), Link(MAY, "B2")])}


@pytest.fixture
def hierarchy() -> Hierarchy:
    return Hierarchy(UNITS, PARENTS)


def above(roster, day: date) -> dict[str, str | None]:
    return {
        unit_id: None if parent == -1 else roster.ids[parent]
        for unit_id, parent in zip(roster.ids, roster.parents(day), strict=True)
    }


def names(roster, flags) -> set[str]:
    return {unit_id for unit_id, flag in zip(roster.ids, flags, strict=True) if flag}


def test_units_are_in_the_order_of_their_ids(hierarchy: Hierarchy) -> None:
    assert hierarchy.roster.ids == ("A", "B1", "B2", "C")
    assert hierarchy.roster.places == {"A": 0, "B1": 1, "B2": 2, "C": 3}
    assert hierarchy.roster.places_by_kind == {"team": {"A": 0}, "branch": {"B1": 1, "B2": 2}, "company": {"C": 3}}


def test_parents_are_those_of_the_day(hierarchy: Hierarchy) -> None:
    before, after = above(hierarchy.roster, date(2026, 4, 30)), above(hierarchy.roster, MAY)
    assert before == {"A": "B1", "B1": "C", "B2": "C", "C": None}
    assert after == {**before, "A": "B2"}
    assert after == {unit_id: hierarchy.parent(unit_id, MAY) for unit_id in UNITS}


def test_units_are_there_from_their_first_day_until_they_close(hierarchy: Hierarchy) -> None:
    roster = hierarchy.roster
    assert names(roster, roster.there(date(2026, 4, 1), MAY)) == {"A", "B1", "C"}
    assert names(roster, roster.there(MAY, JUNE)) == {"A", "B1", "B2", "C"}
    assert names(roster, roster.there(JUNE, date(2026, 7, 1))) == {"B1", "B2", "C"}


def test_units_of_some_kinds(hierarchy: Hierarchy) -> None:
    assert names(hierarchy.roster, hierarchy.roster.of_kinds(("branch", "department"))) == {"B1", "B2"}


def test_a_roster_down_to_a_kind_holds_the_kinds_above(hierarchy: Hierarchy) -> None:
    branches = hierarchy.roster.down_to("branch")
    assert above(branches, MAY) == {"B1": "C", "B2": "C", "C": None}
    assert names(branches, branches.there(date(2026, 4, 1), MAY)) == {"B1", "C"}
    assert hierarchy.roster.down_to("company").ids == ("C",)
    assert above(hierarchy.roster.down_to("team"), MAY) == above(hierarchy.roster, MAY)


@pytest.mark.parametrize(
    ("kinds", "finest"),
    [
        ((), "company"),
        (("company",), "company"),
        (("department",), "branch"),
        (("company", "branch"), "branch"),
        (("team",), "team"),
        (("company", "no kind at all"), "team"),
    ],
)
def test_the_finest_kind_that_must_be_told_apart(kinds: tuple[str, ...], finest: str) -> None:
    assert finest_of(kinds) == finest
