"""The list of single cases, for those who handle or supervise them."""

import streamlit as st

from dashboard import cached
from dashboard.components.answers import about
from dashboard.components.card import card
from dashboard.components.chart import draw_nothing, draw_table
from dashboard.components.choice import draw_choice, draw_search
from dashboard.components.context import Page
from dashboard.presenters.case_rows import case_table
from data_access.case_list import DEFAULT_PAGE_SIZE, LIST_VERBS, CasePage, Listing


def draw_case_list(page: Page) -> None:
    """Nothing: the open cases, paged and searchable by number; nothing at all for who may not see them."""
    if not any(page.viewer.scope.allows(verb) for verb in LIST_VERBS):
        return
    t = page.t
    with card("case_list", t("The cases"), t("For those who handle or supervise them; the earliest deadline first")):
        with st.container(key="case_list_choices", horizontal=True, vertical_alignment="center"):
            names = {
                Listing.OVERDUE.value: t("Overdue"),
                Listing.FALLING_DUE.value: t("Falling due"),
                Listing.OPEN.value: t("All open"),
            }
            listing = Listing(draw_choice(page, "tab", names, t("Which cases")))
            prefix = draw_search(page, t("Number begins with"))
        number = _page_number(page)
        found = cached.listed_cases(page.version, about(page, page.unit), listing, prefix, number)
        if not found.total:
            draw_nothing(t, t("There are no such cases."))
            return
        table = case_table(found, page.hierarchy.units, page.company.vocabulary, page.known.time_zone, t)
        draw_table(table, "case_list_table")
        _draw_pages(page, found, number)


def _page_number(page: Page) -> int:
    """The list's page, the first being 0; a link that names none or a wrong one gets the first."""
    text = page.option("page")
    return int(text) - 1 if text.isascii() and text.isdigit() and 0 < int(text) < 1_000_000 else 0


def _draw_pages(page: Page, found: CasePage, number: int) -> None:
    t = page.t
    pages = max(1, -(-found.total // DEFAULT_PAGE_SIZE))
    with st.container(key="case_list_pages", horizontal=True, vertical_alignment="center"):
        st.text(
            t(
                "{first} to {last} of {total}",
                first=number * DEFAULT_PAGE_SIZE + 1,
                last=number * DEFAULT_PAGE_SIZE + len(found.cases),
                total=found.total,
            )
        )
        _draw_turn(page, t("Previous page"), number, number > 0)
        _draw_turn(page, t("Next page"), number + 2, number + 1 < pages)


def _draw_turn(page: Page, label: str, target: int, possible: bool) -> None:
    st.button(label, key=f"turn_to_{target}", disabled=not possible, on_click=page.choose, kwargs={"page": str(target)})
