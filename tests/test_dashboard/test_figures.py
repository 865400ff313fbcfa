"""The one road from counts to Results, on the small sample company."""

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, insert, update
from typer.testing import CliRunner

from dashboard.cli import app
from dashboard.figure_rows import as_json, figure_row
from dashboard.figures import answer
from data_access.engine import open_writer
from data_access.hierarchy import Hierarchy, read_hierarchy
from data_access.question import Question
from data_access.scope import Scope, local_scope
from data_access.settings import Settings
from data_access.tables import calendar_days, cases, targets
from metrics.period import parse_period
from metrics.registry import load
from metrics.result import Group, Reason, Result, Status
from sample_data.make import built_in_rules

SHANGHAI = ZoneInfo("Asia/Shanghai")
AS_OF = datetime(2026, 10, 8, tzinfo=SHANGHAI)
COMPANY, BRANCH = "SF", "SFB01"
registry = cache(load)


@pytest.fixture(scope="module")
def file(sample_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample company in a file that the tests of this module may write to."""
    return Path(shutil.copy(sample_file, tmp_path_factory.mktemp("figures") / "huiyin.db"))


@pytest.fixture
def connection(file: Path) -> Iterator[Connection]:
    """A connection to the sample company; what a test writes is taken back."""
    engine = open_writer(Settings(database_url=f"sqlite:///{file}"))
    with engine.connect() as connection:
        begun = connection.begin()
        yield connection
        begun.rollback()
    engine.dispose()


@pytest.fixture
def hierarchy(connection: Connection) -> Hierarchy:
    return read_hierarchy(connection)


def asking(*parts: str, scope: Scope | None = None) -> Question:
    periods = tuple(parse_period(part) for part in parts or ("2026Q3",))
    return Question(periods, AS_OF, scope or local_scope("someone"), built_in_rules())


def figures(connection: Connection, question: Question, names: Sequence[str], units: Sequence[str]) -> list[Result]:
    """The answer for these indicators and units."""
    hierarchy = read_hierarchy(connection)
    last_day = question.parts[-1].last_day
    groups = [
        Group(unit.id, unit.name, unit.kind, hierarchy.parent(unit.id, last_day))
        for unit in (hierarchy.units[unit_id] for unit_id in units)
    ]
    return answer(connection, hierarchy, question, [registry(None)[name] for name in names], groups)


def figure(connection: Connection, name: str, unit: str, question: Question | None = None) -> Result:
    (found,) = figures(connection, question or asking(), [name], [unit])
    return found


def below(hierarchy: Hierarchy, unit_id: str) -> list[str]:
    return [unit.id for unit in hierarchy.children(unit_id, parse_period("2026Q3"))]


def test_results_keep_the_order_of_indicators_groups_and_parts(connection: Connection) -> None:
    names = ["satisfaction_rate", "response_rate", "reopen_rate", "open_backlog"]
    units = ["SFB02", COMPANY, BRANCH]
    found = figures(connection, asking("2026-09", "2026-07"), names, units)
    assert [(each.indicator, each.group.unit_id, each.period.name) for each in found] == [
        (name, unit, part) for name in names for unit in units for part in ("2026-09", "2026-07")
    ]


def test_the_same_question_has_the_same_answer(connection: Connection) -> None:
    names = sorted(registry(None).ids)[::4]
    first, second = (figures(connection, asking(), names, [COMPANY, BRANCH]) for _ in range(2))
    assert first == second


def test_a_target_of_the_year_wins_and_that_of_a_unit_over_that_of_its_kind(connection: Connection) -> None:
    for unit, year, value in ((BRANCH, 2026, 0.5), ("branch", 2026, 0.6), ("company", 2025, 0.7)):
        connection.execute(insert(targets), {"indicator": "response_rate", "unit": unit, "year": year, "value": value})
    found = figures(connection, asking("2025Q3", "2026Q3"), ["response_rate"], [BRANCH, "SFB02", COMPANY])
    default = registry(None)["response_rate"].target
    assert [each.target for each in found] == [default, 0.5, default, 0.6, 0.7, default]


def test_before_the_first_data_every_figure_is_without_data(connection: Connection, hierarchy: Hierarchy) -> None:
    names = sorted(registry(None).ids)
    units = [COMPANY, "SFD01", BRANCH, below(hierarchy, BRANCH)[0]]
    found = figures(connection, asking("2001Q1"), names, units)
    assert len(found) == len(names) * len(units)
    assert {each.status for each in found} == {Status.NO_DATA}
    assert {(each.value, each.numerator, each.denominator, each.gap, each.tone) for each in found} == {(None,) * 5}


def test_a_period_to_come_has_no_zeros(connection: Connection) -> None:
    names = sorted(registry(None).ids)
    found = figures(connection, asking("2027Q1"), names, [COMPANY, BRANCH])
    assert not [each for each in found if each.value == 0], "nothing happened yet, so there is nothing to count"


def test_figures_of_working_days_say_where_the_calendar_is_unofficial(connection: Connection) -> None:
    days = calendar_days.c.date.between(date(2026, 8, 1), date(2026, 8, 31))
    connection.execute(update(calendar_days).where(days).values(official=False))
    found = figures(connection, asking("2026-07", "2026-08"), ["response_rate", "solved_rate"], [COMPANY])
    unofficial = [(each.indicator, each.period.name) for each in found if each.reason is Reason.UNOFFICIAL_CALENDAR]
    assert unofficial == [("response_rate", "2026-08")]


def test_a_scope_below_the_company_gets_its_own_units_alone(connection: Connection, hierarchy: Hierarchy) -> None:
    scope = Scope("secretary", BRANCH)
    inside, outside = below(hierarchy, BRANCH)[0], below(hierarchy, "SFB02")[0]
    names, units = ["response_rate", "duty_on_time_rate", "zone_coverage_tier3"], [BRANCH, inside, "SFB02", outside]
    everybody = figures(connection, asking(), names, units)
    own = figures(connection, asking(scope=scope), names, units)
    for seen, whole in zip(own, everybody, strict=True):
        if seen.group.unit_id in (BRANCH, inside):
            assert seen == whole
        else:
            assert whole.value is not None or whole.reason is Reason.NOT_FOR_KIND
            assert (seen.status, seen.denominator) == (Status.NO_DATA, None)


def test_a_company_seen_from_below_holds_the_branch_alone(connection: Connection) -> None:
    seen = figure(connection, "response_rate", COMPANY, asking(scope=Scope("secretary", BRANCH)))
    branch = figure(connection, "response_rate", BRANCH)
    assert (seen.numerator, seen.denominator) == (branch.numerator, branch.denominator)


@pytest.mark.parametrize("scope", [local_scope("someone"), Scope("secretary", BRANCH)], ids=["company", "branch"])
def test_restricted_cases_count_for_the_company_only(
    connection: Connection, hierarchy: Hierarchy, scope: Scope
) -> None:
    before = figure(connection, "response_rate", COMPANY)
    units = [BRANCH, *below(hierarchy, BRANCH)]
    connection.execute(update(cases).where(cases.c.responsible_unit_id.in_(units)).values(restricted=True))
    assert figure(connection, "response_rate", COMPANY) == before
    seen = figures(connection, asking(scope=scope), ["response_rate"], units)
    assert {(each.status, each.denominator) for each in seen} == {(Status.NO_DATA, None)}
    below_company = asking(scope=Scope("secretary", BRANCH))
    assert figure(connection, "response_rate", COMPANY, below_company).status is Status.NO_DATA


def test_a_protected_figure_is_the_same_from_below(connection: Connection, hierarchy: Hierarchy) -> None:
    units = [BRANCH, *below(hierarchy, BRANCH), "SFB02"]
    question = asking("2026Q2", scope=Scope("someone"))
    names = ["satisfaction_rate", "cases_per_100_employees"]
    found = figures(connection, question, names, units)
    below_it = replace(question, scope=Scope("someone", BRANCH), unit_id=BRANCH)
    assert figures(connection, below_it, names, units) == found
    assert {Status.OK, Status.HIDDEN} <= {each.status for each in found}


def test_the_teams_of_a_branch_pool_to_the_branch(connection: Connection, hierarchy: Hierarchy) -> None:
    teams = below(hierarchy, BRANCH)
    own = update(cases).where(cases.c.responsible_unit_id == BRANCH)
    connection.execute(own.values(responsible_unit_id=teams[0]))
    branch, *parts = figures(connection, asking(), ["resolution_on_time_rate"], [BRANCH, *teams])
    assert branch.denominator == sum(each.denominator or 0 for each in parts)
    assert branch.numerator == sum(each.numerator or 0 for each in parts)
    assert branch.value == branch.numerator / branch.denominator


def test_the_command_line_says_the_same(
    connection: Connection, hierarchy: Hierarchy, sample_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIYIN_DATABASE_URL", f"sqlite:///{sample_file}")
    names = ["resolution_on_time_rate", "satisfaction_rate", "resolution_days_median"]
    asked = ["--period", "2026Q3", "--by", "branch", "--as-of", "2026-10-08T00:00", "--format", "json"]
    written = CliRunner().invoke(app, ["figures", *names, *asked])
    branches = [unit.id for unit in hierarchy.existing("branch", date(2026, 9, 30))]
    units = {name: registry(None)[name].unit for name in names}
    found = figures(connection, asking(), names, branches)
    assert json.loads(written.output) == json.loads(
        as_json([figure_row(each, units[each.indicator], AS_OF) for each in found])
    )
    assert {each.status for each in found} >= {Status.OK, Status.HIDDEN}
