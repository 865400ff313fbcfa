"""What makes rollups useless: other rules, or units that are others or stand elsewhere."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from data_access.hierarchy import Hierarchy, Unit
from data_access.parentage import BEGINNING, Parents
from data_access.rollup.configuration import configuration
from tests.test_data_access.case_companies import RULES

MOVE = date(2026, 5, 1)
UNITS = {
    "T": Unit("T", "a team", "team", None, date(2020, 1, 1), date(2030, 1, 1)),
    "B1": Unit("B1", "a branch", "branch"),
    "B2": Unit("B2", "another", "branch"),
    "D": Unit("D", "a department", "department", "party"),
    "C": Unit("C", "the company", "company"),
}
COMPANY = Hierarchy(UNITS, {"T": Parents((BEGINNING, MOVE), ("B1", "B2"))})


def with_unit(unit_id: str, **changed: object) -> Hierarchy:
    return replace(COMPANY, units={**UNITS, unit_id: UNITS[unit_id]._replace(**changed)})


def under(*parents: str, since: date) -> Hierarchy:
    return replace(COMPANY, parents={"T": Parents((BEGINNING, since), parents)})


@pytest.mark.parametrize(
    "other",
    [
        with_unit("D", function="administrative"),
        with_unit("B1", kind="department"),
        with_unit("T", founded_on=date(2020, 1, 2)),
        with_unit("T", closed_on=None),
        replace(COMPANY, units={**UNITS, "X": Unit("X", "more", "team")}),
        under("B2", "B1", since=MOVE),
        under("B1", "C", since=MOVE),
        under("B1", "B2", since=date(2026, 5, 2)),
    ],
)
def test_other_units_make_another_configuration(other: Hierarchy) -> None:
    assert configuration(RULES, other) != configuration(RULES, COMPANY)


@pytest.mark.parametrize(
    "same",
    [
        lambda: with_unit("B1", name="renamed"),
        lambda: replace(COMPANY, units=dict(reversed(UNITS.items()))),
        lambda: replace(COMPANY),
    ],
)
def test_names_and_order_make_no_difference(same: Callable[[], Hierarchy]) -> None:
    assert configuration(RULES, same()) == configuration(RULES, COMPANY)


def test_other_rules_make_another_configuration() -> None:
    assert configuration(replace(RULES, settlement_days=11), COMPANY) != configuration(RULES, COMPANY)
