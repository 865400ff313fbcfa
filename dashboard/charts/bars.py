"""Horizontal bars: sorted, zero-based, the value written on each, the target as a thin named line."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboard.theme import SMALL_SIZE, Palette, plotly_template

ROW_HEIGHT, FRAME_HEIGHT = 27, 44
ROOM_FOR_TEXT = 1.22
"""How much longer than the longest bar the axis is, so that the texts behind the bars have room."""


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
    """The bars from top to bottom in the order given."""
    longest = max([bar.value or 0.0 for bar in bars] + ([target.value] if target else []), default=0.0) or 1.0
    figure = go.Figure(
        go.Bar(
            orientation="h",
            x=[bar.value or 0.0 for bar in bars],
            y=list(range(len(bars))),
            text=[bar.text for bar in bars],
            textposition="outside",
            textfont={"color": tones.text},
            cliponaxis=False,
            marker={"color": [tones.tone(bar.tone) for bar in bars], "cornerradius": 3},
            customdata=[[bar.chosen] for bar in bars],
            hovertext=[bar.note or f"{bar.label} {bar.text}" for bar in bars],
            hoverinfo="text",
            # A chosen bar must not fade the others: the choice leads away from the page.
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )
    )
    figure.update_layout(
        template=plotly_template(tones.name),
        height=ROW_HEIGHT * len(bars) + FRAME_HEIGHT,
        margin={"t": 4, "b": 26 if target else 4},
        xaxis={"range": [0, longest * ROOM_FOR_TEXT], "visible": False},
        yaxis={
            "tickvals": list(range(len(bars))),
            "ticktext": [bar.label for bar in bars],
            "autorange": "reversed",
            "ticks": "",
            "showgrid": False,
        },
    )
    if target is not None:
        _add_target(figure, target, tones)
    return figure


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
