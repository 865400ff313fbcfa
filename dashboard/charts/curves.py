"""Time curves: which share of the cases had been finished after how long (1 − Kaplan–Meier)."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboard.theme import SMALL_SIZE, Palette, plotly_template

HEIGHT = 320
ROOM_FOR_NAME = 0.075


@dataclass(frozen=True)
class Line:
    """A curve with its name; ``shares`` are 0-1 after each time, from nothing at time 0."""

    name: str
    times: tuple[float, ...]
    shares: tuple[float, ...]


def curve_chart(lines: Sequence[Line], time_title: str, until: float, tones: Palette) -> go.Figure:
    """The curves as steps, each with its name at its end, on an axis from 0 to ``until``."""
    colours = (tones.ink, tones.accent, tones.bar, tones.muted)
    figure = go.Figure([_steps(line, until, colour) for line, colour in zip(lines, colours, strict=False)])
    ends = _apart([_end(line, until) for line in lines[: len(colours)]])
    for line, colour, height in zip(lines, colours, ends, strict=False):
        figure.add_annotation(_name(line, height, colour))
    figure.update_layout(
        template=plotly_template(tones.name),
        height=HEIGHT,
        margin={"t": 12, "r": 76, "b": 44},
        hovermode="x unified",
        xaxis={"range": [0, until], "title": {"text": time_title, "font": {"size": SMALL_SIZE}}, "showgrid": False},
        yaxis={"range": [0, 1.03], "tickformat": ".0%", "dtick": 0.25},
    )
    return figure


def _shown(line: Line, until: float) -> list[tuple[float, float]]:
    """The line's steps up to a time; one that has reached all cases stays there."""
    steps = [(0.0, 0.0), *((time, share) for time, share in zip(line.times, line.shares, strict=True) if time <= until)]
    return [*steps, (until, 1.0)] if steps[-1][1] == 1.0 else steps


def _steps(line: Line, until: float, colour: str) -> go.Scatter:
    shown = _shown(line, until)
    return go.Scatter(
        name=line.name,
        x=[time for time, _ in shown],
        y=[share for _, share in shown],
        mode="lines",
        line={"shape": "hv", "color": colour, "width": 2.5},
        hovertemplate="%{y:.0%}",
    )


def _end(line: Line, until: float) -> float:
    return _shown(line, until)[-1][1]


def _apart(heights: Sequence[float]) -> list[float]:
    """Heights near these, far enough apart for one name each."""
    placed: dict[int, float] = {}
    ceiling = 1.0 + ROOM_FOR_NAME
    for index in sorted(range(len(heights)), key=lambda index: -heights[index]):
        ceiling = placed[index] = min(heights[index], ceiling - ROOM_FOR_NAME)
    return [placed[index] for index in range(len(heights))]


def _name(line: Line, height: float, colour: str) -> go.layout.Annotation:
    return go.layout.Annotation(
        x=1,
        xref="paper",
        y=height,
        text=f" {line.name}",
        showarrow=False,
        xanchor="left",
        font={"size": SMALL_SIZE, "color": colour},
    )
