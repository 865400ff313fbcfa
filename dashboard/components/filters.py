"""The filters: breadcrumb, unit, period, as-of time, track and view, on one line."""

import html
from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.address import EVERY
from dashboard.components.context import Page
from dashboard.presenters.choices import (
    as_of_choices,
    as_of_label,
    period_choices,
    period_label,
    track_label,
    view_label,
)
from dashboard.presenters.markdown import escaped
from dashboard.state import go
from data_access.question import View


def draw_filters(page: Page) -> None:
    """Nothing: draws the line of filters; each choice goes into the address."""
    with st.container(key="filters", horizontal=True, vertical_alignment="center"):
        _draw_breadcrumb(page)
        with st.container(key="choices", horizontal=True, vertical_alignment="center", gap="small", width="content"):
            _draw_period(page)
            _draw_as_of(page)
            _draw_track(page)
            _draw_view(page)


def _draw_breadcrumb(page: Page) -> None:
    with st.container(key="breadcrumb", horizontal=True, vertical_alignment="center", gap="small", width="content"):
        *above, here = page.path or (None,)
        for unit in above:
            st.button(
                f"{escaped(unit.name)} ›",
                key=f"crumb_{unit.id}",
                type="tertiary",
                on_click=go,
                args=(page.address,),
                kwargs={"unit": unit.id},
            )
        if here is not None:
            st.html(f'<span class="crumb here" aria-current="page">{html.escape(here.name)}</span>', width="content")
        _draw_children(page)


def _draw_children(page: Page) -> None:
    names = {unit.id: unit.name for unit in page.children}
    if names:
        _select(
            page,
            "unit",
            ["", *names],
            "",
            lambda unit_id: names.get(unit_id, page.everything_below),
            page.t("Go to unit"),
            width=168,
        )


def _draw_period(page: Page) -> None:
    address, t = page.address, page.t
    names = period_choices(address.period, page.known.now, page.known.time_zone)
    _select(
        page,
        "period",
        names,
        address.period.name,
        lambda name: period_label(name, t),
        t("Period"),
        free=True,
        width=168,
    )


def _draw_as_of(page: Page) -> None:
    address, t, known = page.address, page.t, page.known
    _select(
        page,
        "as_of",
        as_of_choices(address.as_of_text),
        address.as_of_text,
        lambda text: as_of_label(text, address.period, known, t),
        t("As of"),
        width=264,
    )


def _draw_track(page: Page) -> None:
    names = {word.code: word.name(page.t.language) for word in page.company.vocabulary.words("tracks")}
    _select(
        page,
        "track",
        [EVERY, *page.known.tracks],
        page.address.track or EVERY,
        lambda code: track_label(code, names, page.t),
        page.t("Track"),
    )


def _draw_view(page: Page) -> None:
    _select(
        page,
        "view",
        [view.value for view in View],
        page.address.view.value,
        lambda view: view_label(view, page.t),
        page.t("View"),
    )


def _select(
    page: Page,
    parameter: str,
    options: Sequence[str],
    chosen: str,
    label: Callable[[str], str],
    title: str,
    *,
    free: bool = False,
    width: int = 132,
) -> None:
    """A choice whose value is the address's, not the widget's: the widget is set before it is drawn."""
    key = f"filter_{parameter}"
    st.session_state[key] = chosen
    st.selectbox(
        title,
        options,
        key=key,
        format_func=label,
        label_visibility="collapsed",
        width=width,
        accept_new_options=free,
        on_change=lambda: go(page.address, **{parameter: st.session_state[key] or ""}),
    )
