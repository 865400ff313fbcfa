"""A real Chromium before a real server. All of these run in one process, so that one server serves them."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.server import huiyin, served
from tests.browser.visitor import Visitor, visitor

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOW_TO_GET_IT = "no Chromium: install it (Debian: apt-get install chromium) or name it in HUIYIN_CHROMIUM"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("HUIYIN_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        pytest.skip(HOW_TO_GET_IT)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, headless=True, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def sample_server(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("sample_company")
    huiyin("sample", "--company", "small", "--seed", "1", folder=folder)
    with served(folder) as address:
        yield address


@pytest.fixture(scope="session")
def empty_server(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("no_company")) as address:
        yield address


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Opens windows and closes them; nobody may have left this machine or complained meanwhile."""
    visitors: list[Visitor] = []

    def open_window(address: str, **options: object) -> Visitor:
        visitors.append(visitor(browser, address, **options))  # type: ignore[arg-type]
        return visitors[-1]

    yield open_window
    for someone in visitors:
        someone.context.close()
    assert [url for someone in visitors for url in someone.strangers] == []
    assert [complaint for someone in visitors for complaint in someone.complaints] == []
