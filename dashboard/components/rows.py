"""Long charts: the first rows, and the rest on demand."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

from dashboard.components.chart import Charted, draw_chart, draw_data
from dashboard.components.context import Page

ROWS_AT_FIRST = 15
ALL, FIRST = "all", "first"

Row = TypeVar("Row")


def first_rows(page: Page, rows: Sequence[Row]) -> Sequence[Row]:
    """The rows to be shown: the first ones, or all where the address asks for them."""
    return rows if page.option("show", FIRST, ALL) == ALL else rows[:ROWS_AT_FIRST]


def draw_rows_charted(page: Page, made: Charted, key: str, on_choose: Callable[[str], None]) -> None:
    """Nothing: draws a chart of rows that can be chosen, the button for its other rows, and its data."""
    draw_chart(made.figure, key, made.alt, on_choose)
    draw_rest(page, key, made.rows)
    draw_data(made.data, f"{key}_data", page.t, on_choose)


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
