"""Real data through the command line: imported, counted, and the same as others worked out."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from data_access.settings import Settings
from tests.reference.boston import BostonFigures, boston_figures, read_boston

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "boston311"
SAMPLE = Path(__file__).parents[1] / "test_data_access" / "test_ingest" / "files"
WHOLE = ("--period", "2015-01-01..2016-01-12", "--as-of", "2016-01-13T00:00")
SPRING = ("--period", "2015-04-01..2015-06-30", "--as-of", "2016-01-13T00:00")
INDICATORS = (
    "cases_received",
    "resolution_rate",
    "resolution_on_time_rate",
    "overdue_rate",
    "resolution_hours_median",
    "resolution_hours_p90",
)
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="needs the folder of real data beside the project")

PUBLISHED = {
    "City of Boston": BostonFigures(58_119, 40_227, 34_526, 24_501, 5_701, 8_403, None),
    "Inspectional Services": BostonFigures(9_905, 9_386, 6_833, 3_693, 2_553, 23_038, None),
    "Public Works Department": BostonFigures(25_362, 16_091, 15_504, 10_793, 587, 2_449, 89_680),
    "Transportation - Traffic Division": BostonFigures(7_240, 7_029, 6_724, 5_552, 305, 6_978, 73_519),
    "Mayor's 24 Hour Hotline": BostonFigures(5_407, 3_475, 1_686, 1_419, 1_789, None, None),
}
PUBLISHED_SHARES_ON_TIME = {
    "City of Boston": "60.9069",
    "Inspectional Services": "39.3458",
    "Public Works Department": "67.0748",
    "Transportation - Traffic Division": "78.9871",
    "Mayor's 24 Hour Hotline": "40.8345",
}

Rows = dict[tuple[str, str], dict[str, object]]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def huiyin(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """The command line on a fresh database of each kind, in Boston's time."""
    settings: Settings = request.getfixturevalue(f"{request.param}_settings")
    monkeypatch.setenv("HUIYIN_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("HUIYIN_TIME_ZONE", "America/New_York")

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 0, result.output
        return result.output

    return run


def rows(huiyin: Callable[..., str], *period: str) -> Rows:
    """The figures of the company and each branch by unit name and indicator."""
    asked = [json.loads(huiyin("figures", *INDICATORS, "--format", "json", "--by", by, *period)) for by in BY]
    return {(row["unit_name"], row["indicator"]): row for part in asked for row in part}


BY = ("company", "branch")


def figures_of(found: Rows, unit: str) -> BostonFigures:
    resolved, on_time, overdue = (
        found[unit, name] for name in ("resolution_rate", "resolution_on_time_rate", "overdue_rate")
    )
    assert resolved["denominator"] == on_time["denominator"] == overdue["denominator"]
    return BostonFigures(
        received=found[unit, "cases_received"]["value"],
        due=resolved["denominator"] or 0,
        resolved=resolved["numerator"] or 0,
        on_time=on_time["numerator"] or 0,
        overdue=overdue["numerator"] or 0,
        median=minutes(found[unit, "resolution_hours_median"]),
        ninetieth=minutes(found[unit, "resolution_hours_p90"]),
    )


def minutes(row: dict[str, object]) -> float | None:
    if row["value"] is None:
        assert row["reason"] in ("not_reached", "no_data")
        return None
    return round(float(row["value"]) * 60, 6)


def test_a_sample_of_boston_gives_what_pandas_and_lifelines_say(huiyin: Callable[..., str]) -> None:
    sample = SAMPLE / "boston311_sample.csv.gz"
    huiyin("import", "--mapping", "boston311", str(sample))
    cases = read_boston(sample)
    for period, first, last in ((WHOLE, "2015-01-01", "2016-01-12"), (SPRING, "2015-04-01", "2015-06-30")):
        found = rows(huiyin, *period)
        assert figures_of(found, "City of Boston") == boston_figures(cases, first, last, "2016-01-13")
        for subject, own in cases.groupby("subject"):
            assert figures_of(found, str(subject)) == boston_figures(own, first, last, "2016-01-13")


@pytest.mark.shared
@needs_shared
def test_the_half_year_of_boston_gives_the_published_figures(huiyin: Callable[..., str]) -> None:
    huiyin("import", "--mapping", "boston311", str(SHARED / "boston311_2015H1.csv.gz"))
    again = huiyin(
        "import", "--mapping", "boston311", str(SHARED / "boston311_2015-03_excel_dates.xlsx"), "--lang", "en"
    )
    assert "10,208" in again
    found = rows(huiyin, *WHOLE)
    for unit, published in PUBLISHED.items():
        assert figures_of(found, unit) == published
        share = found[unit, "resolution_on_time_rate"]["value"]
        assert f"{share:.4%}" == f"{PUBLISHED_SHARES_ON_TIME[unit]}%"
    spring = figures_of(rows(huiyin, *SPRING), "City of Boston")
    assert (spring.due, spring.on_time, spring.resolved) == (20_731, 13_103, 18_430)
