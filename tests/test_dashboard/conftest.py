"""A sample company for the pages, and what a page in a test stands on."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from data_access.engine import open_writer
from data_access.settings import Settings
from sample_data.make import make

UNTIL = date(2026, 10, 8)
SEED = 7


@pytest.fixture(scope="session")
def sample_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the small sample company up to 8 October 2026; nobody writes to it."""
    path = tmp_path_factory.mktemp("sample") / "sample.db"
    shutil.copy(sqlite_template, path)
    engine = open_writer(Settings(database_url=f"sqlite:///{path}"))
    make(engine, "small", SEED, UNTIL)
    engine.dispose()
    return path


@pytest.fixture
def sample(sample_file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The sample company as the pages' database."""
    yield from _serve(f"sqlite:///{sample_file}", monkeypatch, sample_file)


@pytest.fixture
def empty(sqlite_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """A migrated database without rows as the pages' database."""
    yield from _serve(sqlite_settings.database_url, monkeypatch, sqlite_settings)


@pytest.fixture
def unreachable(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server that doesn't answer as the pages' database: nothing listens on port 1."""
    url = "postgresql://huiyin@127.0.0.1:1/huiyin"
    yield from _serve(url, monkeypatch, url)


@pytest.fixture
def missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A database that isn't there (yet) as the pages' database."""
    path = tmp_path / "nowhere.db"
    yield from _serve(f"sqlite:///{path}", monkeypatch, path)


def _serve(url: str, monkeypatch: pytest.MonkeyPatch, served: Any) -> Iterator[Any]:
    monkeypatch.setenv("HUIYIN_DATABASE_URL", url)
    monkeypatch.setenv("HUIYIN_USER", "测试员")
    _forget()
    yield served
    _forget()


def _forget() -> None:
    """What earlier tests cached is gone, their engine with it."""
    st.cache_data.clear()
    st.cache_resource.clear()
