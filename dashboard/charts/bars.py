"""Horizontal bars: sorted, zero-based, the value written on each, the target as a thin named line."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil
from typing import Any

import plotly.graph_objects as go

from dashboard.theme import SMALL_SIZE, Palette, plotly_template

ROW_HEIGHT, FRAME_HEIGHT = 27, 44
WIDEST_LABEL = 22
WIDTHS_OF_LETTERS = {
    char: width
    for chars, width in ((" ,.;:'|/()!·-fijlrtI", 0.36), ("ABCDEFGHJKLNOPQRSTUVXYZ", 0.78), ("MWmw%&", 0.95))
    for char in chars
}
LATIN_WIDTH = 0.58
"""Of the height of the type, nearly at most; a Chinese character, and any other, is as wide as it is high."""

APART = 10
"""Pixels between a text and its row, the blank that is part of the text included."""

CLEAR = "rgba(0,0,0,0)"

CHOOSABLE: dict[str, Any] = {
    "hoverinfo": "text",
    "selected": {"marker": {"opacity": 1}},
    "unselected": {"marker": {"opacity": 1}},
}
"""A chosen bar must not fade the others: the choice leads away from the page."""


@dataclass(frozen=True)
class Bar:
    """A bar: its label, length and the text behind it.

    ``value`` is None where there is none, and the text says why. ``chosen`` is what a click on it means.
    """

    label: str
    value: float | None
    text: str
    tone: str | None = None
    chosen: str = ""
    note: str = ""


@dataclass(frozen=True)
class TargetLine:
    """A target and its name, as it stands at the line's end."""

    value: float
    name: str


def bar_chart(bars: Sequence[Bar], tones: Palette, target: TargetLine | None = None) -> go.Figure:
    """The bars from top to bottom in the order given, their texts in a column at the right."""
    longest = max([bar.value or 0.0 for bar in bars] + ([target.value] if target else []), default=0.0) or 1.0
    figure = go.Figure(
        go.Bar(
            orientation="h",
            x=[bar.value or 0.0 for bar in bars],
            y=list(range(len(bars))),
            marker={"color": [tones.tone(bar.tone) for bar in bars], "cornerradius": 3},
            customdata=[[bar.chosen] for bar in bars],
            hovertext=[bar.note or f"{bar.label} {bar.text}" for bar in bars],
            **CHOOSABLE,
        )
    )
    lay_out_rows(figure, [bar.label for bar in bars], [bar.text for bar in bars], longest, tones)
    if target is not None:
        _add_target(figure, target, tones)
    return figure


def lay_out_rows(
    figure: go.Figure, labels: Sequence[str], texts: Sequence[str], longest: float, tones: Palette
) -> None:
    """Nothing: gives the figure of horizontal bars a label at the left and a text at the right of each row.

    Their room is worked out here: the browser would draw the chart several times to find it, and cut what it has none
    for on a phone.
    """
    names = [_shortened(label) for label in labels]
    rows = {
        "range": [len(labels) - 0.5, -0.5],
        "tickvals": list(range(len(labels))),
        "ticks": "",
        "showgrid": False,
        "zeroline": False,
        "automargin": False,
    }
    # The second axis needs something to belong to, or it isn't drawn.
    figure.add_trace(go.Scatter(x=[0], y=[0], yaxis="y2", mode="markers", marker={"opacity": 0}, hoverinfo="skip"))
    figure.update_layout(
        template=plotly_template(tones.name),
        height=ROW_HEIGHT * len(labels) + FRAME_HEIGHT,
        margin={"t": 4, "b": 26, "l": _room_for(names), "r": _room_for(texts)},
        xaxis={"range": [0, longest * 1.02], "visible": False},
        yaxis=rows | {"ticktext": names, "ticksuffix": " "},
        yaxis2=rows
        | {"ticktext": [f" {text}" for text in texts], "overlaying": "y", "side": "right", "linecolor": CLEAR}
        | {"tickfont": {"size": SMALL_SIZE, "color": tones.text}, "fixedrange": True},
    )


def _room_for(texts: Sequence[str]) -> int:
    """Pixels beside the bars that hold the widest of the texts; next to nothing where all are empty."""
    widest = max((sum(map(_width, text)) for text in texts), default=0.0)
    return ceil(widest * SMALL_SIZE) + APART


def _width(char: str) -> float:
    return WIDTHS_OF_LETTERS.get(char, LATIN_WIDTH if char.isascii() else 1.0)


def _shortened(label: str) -> str:
    """The label, cut where it would take a phone's whole width; a Chinese character is as wide as two letters."""
    widths = accumulate(1 if char.isascii() else 2 for char in label)
    fitting = sum(width <= WIDEST_LABEL for width in widths)
    return label if fitting == len(label) else f"{label[: fitting - 1]}…"


def _add_target(figure: go.Figure, target: TargetLine, tones: Palette) -> None:
    figure.add_vline(x=target.value, line={"color": tones.ink, "width": 1, "dash": "dash"}, layer="above")
    figure.add_annotation(
        x=target.value,
        y=0,
        yref="paper",
        yanchor="top",
        text=target.name,
        showarrow=False,
        font={"size": SMALL_SIZE, "color": tones.ink},
    )
