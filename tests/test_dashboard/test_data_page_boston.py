"""The Data page on real data: the city's own flags say what our figures say."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from typer.testing import CliRunner

from dashboard.cli import app
from data_access.settings import Settings
from tests.test_dashboard.pages import open_page, shows

BOSTON = Path(__file__).parents[2].parent / "shared" / "data" / "boston311" / "boston311_2015H1.csv.gz"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.slow,
    pytest.mark.skipif(not BOSTON.is_file(), reason="needs the folder of real data beside the project"),
]


@pytest.fixture
def boston(sqlite_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("HUIYIN_DATABASE_URL", sqlite_settings.database_url)
    monkeypatch.setenv("HUIYIN_TIME_ZONE", "America/New_York")
    imported = CliRunner().invoke(app, ["import", "--mapping", "boston311", str(BOSTON)])
    assert imported.exit_code == 0, imported.output
    st.cache_data.clear()
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def test_every_flag_agrees_and_every_row_is_counted(boston: None) -> None:
    page = open_page("data", lang="en")
    assert not page.exception
    assert shows(page, "**58,017 of 58,017** flags")
    assert not shows(page, "Cases whose flag says otherwise")
    assert shows(page, "2015-06-30 23:54")
