"""A choice among a few, kept in the address."""

from collections.abc import Mapping

import streamlit as st

from dashboard.components.context import Page


def draw_choice(page: Page, parameter: str, labels: Mapping[str, str], title: str) -> str:
    """The chosen code; a link that names none of them gets the first. ``title`` is for screen readers."""
    chosen = page.option(parameter, *labels)
    key = f"choice_{parameter}"
    st.session_state[key] = chosen
    st.segmented_control(
        title,
        list(labels),
        key=key,
        format_func=lambda code: labels[code],
        label_visibility="collapsed",
        on_change=lambda: page.choose(**{parameter: st.session_state[key] or chosen}),
    )
    return chosen


def draw_search(page: Page, title: str) -> str:
    """The text searched for, "" for none; it is kept in the address."""
    key = "choice_search"
    st.session_state[key] = page.option("search")
    st.text_input(
        title,
        key=key,
        placeholder=title,
        label_visibility="collapsed",
        icon=":material/search:",
        on_change=lambda: page.choose(search=st.session_state[key].strip()),
    )
    return page.option("search")
