"""Somebody who looks at pages, and whoever watches what the browser does meanwhile."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

QUIET = '[data-testid="stApp"][data-test-script-state="notRunning"]'
DRAWN = """() => {
    const waiting = document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]');
    const charts = [...document.querySelectorAll('[data-testid="stPlotlyChart"]')];
    return !waiting && charts.every(chart => chart.querySelector('.main-svg'));
}"""
MAIN = '[data-testid="stMain"]'
EXCEPTION = '[data-testid="stException"]'
PROBED = ("/_stcore/health", "/_stcore/host-config")
"""Opened at a page's address, Streamlit's own script first looks for its server below that address (404)."""

WAIT_MILLISECONDS = 45_000
TALLEST = 8_000
MOST_LOOKS = 100
LOOPBACK = {"127.0.0.1", "localhost", None}


@dataclass
class Visitor:
    """A browser window. ``strangers`` are requests that left this machine; ``complaints`` are console errors."""

    context: BrowserContext
    page: Page
    address: str
    strangers: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str = "/", **parameters: str) -> None:
        """Shows a page and waits until it is whole."""
        query = "&".join(f"{name}={value}" for name, value in parameters.items())
        self.page.goto(f"{self.address}{path}" + (f"?{query}" if query else ""))
        self.settle()

    def settle(self) -> None:
        """Waits until nothing is computed or drawn any more: every chart is there and the text at rest."""
        seen = None
        for _ in range(MOST_LOOKS):
            self.page.wait_for_selector(QUIET, timeout=WAIT_MILLISECONDS)
            self.page.wait_for_function(DRAWN, timeout=WAIT_MILLISECONDS)
            text = self.page.locator("body").inner_text()
            if text == seen:
                return
            seen = text
            # A click reaches the script a moment after it happened, and charts follow the page.
            self.page.wait_for_timeout(300)
        raise AssertionError("the page doesn't come to rest")

    def has_exception(self) -> bool:
        return self.page.locator(EXCEPTION).count() > 0

    def text(self) -> str:
        return self.page.locator(MAIN).inner_text()

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(self.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth"))

    def photograph(self, path: Path) -> None:
        """Saves a picture of the whole page, however long it is."""
        size = self.page.viewport_size or {"width": 1366, "height": 768}
        height = int(self.page.evaluate(f"() => document.querySelector('{MAIN}').scrollHeight"))
        self.page.set_viewport_size({"width": size["width"], "height": min(max(height, size["height"]), TALLEST)})
        self.settle()
        self.page.screenshot(path=path)
        self.page.set_viewport_size(size)

    def watch(self) -> None:
        self.context.on("request", lambda request: self._meet(request.url))
        self.page.on("websocket", lambda socket: self._meet(socket.url))
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _meet(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"data", "blob"} and parts.hostname not in LOOPBACK:
            self.strangers.append(url)

    def _hear(self, message: ConsoleMessage) -> None:
        probing = message.location.get("url", "").endswith(PROBED)
        if message.type == "error" and not probing:
            self.complaints.append(re.sub(r"\s+", " ", message.text))


def visitor(
    browser: Browser, address: str, *, width: int = 1366, height: int = 768, locale: str = "zh-CN", dark: bool = False
) -> Visitor:
    """A new window with a memory of its own, watched from its first request."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale=locale,
        timezone_id="Asia/Shanghai",
        color_scheme="dark" if dark else "light",
        accept_downloads=True,
    )
    someone = Visitor(context, context.new_page(), address)
    someone.watch()
    return someone
