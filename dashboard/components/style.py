"""The pages' style sheet with the theme's colours."""

from functools import cache
from pathlib import Path

import streamlit as st

from dashboard.theme import Palette, style_variables

STYLE_SHEETS = tuple(Path(__file__).with_name(name) for name in ("page.css", "details.css"))


def draw_style(tones: Palette) -> None:
    """Nothing: gives the page its style."""
    st.html(f"<style>{_style(tones)}</style>")


@cache
def _style(tones: Palette) -> str:
    return style_variables(tones) + "".join(sheet.read_text(encoding="utf-8") for sheet in STYLE_SHEETS)
