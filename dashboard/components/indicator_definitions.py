"""Definitions: the list to choose from, and one definition in full."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from dashboard.address import Problem
from dashboard.components.card import card
from dashboard.components.choice import draw_search
from dashboard.components.context import Page
from dashboard.components.messages import draw_problems
from dashboard.components.navigation import link
from dashboard.presenters.definitions import Definition, Line, is_about, present_definition
from metrics.definition import Indicator


def draw_indicators(page: Page) -> None:
    """Nothing: draws the indicator that the address names, or the list of all that match the search."""
    registry, name = page.company.registry, page.option("indicator")
    indicator = registry.get(name)
    if indicator is not None:
        st.button(
            page.t("All indicators"),
            key="all_indicators",
            icon=":material/arrow_back:",
            on_click=_to_list,
            args=(page,),
        )
        companions = [registry[companion] for companion in indicator.companions]
        draw_definition(present_definition(indicator, companions, page.company.vocabulary, page.t), page)
        return
    if name:
        draw_problems([Problem("indicator", name)], page.t)
    _draw_matches(page, draw_search(page, page.t("Search names and texts")))


def _to_list(page: Page) -> None:
    page.choose(indicator="")


def _draw_matches(page: Page, text: str) -> None:
    families = [
        (family, [indicator for indicator in indicators if is_about(indicator, text)])
        for family, indicators in page.company.registry.families()
    ]
    found = [(family, indicators) for family, indicators in families if indicators]
    if not found:
        st.info(page.t("No indicator holds these words."))
    draw_list(page, found)


def draw_list(page: Page, families: Sequence[tuple[str, Sequence[Indicator]]]) -> None:
    """Nothing: draws the indicators by family; a name leads to its definition."""
    for family, indicators in families:
        name = page.company.vocabulary.name("families", family, page.t.language)
        with card(f"family_{family}", name), st.container(key=f"definitions_{family}"):
            for indicator in indicators:
                _draw_entry(page, indicator)


def _draw_entry(page: Page, indicator: Indicator) -> None:
    texts = indicator.text(page.t.language)
    with st.container(key=f"entry_{indicator.id}", gap=None):
        link("definitions", texts.name, page.address, indicator=indicator.id)
        st.html(f'<p class="entry">{escape(texts.meaning)}</p>')


def draw_definition(definition: Definition, page: Page) -> None:
    """Nothing: draws one definition in full."""
    with card("definition", definition.name, f"{definition.family} · {definition.id}"):
        st.html(definition_markup(definition))
        if definition.companions:
            heading = page.t("Look at these too")
            st.html(f'<h3 class="part">{escape(heading)}</h3>')
            with st.container(key="companions", horizontal=True):
                for indicator_id, name in definition.companions:
                    link("definitions", name, page.address, indicator=indicator_id)


def definition_markup(definition: Definition) -> str:
    """The definition's texts, formula and facts as HTML, every text escaped."""
    formula = f'<p class="formula"><code>{escape(definition.formula)}</code></p>'
    return f'<div class="definition"><div>{_texts(definition.texts)}{formula}</div>{_facts(definition.facts)}</div>'


def _texts(lines: Sequence[Line]) -> str:
    return "".join(f'<h3 class="part">{escape(line.heading)}</h3><p>{escape(line.text)}</p>' for line in lines)


def _facts(lines: Sequence[Line]) -> str:
    rows = "".join(f"<dt>{escape(line.heading)}</dt><dd>{escape(line.text)}</dd>" for line in lines)
    return f'<dl class="facts">{rows}</dl>'
