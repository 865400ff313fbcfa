"""Tests of the hierarchy: who is above whom on which day, and what bad links do not break."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, insert

from data_access.engine import begin, connect
from data_access.hierarchy import Hierarchy, Lineage, Unit, read_hierarchy
from data_access.parentage import BEGINNING, END, Link, whole
from data_access.tables import org_units, unit_parents
from metrics.period import Period, parse_period

NOON = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)
SPRING, SUMMER, AUTUMN = date(2026, 3, 1), date(2026, 6, 1), date(2026, 9, 1)
DAY = timedelta(days=1)
YEAR = (parse_period("2026"),)

KINDS = {
    "C": "company",
    "D": "department",
    "B1": "branch",
    "B2": "branch",
    "T1": "team",
    "T2": "team",
    "T3": "team",
    "S": "team",
}
LINKS = [
    ("D", "C", None, None),
    ("B1", "C", None, None),
    ("B2", "C", None, None),
    ("T1", "B1", None, SUMMER),
    ("T1", "B2", SUMMER, None),
    ("T2", "B1", None, None),
    ("S", "D", None, None),
]


def company(links=LINKS, kinds=MappingProxyType(KINDS), **changes: Unit) -> Hierarchy:
    units = {one: Unit(one, f"Unit {one}", kind) for one, kind in kinds.items()} | changes
    above: dict[str, list[Link]] = {}
    for unit_id, parent_id, first, end in links:
        above.setdefault(unit_id, []).append(Link(first or date(2020, 1, 1), parent_id, end))
    return Hierarchy(units, {unit_id: whole(own) for unit_id, own in above.items()})


def ids(units) -> list[str]:
    return [unit.id for unit in units]


def test_a_count_belongs_to_the_branch_of_its_own_day() -> None:
    hierarchy = company()
    assert hierarchy.lineage("T1", SUMMER - DAY) == Lineage("C", None, "B1", "T1")
    assert hierarchy.lineage("T1", SUMMER) == Lineage("C", None, "B2", "T1")
    assert hierarchy.lineage("T1", SUMMER) is hierarchy.lineage("T1", AUTUMN), "kept, not made again"
    assert hierarchy.parent("T1", SUMMER) == "B2"


def test_lineages_of_every_kind() -> None:
    hierarchy = company()
    assert hierarchy.lineage("C", SPRING) == Lineage("C")
    assert hierarchy.lineage("D", SPRING) == Lineage("C", "D")
    assert hierarchy.lineage("B1", SPRING) == Lineage("C", None, "B1")
    assert hierarchy.lineage("S", SPRING) == Lineage("C", "D", None, "S")


def test_a_department_above_a_branch_is_not_the_branchs() -> None:
    hierarchy = company([*LINKS, ("B1", "D", SPRING, None)])
    assert hierarchy.lineage("T2", AUTUMN) == Lineage("C", None, "B1", "T2")
    assert hierarchy.parent("B1", AUTUMN) == "D"


@pytest.mark.parametrize("unit_id", ["nobody", None])
def test_an_unknown_unit_counts_for_the_company_only(unit_id: str | None) -> None:
    hierarchy = company()
    assert hierarchy.lineage(unit_id, SPRING) == Lineage("C")
    assert hierarchy.path(unit_id or "", SPRING) == ()
    assert hierarchy.parent(unit_id or "", SPRING) is None


def test_a_unit_without_a_parent_stands_under_the_company() -> None:
    hierarchy = company()
    assert hierarchy.lineage("T3", SPRING) == Lineage("C", None, None, "T3")
    assert hierarchy.parent("T3", SPRING) == "C"
    assert "T3" in ids(hierarchy.children("C", YEAR[0]))


def test_a_parent_that_nobody_knows_is_passed_over() -> None:
    assert company([("T1", "gone", None, None)]).parent("T1", SPRING) == "C"


def test_no_company_and_two_companies() -> None:
    nobody = company(kinds={"B1": "branch", "T2": "team"})
    assert nobody.company_id is None
    assert nobody.lineage("T2", SPRING) == Lineage(None, None, "B1", "T2")
    assert nobody.lineage("unknown", SPRING) == Lineage()
    two = company([*LINKS, ("B2", "A", SPRING, None)], {**KINDS, "A": "company"})
    assert two.lineage("B2", SUMMER).company_id == "A"
    assert two.lineage("B1", SUMMER).company_id == "C"
    assert two.lineage("unknown", SUMMER).company_id == "A"


def test_a_very_long_chain_of_units_has_a_lineage() -> None:
    kinds = {f"T{number:04}": "team" for number in range(3000)}
    links = [(below, above, None, None) for below, above in pairwise(kinds)]
    hierarchy = company([*links, ("T2999", "B1", None, None)], {**KINDS, **kinds})
    assert hierarchy.lineage("T0000", SPRING) == Lineage("C", None, "B1", "T0000")


def test_units_in_a_circle_do_not_hang() -> None:
    hierarchy = company([("B1", "T2", None, None), ("T2", "B1", None, None), ("D", "D", None, None)])
    assert hierarchy.lineage("T2", SPRING) == Lineage("C", None, "B1", "T2")
    assert hierarchy.lineage("B1", SPRING) == Lineage("C", None, "B1", "T2")
    assert hierarchy.lineage("D", SPRING) == Lineage("C", "D")


def test_of_overlapping_parents_the_later_one_counts() -> None:
    hierarchy = company([("T1", "B1", SPRING, None), ("T1", "B2", SUMMER, AUTUMN)])
    assert [hierarchy.parent("T1", day) for day in (SPRING, SUMMER, AUTUMN)] == ["B1", "B2", "B1"]


def test_in_a_gap_a_unit_stays_where_it_was() -> None:
    hierarchy = company([("T1", "B1", SPRING, SUMMER), ("T1", "B2", AUTUMN, AUTUMN + DAY)])
    days = (SPRING - 500 * DAY, SUMMER, AUTUMN - DAY, AUTUMN, AUTUMN + 500 * DAY)
    assert [hierarchy.parent("T1", day) for day in days] == ["B1", "B1", "B1", "B2", "B2"]


def test_a_link_that_ends_before_it_begins_is_none() -> None:
    assert company([("T1", "B1", SUMMER, SPRING)]).parent("T1", SUMMER) == "C"


def test_days_before_all_time_are_answered() -> None:
    hierarchy = company([("T1", "B1", date.min, SUMMER), ("T1", "B2", SUMMER, None)])
    assert hierarchy.parent("T1", date.min) == "B1"
    assert hierarchy.lineage("T1", date.max).branch_id == "B2"


def test_children_existed_and_stood_there_in_the_period() -> None:
    hierarchy = company(T2=Unit("T2", "closed", "team", closed_on=SPRING))
    assert ids(hierarchy.children("B1", parse_period("2026Q1"))) == ["T1", "T2"]
    assert ids(hierarchy.children("B1", parse_period("2026Q2"))) == ["T1"]
    assert ids(hierarchy.children("B1", parse_period("2026Q3"))) == []
    assert ids(hierarchy.children("B2", parse_period("2026Q2"))) == ["T1"]
    assert ids(hierarchy.children("B2", parse_period("2026Q1"))) == []
    assert ids(hierarchy.children("C", YEAR[0])) == ["B1", "B2", "D", "T3"]
    assert hierarchy.children("nobody", YEAR[0]) == ()


def test_existing_units_of_a_kind() -> None:
    hierarchy = company(T2=Unit("T2", "young", "team", founded_on=SPRING, closed_on=SUMMER))
    assert ids(hierarchy.existing("team", SPRING - DAY)) == ["S", "T1", "T3"]
    assert ids(hierarchy.existing("team", SPRING)) == ["S", "T1", "T2", "T3"]
    assert ids(hierarchy.existing("team", SUMMER)) == ["S", "T1", "T3"]


def test_a_path_leads_from_the_company_to_the_unit() -> None:
    assert ids(company().path("T1", AUTUMN)) == ["C", "B2", "T1"]
    assert ids(company().path("C", AUTUMN)) == ["C"]


def test_moves_name_who_moved_within_the_parts() -> None:
    hierarchy = company([*LINKS, ("B1", "D", AUTUMN, None)])
    assert hierarchy.move_days == (SUMMER, AUTUMN)
    assert hierarchy.moves(YEAR) == {"B1": (AUTUMN,), "T1": (SUMMER,), "T2": (AUTUMN,)}
    assert hierarchy.moves((Period(SUMMER, AUTUMN),)) == {}, "a move on a part's first day cuts nothing"


def test_membership_of_a_unit_that_moved_is_partial() -> None:
    hierarchy = company()
    first = hierarchy.membership("B1", YEAR)
    assert first.always == {"B1", "T2"}
    assert first.sometimes == {"T1": ((BEGINNING, SUMMER),)}
    second = hierarchy.membership("B2", YEAR)
    assert second.always == {"B2"}
    assert second.sometimes == {"T1": ((SUMMER, END),)}


def test_membership_is_asked_of_the_parts_only() -> None:
    hierarchy = company()
    assert hierarchy.membership("B1", (parse_period("2026Q1"),)).always == {"B1", "T1", "T2"}
    assert hierarchy.membership("B1", (parse_period("2026Q3"),)).always == {"B1", "T2"}
    apart = (parse_period("2026-02"), parse_period("2026-08"))
    assert hierarchy.membership("B1", apart).sometimes == {"T1": ((BEGINNING, SUMMER),)}
    assert hierarchy.membership("C", YEAR).always == set(KINDS)
    assert hierarchy.membership("nobody", YEAR).always == frozenset()


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Pacific/Kiritimati"])
def test_the_ends_of_time_are_instants_everywhere(zone: str) -> None:
    for day in (BEGINNING, END):
        assert datetime.combine(day, datetime.min.time(), ZoneInfo(zone)).astimezone(UTC)


dates = st.dates(date(2025, 1, 1), date(2027, 1, 1))
links = st.lists(
    st.tuples(st.sampled_from([*KINDS]), st.sampled_from([*KINDS, "gone"]), dates, st.none() | dates), max_size=12
)


@given(links, st.sampled_from([*KINDS]), dates)
def test_any_links_at_all_give_one_lineage_that_agrees_with_membership(drawn, unit_id: str, day: date) -> None:
    hierarchy = company(drawn)
    lineage = hierarchy.lineage(unit_id, day)
    path = ids(hierarchy.path(unit_id, day))
    assert path[-1] == unit_id
    assert len(path) == len(set(path))
    assert {one for one in lineage if one} <= {*path}
    for root_id in KINDS:
        under = hierarchy.membership(root_id, (Period(day, day + DAY),))
        assert (unit_id in under.always) is (root_id in path)
        assert under.sometimes == {}


@given(links, st.sampled_from([*KINDS]))
def test_membership_over_a_year_agrees_with_every_day(drawn, unit_id: str) -> None:
    hierarchy = company(drawn)
    for root_id in ("C", "B1"):
        under = hierarchy.membership(root_id, YEAR)
        for month in YEAR[0].months():
            inside = unit_id in under.always or any(
                first <= month.start < end for first, end in under.sometimes.get(unit_id, ())
            )
            assert inside is (root_id in ids(hierarchy.path(unit_id, month.start)))


def test_the_hierarchy_is_read_with_all_that_is_in_it(engine: Engine) -> None:
    seen = {"recorded_at": NOON, "updated_at": NOON}
    with begin(engine) as connection:
        connection.execute(insert(org_units), seen | {"id": "C", "name": "矿业公司", "kind": "company"})
        connection.execute(insert(org_units), seen | {"id": "X", "name": "?", "kind": "squadron"})
        branch = {"id": "B1", "name": "综采一队", "kind": "branch", "founded_on": SPRING, "successor_id": "C"}
        connection.execute(insert(org_units), seen | branch)
        connection.execute(
            insert(unit_parents), [seen | {"unit_id": "B1", "parent_id": "C", "valid_from": SPRING, "valid_to": None}]
        )
    with connect(engine) as connection:
        hierarchy = read_hierarchy(connection)
    assert hierarchy.units["B1"] == Unit("B1", "综采一队", "branch", None, SPRING, None, "C")
    assert hierarchy.lineage("B1", SUMMER) == Lineage("C", None, "B1")
    assert hierarchy.lineage("X", SUMMER) == Lineage("C"), "a unit of an unknown kind counts for the company"


def test_an_empty_database_has_no_units(engine: Engine) -> None:
    with connect(engine) as connection:
        hierarchy = read_hierarchy(connection)
    assert hierarchy.units == {}
    assert hierarchy.move_days == ()
    assert hierarchy.lineage("B1", SUMMER) == Lineage()
