"""Stacked horizontal bars of two kinds of case: those in time and those overdue."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboard.charts.bars import CHOOSABLE, lay_out_rows
from dashboard.theme import SMALL_SIZE, Palette


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
    grave = _part(stacks, names[0], [stack.grave for stack in stacks], tones.missed)
    rest = _part(stacks, names[1], [stack.rest for stack in stacks], tones.bar)
    figure = go.Figure([grave, rest])
    lay_out_rows(figure, [stack.label for stack in stacks], [stack.text for stack in stacks], longest, tones)
    figure.data[-1].showlegend = False
    figure.update_layout(
        barmode="stack",
        margin={"t": 28, "b": 4},
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1,
            "yanchor": "bottom",
            "traceorder": "normal",
            "font": {"size": SMALL_SIZE},
            "itemclick": False,
            "itemdoubleclick": False,
        },
    )
    return figure


def _part(stacks: Sequence[Stack], name: str, lengths: Sequence[float], colour: str) -> go.Bar:
    return go.Bar(
        name=name,
        orientation="h",
        x=list(lengths),
        y=list(range(len(stacks))),
        marker={"color": colour},
        customdata=[[stack.chosen] for stack in stacks],
        hovertext=[f"{stack.label} {stack.text}" for stack in stacks],
        **CHOOSABLE,
    )
