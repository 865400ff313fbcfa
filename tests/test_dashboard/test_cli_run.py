"""``huiyin run``: this machine only."""

import socket
import sys

import pytest
from sqlalchemy import insert
from typer.testing import CliRunner

from dashboard import run_command
from dashboard.cli import app
from data_access.engine import begin, open_writer
from data_access.tables import org_units

runner = CliRunner()


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, tmp_path) -> list[tuple[str, int]]:
    calls: list[tuple[str, int]] = []
    monkeypatch.setattr(run_command, "serve", lambda address, port: calls.append((address, port)))
    monkeypatch.setenv("HUIYIN_DATABASE_URL", f"sqlite:///{tmp_path / 'huiyin.db'}")
    return calls


@pytest.mark.parametrize("address", ["0.0.0.0", "192.168.1.5", "::", "huiyin.example", ""])  # noqa: S104
def test_other_machines_are_refused(served: list[tuple[str, int]], address: str) -> None:
    result = runner.invoke(app, ["run", "--address", address])
    assert result.exit_code == 2
    assert "there is no sign-in" in result.output
    assert not served


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost"])
def test_this_machine_is_served(served: list[tuple[str, int]], address: str) -> None:
    port = free_port()
    result = runner.invoke(app, ["run", "--address", address, "--port", port])
    assert result.exit_code == 0, result.output
    assert served == [(address, int(port))]


def test_a_port_in_use_is_said_with_another(served: list[tuple[str, int]]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = runner.invoke(app, ["run", "--port", str(port)])
    assert result.exit_code == 2
    assert f"Port {port}" in result.output
    assert str(port + 1) in result.output
    assert not served


def test_an_unusable_setting_is_said_without_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYIN_TIME_ZONE", "Mars/Olympus")
    result = runner.invoke(app, ["migrate"])
    assert result.exit_code == 2
    assert "HUIYIN_TIME_ZONE" in result.output
    assert "Traceback" not in result.output


def test_a_database_that_cannot_be_reached_is_a_problem_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYIN_DATABASE_URL", "sqlite:////no/such/folder/huiyin.db")
    result = runner.invoke(app, ["migrate"])
    assert result.exit_code == 1
    assert "Traceback" not in result.output


def test_the_server_is_told_where_to_listen() -> None:
    command = run_command.serve_command("127.0.0.1", 8600)
    assert command[0] == sys.executable
    assert command[1:] == ["-m", "dashboard.server", "127.0.0.1", "8600"]


def test_migrating_twice_changes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setenv("HUIYIN_DATABASE_URL", f"sqlite:///{tmp_path / 'huiyin.db'}")
    assert "ready" in runner.invoke(app, ["migrate"]).output
    again = runner.invoke(app, ["migrate"])
    assert again.exit_code == 0
    assert "up to date" in again.output


@pytest.fixture
def samples(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    made: list[str] = []

    def make_sample(settings, company, seed, until, cases) -> None:
        made.append(company.value)
        with begin(open_writer(settings)) as connection:
            connection.execute(
                insert(org_units).values(id="C", name="C", kind="company", recorded_at=until, updated_at=until)
            )

    monkeypatch.setattr(run_command, "make_sample", make_sample)
    return made


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_the_demo_makes_the_sample_company_once(served: list[tuple[str, int]], samples: list[str]) -> None:
    for _ in range(2):
        result = runner.invoke(app, ["demo", "--port", free_port()])
        assert result.exit_code == 0, result.output
    assert samples == ["changping"]
    assert len(served) == 2


def test_the_demo_never_puts_a_made_up_company_into_a_shared_database(
    served: list[tuple[str, int]], samples: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIYIN_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    result = runner.invoke(app, ["demo", "--port", free_port()])
    assert result.exit_code == 0, result.output
    assert samples == []
    assert len(served) == 1
