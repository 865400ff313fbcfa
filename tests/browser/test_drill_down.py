"""One gesture everywhere: bar to branch to team, Back, and a link that means the same."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator

from tests.browser import MARKS
from tests.browser.visitor import Visitor

pytestmark = MARKS

BARS = ".st-key-rates .barlayer .point path"
HERE = ".st-key-breadcrumb [aria-current='page']"


def unit(someone: Visitor) -> str:
    return parse_qs(urlsplit(someone.page.url).query)["unit"][0]


def here(someone: Visitor) -> str:
    return someone.page.locator(HERE).inner_text()


def click_first(someone: Visitor, shapes: Locator) -> None:
    shapes.first.scroll_into_view_if_needed()
    box = next(box for shape in shapes.all() if (box := shape.bounding_box()) and box["width"] > 3)
    before = someone.page.url
    someone.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    someone.page.wait_for_function("before => location.href !== before", arg=before)
    someone.settle()


def test_a_bar_leads_to_its_branch_then_to_its_team_and_back_leads_back(
    sample_server: str, visit: Callable[..., Visitor]
) -> None:
    someone = visit(sample_server)
    someone.open("/cases")
    company = unit(someone)
    click_first(someone, someone.page.locator(BARS))
    branch, name_of_branch = unit(someone), here(someone)
    assert branch != company
    click_first(someone, someone.page.locator(BARS))
    assert unit(someone) not in {branch, company}
    someone.page.go_back()
    someone.page.wait_for_function("unit => location.search.includes(`unit=${unit}&`)", arg=branch)
    someone.settle()
    assert here(someone) == name_of_branch


def test_a_copied_link_shows_the_same_in_a_new_session(sample_server: str, visit: Callable[..., Visitor]) -> None:
    someone = visit(sample_server)
    someone.open("/cases", period="2026-06", view="full")
    click_first(someone, someone.page.locator(BARS))
    link, seen, name = someone.page.url, someone.text(), here(someone)
    stranger = visit(sample_server, locale="en-GB")
    stranger.page.goto(link)
    stranger.settle()
    assert stranger.page.url == link
    assert here(stranger) == name
    assert stranger.text().splitlines() == seen.splitlines()


def test_the_name_of_a_tile_leads_to_its_definition_and_back_leads_back(
    sample_server: str, visit: Callable[..., Visitor]
) -> None:
    someone = visit(sample_server)
    someone.open("/", period="2026-06", view="full", lang="en")
    before, name = someone.page.url, someone.page.locator(".tile .name").nth(1)
    link, title, seen = name.get_attribute("href"), name.inner_text(), someone.text()
    name.focus()
    someone.page.keyboard.press("Enter")
    someone.page.wait_for_url(f"**/{link}")
    someone.settle()
    assert title in someone.text()
    someone.page.go_back()
    someone.page.wait_for_selector(".tile")
    someone.settle()
    assert (someone.page.url, someone.text()) == (before, seen)


def test_a_strip_of_the_icicle_leads_to_its_unit(sample_server: str, visit: Callable[..., Visitor]) -> None:
    someone = visit(sample_server)
    someone.open("/coverage")
    company = unit(someone)
    strips = someone.page.locator(".st-key-icicle_0 g.slice path.surface")
    click_first(someone, strips.nth(1) if strips.count() > 1 else strips)
    assert unit(someone) != company


def test_a_cell_of_the_calendar_lists_what_is_missing_of_its_kind(
    sample_server: str, visit: Callable[..., Visitor]
) -> None:
    someone = visit(sample_server)
    someone.open("/duties")
    cell = someone.page.locator(".st-key-duty_calendar_kinds td button").first
    cell.click()
    someone.page.wait_for_function("() => location.search.includes('kind=')")
    someone.settle()
    kind = parse_qs(urlsplit(someone.page.url).query)["kind"][0]
    assert kind
    assert not someone.has_exception()


def test_a_wrong_link_is_said_and_the_default_is_shown(sample_server: str, visit: Callable[..., Visitor]) -> None:
    someone = visit(sample_server)
    someone.open("/", unit="nobody", period="2026Q9", lang="en")
    assert "nobody" in someone.text()
    assert "2026Q9" in someone.text()
    assert not someone.has_exception()
    assert unit(someone) != "nobody"
