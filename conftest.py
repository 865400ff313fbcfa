"""How all tests run: nothing may skip where ``HUIYIN_REQUIRE_ALL`` is set, and one process drives the browser."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

SHARED_DATA = Path(__file__).parent.parent / "shared" / "data"


def may_skip(node: pytest.Collector | pytest.Item) -> bool:
    """Whether a skip is allowed: everywhere at a desk; else only for want of the folder of real data."""
    if not os.environ.get("HUIYIN_REQUIRE_ALL"):
        return True
    return node.get_closest_marker("shared") is not None and not SHARED_DATA.is_dir()


def _forbid_skip(node: pytest.Collector | pytest.Item, report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.outcome != "skipped" or hasattr(report, "wasxfail") or may_skip(node):
        return
    report.outcome = "failed"
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.longrepr = f"HUIYIN_REQUIRE_ALL is set, so nothing may skip. {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """The report of a test, failed if it skipped where nothing may."""
    report = yield
    _forbid_skip(item, report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The report of a module, failed if it skipped as a whole where nothing may."""
    report = yield
    _forbid_skip(collector, report)
    return report


class OneBrowser(LoadScopeScheduling):  # type: ignore[misc]
    """Each test goes to the next free process, all tests in the browser to the same: they share a server.

    The groups that xdist 3.8 offers have no effect with pytest 9.2 (pytest-dev/pytest-xdist, issue 1386).
    """

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if nodeid.startswith("tests/browser/") else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneBrowser:
    """The order in which tests go to processes."""
    return OneBrowser(config, log)
