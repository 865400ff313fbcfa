"""The heat table: units × indicators, a real HTML table in which every cell can be clicked or reached by keys."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.components.script import script

STYLES = Path(__file__).with_suffix(".css")


def draw_heat_table(
    payload: Mapping[str, object], key: str, on_choose: Callable[[str, str], None], on_sort: Callable[[str], None]
) -> None:
    """Nothing: draws a ``HeatTable.payload``; ``on_choose(unit_id, indicator_id)`` gets the place, "" for a row's name.

    The callbacks run before the page does, so they should write the address.
    """
    _component()(
        key=key,
        data=payload,
        on_chosen_change=lambda: _chosen(key, on_choose),
        on_sorted_change=lambda: _sorted(key, on_sort),
    )


@cache
def _component() -> Callable[..., Any]:
    return st.components.v2.component(
        "huiyin_heat_table",
        html='<div class="heat"></div>',
        css=STYLES.read_text(encoding="utf-8"),
        js=script("heat_table"),
    )


def _chosen(key: str, on_choose: Callable[[str, str], None]) -> None:
    chosen = st.session_state[key].get("chosen")
    if isinstance(chosen, dict) and isinstance(chosen.get("unit"), str):
        on_choose(chosen["unit"], str(chosen.get("indicator") or ""))


def _sorted(key: str, on_sort: Callable[[str], None]) -> None:
    indicator = st.session_state[key].get("sorted")
    if isinstance(indicator, str):
        on_sort(indicator)
