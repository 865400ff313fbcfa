"""A chart with its title, its data as a table and its data as a file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard.i18n import Translator
from dashboard.presenters.tables import DataTable

ROWS_LISTED = 50
"""So many rows of a long list are shown; the file holds all of them."""

CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}


@dataclass(frozen=True)
class Charted:
    """A chart with what it says to those who can't see it, and its data. ``rows`` are those of the whole chart."""

    figure: Any
    alt: str
    data: DataTable
    rows: int


def draw_charted(made: Charted, key: str, t: Translator) -> None:
    """Nothing: draws a chart of which no part can be chosen, and offers its data."""
    draw_chart(made.figure, key, made.alt)
    draw_data(made.data, f"{key}_data", t)


def draw_chart(
    figure: Any,  # noqa: ANN401 - a plotly figure, which components don't know
    key: str,
    alt: str,
    on_choose: Callable[[str], None] | None = None,
) -> None:
    """Nothing: draws the figure; ``on_choose`` gets the ``customdata`` (or id) of the clicked bar or point."""
    if on_choose is None:
        st.plotly_chart(figure, key=key, theme=None, config=CONFIG, alt=alt)
        return
    st.plotly_chart(
        figure,
        key=key,
        theme=None,
        config=CONFIG,
        alt=alt,
        selection_mode="points",
        on_select=lambda: _choose(key, on_choose),
    )


def draw_data(table: DataTable, key: str, t: Translator, on_choose: Callable[[str], None] | None = None) -> None:
    """Nothing: offers a chart's data as a table and as a CSV file; a chosen row leads to its unit."""
    with st.expander(t("Data as a table"), key=f"{key}_expander"):
        draw_table(table, f"{key}_table", on_choose)
        draw_download(table, f"{key}_csv", t)


def draw_table(table: DataTable, key: str, on_choose: Callable[[str], None] | None = None) -> None:
    """Nothing: a table of rows; where the rows are units, choosing one calls ``on_choose`` with its id."""
    if on_choose is None or not table.unit_ids:
        st.dataframe(table.frame, key=key, hide_index=True)
        return
    st.dataframe(
        table.frame,
        key=key,
        hide_index=True,
        selection_mode="single-row",
        on_select=lambda: _choose_row(key, table.unit_ids, on_choose),
    )


def draw_list(
    first: DataTable,
    total: int,
    whole: Callable[[], DataTable],
    key: str,
    t: Translator,
    on_choose: Callable[[str], None],
) -> None:
    """Nothing: the first rows of a long list, how many there are, and the ``whole`` list as a file if it is wanted."""
    draw_table(first, key, on_choose)
    if total > len(first.rows):
        st.caption(t("The first {count} of {total}; the file holds all of them.", count=len(first.rows), total=total))
    _draw_file(first.file_name, lambda: whole().csv(), f"{key}_csv", t)


def draw_download(table: DataTable, key: str, t: Translator) -> None:
    """Nothing: a button that saves the rows as a CSV file, made when it is wanted, which spreadsheets open as it is."""
    _draw_file(table.file_name, table.csv, key, t)


def _draw_file(name: str, text: Callable[[], str], key: str, t: Translator) -> None:
    st.download_button(
        t("Save as CSV"),
        text,
        file_name=f"{name}.csv",
        mime="text/csv",
        key=key,
        on_click="ignore",
        icon=":material/download:",
    )


def _choose(key: str, on_choose: Callable[[str], None]) -> None:
    points: list[Mapping[str, Any]] = st.session_state[key]["selection"]["points"]
    if points and (chosen := _meant(points[0])):
        on_choose(chosen)


def _meant(point: Mapping[str, Any]) -> str:
    """What a chosen point stands for: its own data, or the id of a part of an icicle; "" for nothing."""
    data = point.get("customdata")
    own = data[0] if isinstance(data, list | tuple) and data else data
    return str(own or point.get("id") or "")


def _choose_row(key: str, unit_ids: tuple[str, ...], on_choose: Callable[[str], None]) -> None:
    rows: list[int] = st.session_state[key]["selection"]["rows"]
    if rows and rows[0] < len(unit_ids) and unit_ids[rows[0]]:
        on_choose(unit_ids[rows[0]])


def draw_nothing(t: Translator, text: str = "") -> None:
    """Nothing: says that there is nothing to show."""
    st.caption(text or t("There is nothing to count in this period."))
