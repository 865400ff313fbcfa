"""Nothing may skip where ``HUIYIN_REQUIRE_ALL`` is set, as in ``.ci/run``."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest

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
