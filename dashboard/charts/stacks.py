"""Stacked horizontal bars of two kinds of case: those in time and those overdue."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboard.charts.bars import FRAME_HEIGHT, ROOM_FOR_TEXT, ROW_HEIGHT
from dashboard.theme import SMALL_SIZE, Palette, plotly_template


@dataclass(frozen=True)
class Stack:
    """A row: the grave part first, then the rest; the text behind it says both."""

    label: str
    grave: float
    rest: float
    text: str
    chosen: str = ""


def stack_chart(stacks: Sequence[Stack], names: tuple[str, str], tones: Palette) -> go.Figure:
    """The rows from top to bottom; ``names`` say what the grave part and the rest are."""
    longest = max((stack.grave + stack.rest for stack in stacks), default=0.0) or 1.0
    parts = (
        (names[0], [stack.grave for stack in stacks], tones.missed, ""),
        (names[1], [stack.rest for stack in stacks], tones.bar, "outside"),
    )
    figure = go.Figure([_part(stacks, *part, tones) for part in parts])
    figure.update_layout(
        template=plotly_template(tones.name),
        barmode="stack",
        height=ROW_HEIGHT * len(stacks) + FRAME_HEIGHT,
        margin={"t": 26, "b": 4},
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "font": {"size": SMALL_SIZE}},
        xaxis={"range": [0, longest * ROOM_FOR_TEXT], "visible": False},
        yaxis={
            "tickvals": list(range(len(stacks))),
            "ticktext": [stack.label for stack in stacks],
            "autorange": "reversed",
            "ticks": "",
            "showgrid": False,
        },
    )
    return figure


def _part(
    stacks: Sequence[Stack], name: str, lengths: Sequence[float], colour: str, position: str, tones: Palette
) -> go.Bar:
    return go.Bar(
        name=name,
        orientation="h",
        x=list(lengths),
        y=list(range(len(stacks))),
        text=[stack.text for stack in stacks] if position else None,
        textposition=position or "none",
        textfont={"color": tones.text},
        cliponaxis=False,
        marker={"color": colour},
        customdata=[[stack.chosen] for stack in stacks],
        hovertext=[f"{stack.label} {stack.text}" for stack in stacks],
        hoverinfo="text",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )
