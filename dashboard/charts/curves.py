"""Time curves: which share of the cases had been finished after how long (1 − Kaplan–Meier)."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboard.theme import SMALL_SIZE, Palette, plotly_template

HEIGHT = 320
HEIGHTS_OF_NAMES = (0.85, 0.65, 0.45, 0.3, 0.15)


@dataclass(frozen=True)
class Line:
    """A curve with its name; ``shares`` are 0-1 after each time, from nothing at time 0."""

    name: str
    times: tuple[float, ...]
    shares: tuple[float, ...]


def curve_chart(lines: Sequence[Line], time_title: str, until: float, tones: Palette) -> go.Figure:
    """The curves as steps, each with its name at its end, on an axis from 0 to ``until``."""
    colours = (tones.missed, tones.near, tones.accent, tones.met, tones.muted)
    figure = go.Figure()
    for line, colour, height in zip(lines, colours, HEIGHTS_OF_NAMES, strict=False):
        figure.add_trace(_steps(line, until, colour))
        figure.add_annotation(_name_of(line, height, colour))
    figure.update_layout(
        template=plotly_template(tones.name),
        height=HEIGHT,
        margin={"t": 12, "r": 16, "b": 40},
        hovermode="x unified",
        xaxis={"range": [0, until], "title": {"text": time_title, "font": {"size": SMALL_SIZE}}, "showgrid": False},
        yaxis={"range": [0, 1.02], "tickformat": ".0%", "dtick": 0.25},
    )
    return figure


def _steps(line: Line, until: float, colour: str) -> go.Scatter:
    places = [
        (0.0, 0.0),
        *((time, share) for time, share in zip(line.times, line.shares, strict=True) if time <= until),
    ]
    return go.Scatter(
        name=line.name,
        x=[time for time, _ in places],
        y=[share for _, share in places],
        mode="lines",
        line={"shape": "hv", "color": colour, "width": 2.5},
        hovertemplate="%{y:.0%}",
    )


def _name_of(line: Line, height: float, colour: str) -> go.layout.Annotation:
    """The line's name where it reaches a height; each line is named at another one, so that names stay apart."""
    time = next((time for time, share in zip(line.times, line.shares, strict=True) if share >= height), 0.0)
    return go.layout.Annotation(
        x=time,
        y=height,
        text=f" {line.name}",
        showarrow=False,
        xanchor="left",
        font={"size": SMALL_SIZE, "color": colour},
    )
