"""Opening a page: everything that all pages begin with."""

from datetime import UTC, datetime

import streamlit as st

from dashboard import cached
from dashboard.access import viewer
from dashboard.address import Known, Problem
from dashboard.components.context import Page
from dashboard.components.filters import draw_filters
from dashboard.components.messages import draw_empty, draw_problems
from dashboard.components.navigation import draw_navigation
from dashboard.i18n import Translator
from dashboard.state import browser_locale, current_address, current_palette


def open_page(name: str, *, filters: bool = True, needs_data: bool = True) -> Page:
    """The page's context, with the top bar and the filters drawn.

    Without data the page says what to do and ends here, unless it ``needs_data`` not. Raises
    DataAccessError, which the router turns into a calm page.
    """
    page, problems = _context(name)
    draw_navigation(page.address, page.viewer, name, page.t)
    if page.address.unit_id is None and needs_data:
        draw_empty(page.address, page.t)
        st.stop()
    if filters and page.address.unit_id is not None:
        draw_filters(page)
    draw_problems(problems, page.t)
    return page


def _context(name: str) -> tuple[Page, tuple[Problem, ...]]:
    company = cached.company()
    version = cached.data_version()
    hierarchy = cached.hierarchy(version)
    known = Known(
        unit_ids=frozenset(hierarchy.units),
        company_id=hierarchy.company_id,
        tracks=company.vocabulary.codes("tracks"),
        time_zone=company.settings.time_zone,
        now=datetime.now(UTC),
        data_until=cached.freshness(version).received_until,
        settlement_days=company.settings.settlement_days,
        locale=browser_locale(),
        indicator_ids=frozenset(company.registry.ids),
    )
    address, problems = current_address(known)
    page = Page(
        name=name,
        address=address,
        known=known,
        viewer=viewer(company.settings),
        company=company,
        hierarchy=hierarchy,
        version=version,
        tones=current_palette(),
        t=Translator(address.language),
    )
    return page, problems
