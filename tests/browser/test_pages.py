"""Every page in both languages at three widths, light and dark, full and empty: pictures to look at."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.components.navigation import ENTRIES
from tests.browser import MARKS
from tests.browser.server import ROOT
from tests.browser.visitor import Visitor

pytestmark = MARKS

PICTURES = ROOT / "screenshots"
NAMES = [entry.name for entry in ENTRIES]
SIZES = [(1920, 1080), (1366, 768), (390, 844)]
IS_STYLED = "() => getComputedStyle(document.querySelector('.brand')).whiteSpace === 'nowrap'"
HEADING = {"zh": "总览", "en": "Overview"}


def look(someone: Visitor, name: str, language: str, picture: str) -> None:
    someone.open("/" if name == NAMES[0] else f"/{name}", lang=language)
    PICTURES.mkdir(exist_ok=True)
    someone.photograph(PICTURES / f"{picture}.png")
    assert not someone.has_exception()
    assert someone.overflow() <= 0
    assert someone.page.evaluate(IS_STYLED)
    assert HEADING[language] in someone.page.locator(".st-key-navigation").inner_text()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_a_page_with_data(
    name: str, language: str, size: tuple[int, int], sample_server: str, visit: Callable[..., Visitor]
) -> None:
    someone = visit(sample_server, width=size[0], height=size[1])
    look(someone, name, language, f"{name}_{language}_{size[0]}")


@pytest.mark.parametrize("name", NAMES)
def test_a_page_in_the_dark(name: str, sample_server: str, visit: Callable[..., Visitor]) -> None:
    someone = visit(sample_server, dark=True)
    look(someone, name, "zh", f"{name}_zh_dark")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_a_page_without_data_says_what_to_do(
    name: str, language: str, empty_server: str, visit: Callable[..., Visitor]
) -> None:
    someone = visit(empty_server)
    look(someone, name, language, f"{name}_{language}_empty")
    assert someone.text().strip()


@pytest.mark.parametrize("tab", ["quality", "import"])
def test_the_other_sides_of_the_data_page(tab: str, sample_server: str, visit: Callable[..., Visitor]) -> None:
    someone = visit(sample_server)
    someone.open("/data", tab=tab)
    someone.photograph(PICTURES / f"data_{tab}.png")
    assert not someone.has_exception()


def test_pictures_are_kept_out_of_the_history() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert f"{Path(PICTURES).name}/" in ignored
