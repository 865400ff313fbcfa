"""The company as an icicle: each unit as large as its staff, coloured by how it stands."""

from dataclasses import dataclass

import plotly.graph_objects as go

from dashboard.theme import BASE_SIZE, SMALL_SIZE, Palette, plotly_template

PIXELS_PER_STRIP = 15
SMALLEST_HEIGHT, LARGEST_HEIGHT = 280, 960


@dataclass(frozen=True)
class Strip:
    """A unit: ``size`` is its own staff without the units below it; ``tone`` is met, near, missed, few or plain.

    ``parent_id`` is empty for the root. ``label`` is written on it, ``hover`` is all that it stands for.
    """

    id: str
    parent_id: str
    label: str
    size: float
    tone: str
    hover: str


def icicle(strips: tuple[Strip, ...], tones: Palette) -> go.Figure:
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
            textfont={"size": BASE_SIZE, "color": [_text_colour(strip.tone, tones) for strip in strips]},
            marker={
                "colors": [_fill(strip.tone, tones) for strip in strips],
                "line": {"width": 1, "color": tones.ground},
            },
        )
    )
    return figure.update_layout(
        template=plotly_template(tones.name),
        height=icicle_height(strips),
        uniformtext={"minsize": SMALL_SIZE - 2, "mode": "hide"},
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
    )


def icicle_height(strips: tuple[Strip, ...]) -> int:
    """Pixels: enough for a line of text on each unit below the root, within what a screen can hold."""
    root = strips[0].id if strips else ""
    rows = sum(strip.parent_id == root for strip in strips)
    return min(max(rows * PIXELS_PER_STRIP, SMALLEST_HEIGHT), LARGEST_HEIGHT)


def _fill(tone: str, tones: Palette) -> str:
    fills = {"met": tones.met_tint, "near": tones.near_tint, "missed": tones.missed, "few": tones.few}
    return fills.get(tone, tones.soft)


def _text_colour(tone: str, tones: Palette) -> str:
    return {"missed": tones.ground, "met": tones.met_text, "near": tones.near_text}.get(tone, tones.text)
