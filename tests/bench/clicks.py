"""What a person waits for in the browser: ``python -m tests.bench.clicks URL``.

From a click to the frame in which the new data stand on the page, and what a first visit moves.
"""

import argparse
import os
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, CDPSession, Locator, sync_playwright

from tests.bench.viewers import percentile
from tests.browser.conftest import ARGUMENTS
from tests.browser.visitor import Visitor

CLICKS = 15
ABOVE = '[class*="st-key-crumb_"] button'
WAIT_MILLISECONDS = 120_000

WATCH = """(place) => {
    const texts = node => [...node.querySelectorAll('*')].reduce(
        (found, each) => found + (each.shadowRoot ? texts(each.shadowRoot) : ''), node.textContent);
    const seen = () => {
        const root = document.querySelector(place);
        return root && !root.closest('[data-stale="true"]') && !root.querySelector('[data-stale="true"]')
            ? texts(root) : null;
    };
    const before = seen(), address = location.href;
    window.waited = new Promise(resolve => document.addEventListener('click', () => {
        const clicked = performance.now();
        const look = () => {
            const now = seen();
            if (location.href !== address && now !== null && now !== before)
                requestAnimationFrame(() => resolve(performance.now() - clicked));
            else requestAnimationFrame(look);
        };
        look();
    }, { capture: true, once: true }));
}"""
"""Resolves to the milliseconds from the next click to the frame after the one in which the place had other texts.

What is still grey counts as the old page; ``place`` is the heat table or the chart, whatever draws it.
"""


@dataclass(frozen=True)
class ClicksMeasured:
    """Milliseconds from a click to the repainted page: on views that nobody saw before, and on the same again."""

    page: str
    clicks: int
    first_median: float
    first_p95: float
    again_median: float
    again_p95: float


@dataclass(frozen=True)
class FirstVisitMeasured:
    """A visit with an empty browser: bytes moved (of files, and of the session's messages), and seconds until whole.

    ``compressed`` says that nginx stood before the server.
    """

    page: str
    compressed: bool
    requests: int
    file_bytes: int
    session_bytes: int
    seconds: float


@dataclass(frozen=True)
class Target:
    """Where to click on a page: ``shapes`` are what can be clicked, ``place`` is what must show other data."""

    page: str
    place: str
    shapes: str


TARGETS = (
    Target("overview", ".st-key-heat_table", ".st-key-heat_table tbody tr td:first-of-type button"),
    Target("cases", ".st-key-rates", ".st-key-rates .barlayer .point path"),
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser that the tests use."""
    path = os.environ.get("HUIYIN_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=ARGUMENTS)
        yield browser
        browser.close()


def measure_clicks(browser: Browser, address: str, target: Target, clicks: int = CLICKS) -> ClicksMeasured:
    """From the company to so many units and back, twice."""
    with _window(browser, address) as someone:
        someone.open(f"/{'' if target.page == 'overview' else target.page}")
        first, again = ([_click(someone, target, number) for number in range(clicks)] for _ in range(2))
        return ClicksMeasured(
            target.page,
            clicks,
            statistics.median(first),
            percentile(first, 95),
            statistics.median(again),
            percentile(again, 95),
        )


def _click(someone: Visitor, target: Target, number: int) -> float:
    shape = _visible(someone.page.locator(target.shapes), number)
    someone.page.evaluate(WATCH, target.place)
    box = shape.bounding_box()
    assert box is not None
    someone.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    waited = float(someone.page.evaluate("() => window.waited"))
    someone.settle()
    someone.page.go_back()
    someone.page.wait_for_function("place => !document.querySelector(place)", arg=ABOVE, timeout=WAIT_MILLISECONDS)
    someone.settle()
    return waited


def _visible(shapes: Locator, number: int) -> Locator:
    """The shape of that number, the last one where there are fewer, scrolled to where it can be clicked."""
    shape = shapes.nth(min(number, shapes.count() - 1))
    shape.scroll_into_view_if_needed()
    return shape


def measure_first_visit(
    browser: Browser, address: str, page: str, credentials: tuple[str, str] | None = None
) -> FirstVisitMeasured:
    """A first visit to a page of a server, or of nginx before it, which wants ``credentials``."""
    with _window(browser, address, credentials) as someone:
        counted = _Counted(someone.context.new_cdp_session(someone.page))
        begun = time.perf_counter()
        someone.open(f"/{page}")
        seconds = time.perf_counter() - begun
        return FirstVisitMeasured(
            page or "overview", credentials is not None, counted.requests, counted.files, counted.session, seconds
        )


class _Counted:
    """Counts what the network brings."""

    def __init__(self, network: CDPSession) -> None:
        self.requests = self.files = self.session = 0
        network.on("Network.loadingFinished", self._file)
        network.on("Network.webSocketFrameReceived", self._frame)
        network.send("Network.enable")

    def _file(self, event: dict[str, float]) -> None:
        self.requests += 1
        self.files += int(event["encodedDataLength"])

    def _frame(self, event: dict[str, dict[str, str]]) -> None:
        # Binary frames come as base64.
        self.session += len(event["response"]["payloadData"]) * 3 // 4


@contextmanager
def _window(browser: Browser, address: str, credentials: tuple[str, str] | None = None) -> Iterator[Visitor]:
    signed = {"username": credentials[0], "password": credentials[1]} if credentials else None
    context = browser.new_context(
        viewport={"width": 1366, "height": 900},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        http_credentials=signed,  # type: ignore[arg-type]
        ignore_https_errors=credentials is not None,
    )
    someone = Visitor(context, context.new_page(), address)
    someone.page.set_default_timeout(WAIT_MILLISECONDS)
    try:
        yield someone
    finally:
        context.close()


def main(arguments: Sequence[str] | None = None) -> None:
    """Nothing; the measurements are written to standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--clicks", type=int, default=CLICKS)
    given = parser.parse_args(arguments)
    with chromium() as browser:
        steps: list[Callable[[], object]] = [
            *(lambda page=page: measure_first_visit(browser, given.address, page) for page in ("", "cases")),
            *(lambda target=target: measure_clicks(browser, given.address, target, given.clicks) for target in TARGETS),
        ]
        for step in steps:
            sys.stdout.write(f"{step()}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
