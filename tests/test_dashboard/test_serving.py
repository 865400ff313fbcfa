"""What keeps a page quick for a hundred viewers: what is asked for once, kept, bounded, and made ready."""

import gc
import inspect
import logging
import os
import signal
import sqlite3
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit import config as options
from streamlit.testing.v1 import AppTest

from dashboard import cached, server
from dashboard.components import navigation
from data_access.errors import DatabaseUnavailable
from metrics.result import Group
from tests.browser.server import free_port, huiyin, running, served
from tests.test_dashboard.pages import component_data, open_page

ROOT = Path(__file__).parents[2]
LAST_QUARTER = {"lang": "zh", "period": "2026Q3", "as_of": "2026-10-08T00:00"}
WITH_FIGURES = ("overview", "cases", "coverage", "duties", "unit")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often figures were computed, what is made of them was made, and the data version was read."""
    counted: Counter[str] = Counter()

    def count(holder: Any, name: str) -> None:
        original: Callable[..., Any] = getattr(holder, name)

        def counting(*arguments: Any, **named: Any) -> Any:
            counted[name] += 1
            return original(*arguments, **named)

        monkeypatch.setattr(holder, name, counting)

    count(cached.figures, "answer")
    count(cached, "read_data_version")
    count(cached, "connect")
    return counted


def again(page: AppTest) -> AppTest:
    page.run()
    assert not page.exception
    return page


@pytest.mark.parametrize("name", WITH_FIGURES)
def test_a_page_seen_before_asks_the_database_for_nothing(sample: Path, asked: Counter[str], name: str) -> None:
    page = open_page(name, **LAST_QUARTER)
    assert asked["answer"] > 0
    cached.freshness(cached.data_version())
    asked.clear()
    again(page)
    open_page(name, **LAST_QUARTER)
    assert asked["answer"] == 0
    assert asked["connect"] == asked["read_data_version"] <= 2


def test_the_data_version_is_read_once_for_all_runs_of_a_moment(
    sample: Path, asked: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        cached.data_version()
    assert asked["read_data_version"] == 1
    cached.notice_changes()
    cached.data_version()
    assert asked["read_data_version"] == 2


def test_what_this_server_imports_shows_at_once(sample_file: Path, missing: Path) -> None:
    missing.write_bytes(sample_file.read_bytes())
    before = cached.data_version()
    with sqlite3.connect(missing) as connection:
        connection.execute("UPDATE org_units SET updated_at = '2030-01-01 00:00:00.000000'")
    connection.close()
    assert cached.data_version() == before
    cached.notice_changes()
    assert cached.data_version() != before


def test_whether_the_database_is_there_is_never_remembered(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_: object) -> str:
        raise DatabaseUnavailable("gone")

    cached.data_version()
    assert cached.is_available()
    monkeypatch.setattr(cached, "read_data_version", away)
    assert not cached.is_available()


@pytest.mark.parametrize(
    "changed",
    [
        {"lang": "en"},
        {"period": "2026Q2"},
        {"as_of": "2026-08-01T00:00"},
        {"view": "full"},
        {"sort": "resolution_on_time_rate"},
    ],
)
def test_another_link_shows_what_is_made_for_it(sample: Path, changed: dict[str, str]) -> None:
    first = open_page(**LAST_QUARTER)
    other = open_page(**(LAST_QUARTER | changed))
    fresh = _fresh(LAST_QUARTER | changed)
    assert _heat(other) == _heat(fresh)
    assert _heat(other) != _heat(first)


def _fresh(link: dict[str, str]) -> AppTest:
    cached.made.clear()
    return open_page(**link)


def _heat(page: AppTest) -> dict[str, Any]:
    return component_data(page)


def test_drawing_changes_no_chart_that_is_kept(sample: Path) -> None:
    page = open_page("cases", **LAST_QUARTER)
    first = [node.proto.spec for node in page.get("plotly_chart")]
    for _ in range(2):
        again(page)
    assert [node.proto.spec for node in page.get("plotly_chart")] == first


def test_every_cache_is_bounded() -> None:
    caches = [one for _, one in inspect.getmembers(cached) if hasattr(one, "clear") and hasattr(one, "__wrapped__")]
    assert len(caches) > 15
    for cache in caches:
        assert cache._info.max_entries is not None, cache.__name__


def test_the_options_that_a_hundred_viewers_need_are_set() -> None:
    given = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert given["runner"]["postScriptGC"] is False, "a full collection after each run is two thirds of its CPU"
    assert given["server"]["maxCacheDataSize"] == "128mb"
    known = options.get_config_options()
    assert {"runner.postScriptGC", "server.maxCacheDataSize"} <= set(known)


@pytest.fixture
def thawed() -> Iterator[None]:
    """Nothing stays frozen for the tests that follow."""
    yield
    gc.unfreeze()


def test_the_first_visits_make_the_pages_ready(tmp_path: Path, thawed: None) -> None:
    huiyin("sample", "--company", "small", "--seed", "1", folder=tmp_path)
    with served(tmp_path) as address:
        for page in server.VISITED:
            server.visit("127.0.0.1", int(address.rsplit(":", 1)[1]), page)


def test_the_pages_visited_first_are_pages() -> None:
    names = [entry.name for entry in navigation.ENTRIES]
    assert server.VISITED[0] == ""
    assert set(server.VISITED[1:]) < set(names[1:])


def test_control_c_ends_the_server_quietly(tmp_path: Path) -> None:
    with running(tmp_path) as started:
        os.kill(started.process, signal.SIGINT)
        ended = os.waitid(os.P_PID, started.process, os.WEXITED | os.WNOWAIT)
    assert ended is not None
    assert ended.si_status == 0
    log = next(tmp_path.glob("server_*.log")).read_text(encoding="utf-8")
    assert "You can now view" in log
    assert "Traceback" not in log


def test_no_server_is_only_a_line_in_the_log(
    sample: Path, thawed: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(server, "STARTUP_SECONDS", 0.0)
    with caplog.at_level(logging.WARNING):
        server.warm_up("127.0.0.1", free_port())
    assert "could not be made ready" in caplog.text


def test_no_database_is_only_a_line_in_the_log(unreachable: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        server.warm_up("127.0.0.1", free_port())
    assert "could not be made ready" in caplog.text


def test_the_key_of_many_units_is_short_and_their_own() -> None:
    units = tuple(Group(f"T{number}", "Team", "team", "B") for number in range(3000))
    key = cached.HASH_OF_QUESTION[tuple]
    assert len(key(units)) < 40
    assert key(units) == key(tuple(replace(unit) for unit in units))
    for others in (units[:-1], units[::-1], (*units[:-1], replace(units[-1], parent_id="C"))):
        assert key(others) != key(units)
