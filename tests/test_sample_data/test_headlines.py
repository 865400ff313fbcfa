"""Changping looks as its leaders would expect it to look at a quarterly review."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_sample_data.conftest import Told, made

EXPECTED = {
    "response_on_time_rate": (0.955, 0.975),
    "resolution_on_time_rate": (0.87, 0.9),
    "resolution_days_median": (5, 7),
    "satisfaction_rate": (0.9, 0.94),
    "overdue_backlog": (35, 65),
    "zone_chain_coverage": (0.925, 0.955),
    "group_team_coverage": (0.7, 0.76),
    "group_branch_coverage": (0.7, 0.76),
    "report_on_time_rate": (0.955, 0.985),
    "duty_on_time_rate": (0.92, 0.96),
    "registration_on_time_rate": (0.95, 0.98),
    "rating_participation": (0.6, 0.7),
    "contact_point_closure": (0.88, 0.97),
    "consultation_settlement_rate": (0.84, 0.9),
    "liaison_team_coverage": (0.94, 0.98),
}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def changping(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    yield from made(sqlite_template, tmp_path_factory.mktemp("changping"), "changping")


@pytest.mark.parametrize("indicator", EXPECTED)
def test_the_headline_is_where_it_should_be(changping: Told, indicator: str):
    low, high = EXPECTED[indicator]
    result = changping.figure(indicator, "CP", changping.world.dates.last_quarter)
    assert low <= (result.value or 0) <= high


def test_a_quarter_has_as_many_cases_due_as_it_should(changping: Told):
    quarter = changping.world.dates.last_quarter
    assert 1_200 < (changping.figure("resolution_on_time_rate", "CP", quarter).denominator or 0) < 1_800


def test_branches_differ_enough_to_be_worth_a_look(changping: Told):
    branches = [unit.id for unit in changping.hierarchy.units.values() if unit.kind == "branch"]
    results = changping.figures("resolution_on_time_rate", branches, changping.world.dates.last_quarter)
    values = sorted(each.value for each in results if each.value is not None)
    assert values[0] < 0.72
    assert values[-1] == 1
    assert len({round(value, 2) for value in values}) > 15


def test_the_story_s_branch_stands_out_among_sixty(changping: Told):
    branches = [unit.id for unit in changping.hierarchy.units.values() if unit.kind == "branch"]
    quarter, worst = changping.world.dates.last_quarter, changping.story.hard_cases.unit_id
    overdue = {each.group.unit_id: each.value or 0 for each in changping.figures("overdue_backlog", branches, quarter)}
    assert max(overdue, key=lambda unit_id: overdue[unit_id]) == worst
