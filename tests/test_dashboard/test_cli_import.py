"""``huiyin template`` and ``huiyin import`` as typed at a terminal."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from dashboard.cli import app
from data_access.settings import Settings
from tests.test_data_access.test_ingest.importing import FILES

BOSTON = str(FILES / "boston311_sample.csv.gz")
MARCH = str(FILES / "boston311_march.xlsx")
REPEATED = str(FILES / "boston311-100-20dupes-random.csv")
FORMATS = str(FILES / "formats_iso.toml")

run = CliRunner()


@pytest.fixture(autouse=True)
def database(sqlite_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYIN_DATABASE_URL", sqlite_settings.database_url)
    monkeypatch.setenv("HUIYIN_USER", "tester")


def test_the_half_year_and_then_march() -> None:
    done = run.invoke(app, ["import", BOSTON, MARCH, "--mapping", "boston311", "--lang", "en"])
    assert done.exit_code == 0, done.output
    assert "imported as batch 1: 1,453 rows read, 1,453 new, 0 changed" in done.output
    assert "imported as batch 2: 256 rows read, 1 new, 0 changed, 255 unchanged" in done.output
    assert "Warning: boston311_sample.csv.gz, row" in done.output
    assert "Warning × 365: boston311_sample.csv.gz TARGET_DT: neither grade nor deadline" in done.output


def test_a_check_then_an_import_then_undo() -> None:
    checked = run.invoke(app, ["import", BOSTON, "--mapping", "boston311", "--check"])
    assert checked.exit_code == 0
    assert "checked, nothing written: 1,453 rows read, 1,453 new" in checked.output
    assert "imported as batch 1" in run.invoke(app, ["import", BOSTON, "--mapping", "boston311"]).output
    undone = run.invoke(app, ["import", "--undo", "1"])
    assert undone.exit_code == 0
    assert "Batch 1 (boston311_sample.csv.gz) is taken back" in undone.output
    again = run.invoke(app, ["import", "--undo", "1"])
    assert again.exit_code == 1
    assert "no import that could be taken back" in again.output


def test_a_file_with_errors_ends_with_one_and_an_annotated_copy(tmp_path: Path) -> None:
    copy = tmp_path / "problems.xlsx"
    done = run.invoke(app, ["import", REPEATED, "--mapping", FORMATS, "--annotated", str(copy), "--lang", "en"])
    assert done.exit_code == 1
    assert "nothing written: 100 rows read" in done.output
    assert done.output.count("The key stands in the file more than once") == 20
    assert load_workbook(copy).sheetnames == ["Problems"]


def test_good_rows_alone() -> None:
    done = run.invoke(app, ["import", REPEATED, "--mapping", FORMATS, "--accept-valid"])
    assert done.exit_code == 1
    assert "imported as batch 1: 100 rows read, 80 new, 0 changed, 0 unchanged, 20 rejected" in done.output


def test_changed_rows_are_told(tmp_path: Path) -> None:
    run.invoke(app, ["import", str(FILES / "boston311-100.csv"), "--mapping", FORMATS])
    done = run.invoke(app, ["import", str(FILES / "boston311-100-notime.csv"), "--mapping", FORMATS, "--lang", "en"])
    assert "cases: 0 new, 100 changed, 0 unchanged" in done.output
    assert "received_at: changed in 100 rows" in done.output
    assert 'changed: cases ["101004113298"]' in done.output
    assert "Note: boston311-100-notime.csv, column “open_dt”: A date only" in done.output


def test_the_template(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    assert run.invoke(app, ["template", str(path)]).exit_code == 0
    assert "诉求" in load_workbook(path).sheetnames
    again = run.invoke(app, ["template", str(path)])
    assert (again.exit_code, "is there already" in again.output) == (2, True)
    nowhere = run.invoke(app, ["template", str(tmp_path / "none" / "template.xlsx")])
    assert (nowhere.exit_code, "can't be written" in nowhere.output) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Name the file to import"),
        ([BOSTON, "--mapping", "boston"], "there are boston311, nyc311, servicenow"),
        ([BOSTON, MARCH, "--annotated", "x.xlsx"], "one file at a time"),
        (["--undo", "1", BOSTON], "--undo takes no file"),
        ([BOSTON, "--lang", "fr"], "Use zh or en"),
    ],
)
def test_wrong_use(arguments: list[str], words: str) -> None:
    done = run.invoke(app, ["import", *arguments])
    assert (done.exit_code, words in done.output) == (2, True)


def test_an_interruption_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("dashboard.import_command.import_file", interrupted)
    done = run.invoke(app, ["import", BOSTON, "--mapping", "boston311"])
    assert (done.exit_code, "nothing of it was written" in done.output) == (1, True)


def test_a_file_that_is_not_there() -> None:
    done = run.invoke(app, ["import", "none.csv", "--lang", "en"])
    assert done.exit_code == 1
    assert "There is no such file" in done.output
