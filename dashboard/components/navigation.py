"""The top bar: the product's name, the pages, the language, who is looking."""

from contextlib import nullcontext
from dataclasses import dataclass
from html import escape

import streamlit as st

from dashboard.access import Viewer
from dashboard.address import Address
from dashboard.i18n import LANGUAGES, NAMES_OF_LANGUAGES, Translator, message
from dashboard.state import go


@dataclass(frozen=True)
class Entry:
    """A page of the top bar: its name in links and files, and its title as a message."""

    name: str
    title: str

    @property
    def path(self) -> str:
        """The page's script, relative to the app."""
        return f"app_pages/{self.name}.py"


ENTRIES = (
    Entry("overview", message("Overview")),
    Entry("cases", message("Cases")),
    Entry("coverage", message("Coverage")),
    Entry("duties", message("Duties")),
    Entry("unit", message("Unit")),
    Entry("definitions", message("Definitions")),
    Entry("data", message("Data")),
)


def pages(t: Translator) -> list[st.Page]:
    """The pages that the router knows; the first one is at the root."""
    product = t("Huiyin")
    return [
        st.Page(entry.path, title=f"{t(entry.title)} · {product}", url_path=entry.name, default=index == 0)
        for index, entry in enumerate(ENTRIES)
    ]


def draw_navigation(address: Address, viewer: Viewer, current: str, t: Translator) -> None:
    """Nothing: draws the top bar; every link carries the filters."""
    with st.container(key="navigation", horizontal=True, vertical_alignment="center", gap="small"):
        st.html('<div class="brand" lang="zh">回音 <span lang="en">Huiyin</span></div>', width="content")
        with st.container(key="pages", horizontal=True, gap=None, wrap=False):
            for entry in ENTRIES:
                with st.container(key="page_here", width="content") if entry.name == current else nullcontext():
                    st.page_link(entry.path, label=t(entry.title), query_params=address.filters())
        if viewer.local:
            note = t("Local mode · {name}", name=viewer.name)
            st.html(f'<span class="local-mode">{escape(note)}</span>', width="content")
        with st.container(key="languages", horizontal=True, gap=None, width="content", wrap=False):
            _draw_languages(address)


def _draw_languages(address: Address) -> None:
    for language in LANGUAGES:
        st.button(
            NAMES_OF_LANGUAGES[language],
            key=f"language_{language}",
            type="tertiary",
            disabled=language == address.language,
            on_click=go,
            args=(address,),
            kwargs={"lang": language},
        )


def link(page: str, label: str, address: Address, **parameters: str) -> None:
    """Nothing: draws a link to another page with the same filters."""
    st.page_link(f"app_pages/{page}.py", label=label, query_params=address.filters(**parameters))
