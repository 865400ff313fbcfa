"""Long charts: the first rows, and the rest on demand."""

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

from dashboard.components.context import Page

ROWS_AT_FIRST = 15
ALL, FIRST = "all", "first"

Row = TypeVar("Row")


def first_rows(page: Page, rows: Sequence[Row]) -> Sequence[Row]:
    """The rows to be shown: the first ones, or all where the address asks for them."""
    return rows if page.option("show", FIRST, ALL) == ALL else rows[:ROWS_AT_FIRST]


def draw_rest(page: Page, key: str, rows: int) -> None:
    """Nothing: where there are more rows, a button that shows all of them, or the first ones again."""
    if rows <= ROWS_AT_FIRST:
        return
    every = page.option("show", FIRST, ALL) == ALL
    label = page.t("Show the first {count}", count=ROWS_AT_FIRST) if every else page.t("Show all {count}", count=rows)
    st.button(
        label,
        key=f"{key}_rest",
        type="tertiary",
        on_click=page.choose,
        kwargs={"show": "" if every else ALL},
    )
