"""``huiyin distribute`` where there is nothing to distribute to."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from data_access.settings import Settings

run = CliRunner()


def test_sqlite_is_refused_and_no_file_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "none.db"
    monkeypatch.setenv("HUIYIN_DATABASE_URL", f"sqlite:///{path}")
    done = run.invoke(app, ["distribute"])
    assert done.exit_code == 1
    assert "SQLite database can't be distributed" in done.output
    assert not path.exists()


@pytest.mark.postgres
def test_a_server_without_citus_is_refused(postgres_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYIN_DATABASE_URL", postgres_settings.database_url)
    done = run.invoke(app, ["distribute"])
    assert done.exit_code == 1
    assert "CREATE EXTENSION citus" in done.output
