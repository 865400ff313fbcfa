"""``huiyin figures`` and ``huiyin check`` on a sample company: the words for wrong use, the shape of the answer."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.cli import app

runner = CliRunner()
SETTLED = ("--period", "2026Q3", "--as-of", "2026-10-11T00:00")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("figures") / "huiyin.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUIYIN_DATABASE_URL", f"sqlite:///{path}")
        made = runner.invoke(app, ["sample", "--company", "small", "--seed", "1", "--until", "2026-10-12"])
        assert made.exit_code == 0, made.output
        yield path


def figures(*arguments: str) -> list[dict[str, object]]:
    result = runner.invoke(app, ["figures", *arguments, *SETTLED, "--format", "json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def company_and_branches(indicator: str) -> tuple[dict[str, object], list[dict[str, object]]]:
    return figures(indicator)[0], figures(indicator, "--by", "branch")


def test_the_company_is_the_default(database: Path) -> None:
    (row,) = figures("resolution_on_time_rate")
    assert row["status"] == "ok"
    assert row["value"] == pytest.approx(row["numerator"] / row["denominator"])
    assert (row["period_start"], row["period_end"]) == ("2026-07-01", "2026-09-30")
    assert row["as_of"] == "2026-10-11T00:00+08:00"


def test_one_unit_is_given_where_only_a_unit_is_named(database: Path) -> None:
    _, branches = company_and_branches("resolution_rate")
    (row,) = figures("resolution_rate", "--unit", str(branches[0]["unit_id"]))
    assert row == branches[0]


def test_the_teams_of_a_branch_are_those_under_it(database: Path) -> None:
    _, branches = company_and_branches("resolution_rate")
    every = {row["unit_id"] for row in figures("resolution_rate", "--by", "team")}
    under = [
        row["unit_id"]
        for branch in branches
        for row in figures("resolution_rate", "--by", "team", "--unit", str(branch["unit_id"]))
    ]
    assert set(under) == every


def test_both_indicators_are_given_in_the_order_asked_for(database: Path) -> None:
    rows = figures("solved_rate", "response_rate")
    assert [row["indicator"] for row in rows] == ["solved_rate", "response_rate"]


def test_an_offset_names_the_same_instant(database: Path) -> None:
    local = figures("response_rate")
    result = runner.invoke(
        app,
        ["figures", "response_rate", "--period", "2026Q3", "--as-of", "2026-10-10T16:00+00:00", "--format", "json"],
    )
    assert json.loads(result.output) == local


def test_csv_has_a_header_and_a_line_for_each_unit(database: Path) -> None:
    result = runner.invoke(app, ["figures", "response_rate", *SETTLED, "--format", "csv"])
    header, *lines = result.output.splitlines()
    assert header.startswith("indicator,unit_id,unit_name,period_start,period_end,as_of,numerator")
    assert len(lines) == 1


def test_a_period_before_the_first_data_has_no_data_and_no_zeros(database: Path) -> None:
    result = runner.invoke(app, ["figures", "response_rate", "--period", "2001Q1", "--format", "json"])
    (row,) = json.loads(result.output)
    assert (row["value"], row["numerator"], row["denominator"], row["status"]) == (None, None, None, "no_data")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["resolution_ontime_rate", "--period", "2026Q3"], "resolution_on_time_rate"),
        (["response_rate", "--period", "2026Q5"], "2026Q3"),
        (["response_rate", "--period", "2026Q3", "--unit", "nobody"], "unknown"),
        (["response_rate", "--period", "2026Q3", "--track", "bransh"], "branch"),
        (["response_rate", "--period", "2026Q3", "--as-of", "yesterday"], "2026-10-08T08:00"),
        (["response_rate", "--period", "2026Q3", "--by", "squad"], "squad"),
        (["response_rate"], "--period"),
    ],
)
def test_wrong_use_says_what_would_be_right(database: Path, arguments: list[str], said: str) -> None:
    result = runner.invoke(app, ["figures", *arguments])
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("period", ["0001", "2999", "9999-12A", "0001-01-01..9999-12-30"])
def test_a_period_beyond_all_data_is_wrong_use(database: Path, period: str) -> None:
    result = runner.invoke(app, ["figures", "response_on_time_rate", "--period", period])
    assert result.exit_code == 2
    assert f"'{period}' reaches beyond the years 1990 to 2099" in result.output


@pytest.mark.parametrize("as_of", ["0001-01-01T00:00", "9999-12-31T23:59", "2101-01-01T00:00"])
def test_an_as_of_time_beyond_all_data_is_wrong_use(database: Path, as_of: str) -> None:
    result = runner.invoke(app, ["figures", "open_backlog", "--period", "2026Q3", "--as-of", as_of])
    assert result.exit_code == 2
    assert "in the years 1990 to 2099" in result.output


def test_a_unit_named_by_its_name_is_answered_with_its_code(database: Path) -> None:
    (row,) = figures("response_rate")
    result = runner.invoke(app, ["figures", "response_rate", "--period", "2026Q3", "--unit", str(row["unit_name"])])
    assert result.exit_code == 2
    assert str(row["unit_id"]) in result.output


def test_without_a_database_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HUIYIN_DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")
    result = runner.invoke(app, ["figures", "response_rate", "--period", "2026Q3"])
    assert result.exit_code == 1
    assert "huiyin sample" in result.output
    assert not (tmp_path / "none.db").exists()


def test_an_empty_database_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HUIYIN_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    runner.invoke(app, ["migrate"])
    result = runner.invoke(app, ["figures", "response_rate", "--period", "2026Q3"])
    assert result.exit_code == 2
    assert "huiyin import" in result.output


def test_check_finds_the_bad_rows_of_the_story(database: Path) -> None:
    result = runner.invoke(app, ["check"])
    assert result.exit_code == 1
    assert "cases.rating.out_of_range" in result.output
    keys = runner.invoke(app, ["check", "--keys", "cases.rating.out_of_range"])
    assert keys.exit_code == 1
    assert keys.output.splitlines()


def test_check_of_an_empty_database_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HUIYIN_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    runner.invoke(app, ["migrate"])
    result = runner.invoke(app, ["check"])
    assert result.exit_code == 0
    assert "no units yet" in result.output
    assert "huiyin import" in result.output


def test_check_names_the_rules_there_are(database: Path) -> None:
    result = runner.invoke(app, ["check", "--keys", "cases.ratings.out_of_range"])
    assert result.exit_code == 2
    assert "cases.rating.out_of_range" in result.output
