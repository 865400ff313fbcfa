"""Units as an icicle: each as large as its staff, coloured by how far it is covered."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import plotly.graph_objects as go

from dashboard.theme import SMALL_SIZE, Palette, plotly_template

PIXELS_PER_STRIP = 32
"""Height of a middling strip: its neighbours may be half as large and still hold a line of text."""

FEW = 12
SMALLEST_HEIGHT = 150


class Cover(StrEnum):
    """How far a unit is covered: as wanted, in part, not at all, or nothing to say."""

    FULL = "full"
    PART = "part"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Strip:
    """A unit: ``size`` is its own staff without the units below it, which lie beside it.

    ``parent_id`` is empty where nothing lies to its left. ``hover`` is all that the strip stands for.
    """

    id: str
    parent_id: str
    label: str
    size: float
    cover: Cover
    hover: str


def icicle(strips: Sequence[Strip], tones: Palette) -> go.Figure:
    """The icicle; a click gives the unit's id. The order of the strips is kept."""
    figure = go.Figure(
        go.Icicle(
            ids=[strip.id for strip in strips],
            labels=[strip.label for strip in strips],
            parents=[strip.parent_id for strip in strips],
            values=[strip.size for strip in strips],
            hovertext=[strip.hover for strip in strips],
            hoverinfo="text",
            branchvalues="remainder",
            sort=False,
            tiling={"orientation": "h", "pad": 1},
            pathbar={"visible": False},
            root={"color": "rgba(0,0,0,0)"},
            leaf={"opacity": 1},
            textfont={"size": SMALL_SIZE, "color": [_text(strip.cover, tones) for strip in strips]},
            marker={"colors": [fill(strip.cover, tones) for strip in strips], "line": {"width": 0}},
        )
    )
    return figure.update_layout(
        template=plotly_template(tones.name),
        height=icicle_height(strips),
        uniformtext={"minsize": SMALL_SIZE - 2, "mode": "hide"},
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
    )


def icicle_height(strips: Sequence[Strip]) -> int:
    """Pixels: enough for a line of text on most units of the first column, and on the lowest where they are few."""
    parents = {strip.parent_id for strip in strips}
    rows = sum(not strip.parent_id for strip in strips)
    lowest = sum(strip.id not in parents for strip in strips)
    return max(max(rows, lowest if lowest <= FEW else 0) * PIXELS_PER_STRIP, SMALLEST_HEIGHT)


def fill(cover: Cover, tones: Palette) -> str:
    """The colour of a strip."""
    return {
        Cover.FULL: tones.met_tint,
        Cover.PART: tones.near_tint,
        Cover.NONE: tones.missed,
        Cover.UNKNOWN: tones.few,
    }[cover]


def _text(cover: Cover, tones: Palette) -> str:
    return {
        Cover.FULL: tones.met_text,
        Cover.PART: tones.near_text,
        Cover.NONE: tones.ground,
        Cover.UNKNOWN: tones.muted,
    }[cover]
