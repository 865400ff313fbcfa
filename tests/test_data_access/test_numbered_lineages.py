"""Lineages by number are those that the hierarchy gives unit by unit."""

from datetime import date
from operator import attrgetter

from hypothesis import given
from hypothesis import strategies as st

from data_access.hierarchy import Hierarchy, Unit
from data_access.parentage import Link, whole
from metrics.counts import LINEAGE

UNITS = {
    "C": Unit("C", "公司", "company"),
    "D": Unit("D", "工会", "department"),
    **{name: Unit(name, name, "branch") for name in ("B1", "B2")},
    **{name: Unit(name, name, "team") for name in ("T1", "T2", "T3")},
}
DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 20))
LINKS = st.builds(Link, DAYS, st.sampled_from(["C", "D", "B1", "B2", "unknown"]), st.none() | DAYS)
HIERARCHIES = st.dictionaries(st.sampled_from(["B1", "B2", "T1", "T2", "T3"]), st.lists(LINKS, max_size=3)).map(
    lambda links: Hierarchy(UNITS, {unit_id: whole(of_unit) for unit_id, of_unit in links.items()})
)
ids = attrgetter(*LINEAGE)


@given(HIERARCHIES, st.lists(DAYS, min_size=1, max_size=5))
def test_the_lineages_of_all_units_on_some_days(hierarchy: Hierarchy, days: list[date]) -> None:
    numbered, everybody = hierarchy.numbered, [*hierarchy.roster.ids, None]
    for day in days:
        lineages, places = numbered.compact(numbered.of_units(day))
        assert [lineages[place] for place in places] == [ids(hierarchy.lineage(one, day)) for one in everybody]
        assert len(set(lineages)) == len(lineages)


@given(HIERARCHIES, st.lists(DAYS, min_size=1, max_size=5))
def test_those_of_the_branches_and_departments_above(hierarchy: Hierarchy, days: list[date]) -> None:
    numbered = hierarchy.numbered
    for day in days:
        lineages, places = numbered.compact(numbered.of_nearest(day))
        for unit_id, place in zip([*hierarchy.roster.ids, None], places, strict=True):
            own = hierarchy.lineage(unit_id, day)
            nearest = own.branch_id or own.department_id or own.company_id
            assert lineages[place] == ids(hierarchy.lineage(nearest, day))


def test_only_lineages_that_occur_are_given() -> None:
    numbered = Hierarchy(UNITS, {}).numbered
    numbers = numbered.of_units(date(2026, 1, 1))
    lineages, places = numbered.compact(numbers[numbered.places_of(["T1", "nobody", "T1"])])
    team, company = ("C", None, None, "T1"), ("C", None, None, None)
    assert [lineages[place] for place in places] == [team, company, team]
    assert set(lineages) == {team, company}
    assert numbered.compact(numbers[:0])[0] == []
