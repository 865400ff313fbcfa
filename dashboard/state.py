"""The address in the browser's bar: read it, keep it whole, change it."""

import streamlit as st

from dashboard.address import Address, Known, Problem, read_address
from dashboard.i18n import LANGUAGES, Translator, language_of
from dashboard.theme import Palette, palette


def current_address(known: Known) -> tuple[Address, tuple[Problem, ...]]:
    """The address that the link gives and what of it couldn't be used; the bar then shows it in full."""
    address, problems = read_address(st.query_params.to_dict(), known)
    parameters = address.parameters()
    if st.query_params.to_dict() != parameters:
        st.query_params.from_dict(parameters)
    return address, problems


def go(address: Address, **changes: str) -> None:
    """Nothing: the bar shows the address with some parameters changed; Back leads to what it showed before.

    For use in callbacks, which run before the page does. The page of a list starts anew.
    """
    st.query_params.from_dict(address.parameters(**({"page": ""} | changes)))


def browser_locale() -> str | None:
    """The browser's locale, None where it doesn't tell."""
    return st.context.locale


def current_translator() -> Translator:
    """The words in the link's language, or the browser's where the link has none."""
    given = st.query_params.get("lang", "")
    return Translator(given if given in LANGUAGES else language_of(browser_locale()))


def current_palette() -> Palette:
    """The colours of the theme that the browser shows."""
    return palette(st.context.theme.type)
