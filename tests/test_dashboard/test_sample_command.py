"""``huiyin sample``: a company in an empty database, or words that say why not."""

from pathlib import Path

import pytest
import typer
from sqlalchemy import func, select
from typer.testing import CliRunner

from dashboard.sample_command import sample
from dashboard.wrong_use import WrongUseError
from data_access.engine import connect, open_reader
from data_access.settings import Settings
from data_access.tables import audit_log, cases

ARGUMENTS = ["--company", "small", "--seed", "3", "--cases", "600", "--until", "2026-10-08"]


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path / 'sample.db'}"
    monkeypatch.setenv("HUIYIN_DATABASE_URL", url)
    return url


def _run(*arguments: str):
    app = typer.Typer()
    app.command()(sample)
    return CliRunner().invoke(app, list(arguments))


def test_it_makes_the_company_that_was_asked_for_in_a_new_file(address: str):
    result = _run(*ARGUMENTS)
    assert result.exit_code == 0
    assert "small is ready" in result.output
    with connect(open_reader(Settings(database_url=address))) as connection:
        assert connection.execute(select(func.count()).select_from(cases)).scalar_one() == 600
        assert connection.execute(select(audit_log.c.detail)).scalar_one() == "small seed=3 until=2026-10-08"


@pytest.mark.usefixtures("address")
def test_a_second_company_in_the_same_database_is_refused():
    _run(*ARGUMENTS)
    result = _run(*ARGUMENTS)
    assert isinstance(result.exception, WrongUseError)
    assert "empty" in str(result.exception)


@pytest.mark.usefixtures("address")
@pytest.mark.parametrize("arguments", [("--company", "huge"), ("--until", "yesterday"), ("--seed", "-1")])
def test_wrong_options_are_refused(arguments: tuple[str, str]):
    assert _run(*arguments).exit_code == 2


@pytest.mark.usefixtures("address")
def test_too_few_cases_are_refused_in_plain_words():
    result = _run("--company", "small", "--cases", "10")
    assert isinstance(result.exception, WrongUseError)
    assert "500 or more" in str(result.exception)
