"""Every indicator of the catalogue against a slow, plain second implementation, on the small sample company."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, select

from dashboard.figures import answer
from data_access.engine import open_writer
from data_access.hierarchy import read_hierarchy
from data_access.question import Question
from data_access.scope import local_scope
from data_access.settings import Settings
from data_access.tables import SOURCE_TABLES
from metrics.period import parse_period
from metrics.registry import load
from metrics.result import Group, Reason, Result, Status
from metrics.working_time import statutory_schedule
from sample_data.make import built_in_rules
from tests.reference.indicators import FIGURES, Figure, Reference

SETTLED = datetime(2026, 4, 11, tzinfo=ZoneInfo("Asia/Shanghai"))
"""Ten days after the first quarter, in which the yearly letters are due too."""

QUESTION = Question((parse_period("2026Q1"),), SETTLED, local_scope("someone"), built_in_rules())
registry = cache(load)


@pytest.fixture(scope="module")
def connection(sample_file: Path) -> Iterator[Connection]:
    engine = open_writer(Settings(database_url=f"sqlite:///{sample_file}"))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="module")
def reference(connection: Connection) -> Reference:
    """The reference reads whole tables and counts row by row."""
    tables = {
        table.name: [dict(row) for row in connection.execute(select(table)).mappings()] for table in SOURCE_TABLES
    }
    return Reference(tables, QUESTION, statutory_schedule())


@pytest.fixture(scope="module")
def answered(connection: Connection) -> dict[str, list[Result]]:
    """The Results of every unit by indicator."""
    hierarchy = read_hierarchy(connection)
    groups = [
        Group(unit.id, unit.name, unit.kind, hierarchy.parent(unit.id, QUESTION.parts[0].last_day))
        for unit in hierarchy.units.values()
    ]
    found: dict[str, list[Result]] = {name: [] for name in registry(None).ids}
    for result in answer(connection, hierarchy, QUESTION, list(registry(None)), groups):
        found[result.indicator].append(result)
    return found


def test_every_indicator_has_a_reference() -> None:
    assert set(FIGURES) == set(registry(None).ids)


@pytest.mark.parametrize("indicator", sorted(FIGURES))
def test_the_figures_are_those_of_the_reference(
    answered: dict[str, list[Result]], reference: Reference, indicator: str
) -> None:
    shown = [
        result
        for result in answered[indicator]
        if result.reason is not Reason.NOT_FOR_KIND and result.status is not Status.HIDDEN
    ]
    expected = {result.group.unit_id: reference.figure(indicator, result.group.unit_id) for result in shown}
    assert {result.group.unit_id: _rounded(result) for result in shown} == {
        unit_id: _rounded(figure) for unit_id, figure in expected.items()
    }
    assert any(figure.numerator for figure in expected.values()), "nothing was compared"


def _rounded(figure: Result | Figure) -> tuple[float | None, ...]:
    """Value, numerator and denominator, without the noise of binary fractions."""
    numbers = (figure.value, figure.numerator, figure.denominator)
    return tuple(None if number is None else round(number, 9) for number in numbers)
