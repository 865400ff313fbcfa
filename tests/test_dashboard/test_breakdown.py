"""Counts by a dimension and by unit: slices of one whole."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from dashboard import breakdown
from dashboard.company import Company, read_company
from data_access.engine import connect, open_reader
from data_access.hierarchy import Hierarchy, read_hierarchy
from data_access.question import Question
from data_access.scope import local_scope
from data_access.settings import Settings
from metrics.counts import BRANCH, Fact
from metrics.period import parse_period
from metrics.result import Group


@pytest.fixture
def connection(sample_file: Path) -> Iterator[Connection]:
    engine = open_reader(Settings(database_url=f"sqlite:///{sample_file}"))
    with connect(engine) as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def hierarchy(connection: Connection) -> Hierarchy:
    return read_hierarchy(connection)


@pytest.fixture
def question() -> Question:
    company: Company = read_company(Settings())
    as_of = datetime(2026, 10, 8, tzinfo=company.settings.time_zone)
    return Question((parse_period("2026Q3"),), as_of, local_scope("x"), company.rules)


@pytest.mark.parametrize("dimension", ["category", "channel", "track", "grade"])
def test_slices_of_a_dimension_make_the_whole(
    connection: Connection, hierarchy: Hierarchy, question: Question, dimension: str
) -> None:
    slices = breakdown.by_dimension(connection, hierarchy, question, Fact.CASES_RECEIVED, dimension)
    whole = breakdown.in_all(connection, hierarchy, question, Fact.CASES_RECEIVED)
    assert sum(each["received"] for each in slices) == whole["received"] > 0


def test_cases_without_a_value_stand_last(connection: Connection, hierarchy: Hierarchy, question: Question) -> None:
    slices = breakdown.by_dimension(connection, hierarchy, question, Fact.CASES_RECEIVED, "category")
    assert [each.code for each in slices if each.code] == sorted(each.code for each in slices if each.code)
    assert all(each.code for each in slices[:-1])


def test_units_count_what_is_theirs_and_the_company_everything(
    connection: Connection, hierarchy: Hierarchy, question: Question
) -> None:
    company = hierarchy.units[hierarchy.company_id or ""]
    branches = [unit for unit in hierarchy.units.values() if unit.kind == BRANCH]
    groups = [Group(unit.id, unit.name, unit.kind) for unit in (company, *branches)]
    whole, *parts = breakdown.by_unit(connection, hierarchy, question, Fact.OPEN_CASES, groups)
    assert 0 < sum(part["open_cases"] for part in parts) <= whole["open_cases"]
    assert whole.counts == breakdown.in_all(connection, hierarchy, question, Fact.OPEN_CASES).counts


def test_curves_hold_every_case_of_their_grade(
    connection: Connection, hierarchy: Hierarchy, question: Question
) -> None:
    curves = breakdown.curves(connection, hierarchy, question, Fact.RESOLUTION_WORKING_DAYS, "grade")
    assert [curve.code for curve in curves] == ["A", "B", "C"]
    assert all(0 < curve.finished <= curve.cases for curve in curves)
    assert all(curve.curve.survival[0] <= 1.0 for curve in curves)


def test_steps_of_a_cohort_never_grow(connection: Connection, hierarchy: Hierarchy, question: Question) -> None:
    cohort = breakdown.in_all(connection, hierarchy, question, Fact.COHORT)
    steps = [count for _, count in cohort.counts]
    assert steps == sorted(steps, reverse=True)
    assert steps[0] > 0
