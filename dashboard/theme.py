"""Colours and type sizes, said once for Streamlit, the page's style sheet and Plotly."""

from dataclasses import asdict, dataclass
from functools import cache

import plotly.graph_objects as go

FONT_FAMILY = '"Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Segoe UI", sans-serif'
"""Fonts that a desk already has; nothing is fetched."""

BASE_SIZE, SMALL_SIZE, TITLE_SIZE, FIGURE_SIZE = 15, 13, 18, 36
"""Type sizes in pixels: body and chart text, notes, a card's title, a headline figure."""

RADIUS = "0.5rem"

SHAPES = {"met": "●", "near": "▲", "missed": "■"}
"""The shape that says a tone without its colour."""


@dataclass(frozen=True)
class Palette:
    """One theme's colours. Text on ground and on every tint has a contrast of at least 4.5:1."""

    name: str
    ground: str
    card: str
    soft: str
    ink: str
    text: str
    muted: str
    line: str
    accent: str
    accent_tint: str
    bar: str
    few: str
    met: str
    near: str
    missed: str
    met_tint: str
    near_tint: str
    missed_tint: str
    met_text: str
    near_text: str
    missed_text: str

    def tone(self, tone: str | None) -> str:
        """The fill of a bar with this tone; the colour of no concern where there is none."""
        return {"near": self.near, "missed": self.missed}.get(tone or "", self.bar)


LIGHT = Palette(
    name="light",
    ground="#FFFFFF",
    card="#FFFFFF",
    soft="#F4F7FA",
    ink="#17324D",
    text="#1B2733",
    muted="#5A6B7B",
    line="#DDE4EC",
    accent="#2F6FB0",
    accent_tint="#E9F0F8",
    bar="#8FA9C2",
    few="#F2F4F7",
    met="#1A7F6B",
    near="#B87400",
    missed="#B3362B",
    met_tint="#E4F1EF",
    near_tint="#FBF0DC",
    missed_tint="#F7DFDC",
    met_text="#14685A",
    near_text="#7D4F00",
    missed_text="#9A2A21",
)
DARK = Palette(
    name="dark",
    ground="#0F1A26",
    card="#152332",
    soft="#1B2B3C",
    ink="#EAF1F8",
    text="#DCE6EF",
    muted="#9DB0C2",
    line="#2B3E51",
    accent="#7FB3E6",
    accent_tint="#1E364E",
    bar="#5C7C9B",
    few="#22303F",
    met="#4DBFA6",
    near="#E3A23C",
    missed="#E8796D",
    met_tint="#17362F",
    near_tint="#3B2E14",
    missed_tint="#45221F",
    met_text="#7FD8C4",
    near_text="#F0BC6A",
    missed_text="#F5A79E",
)


def palette(name: str | None) -> Palette:
    """The palette of a theme; the light one for any name but ``dark``."""
    return DARK if name == "dark" else LIGHT


def streamlit_theme() -> dict[str, object]:
    """The [theme] section of .streamlit/config.toml, which can't import it; a test holds them equal."""
    shared = {
        "font": FONT_FAMILY,
        "baseFontSize": BASE_SIZE,
        "baseRadius": RADIUS,
        "buttonRadius": RADIUS,
        "showWidgetBorder": True,
    }
    return shared | {tones.name: _streamlit_colours(tones) for tones in (LIGHT, DARK)}


def _streamlit_colours(tones: Palette) -> dict[str, str]:
    return {
        "primaryColor": tones.accent,
        "backgroundColor": tones.ground,
        "secondaryBackgroundColor": tones.soft,
        "textColor": tones.text,
        "linkColor": tones.accent,
        "borderColor": tones.line,
        "dataframeBorderColor": tones.line,
        "dataframeHeaderBackgroundColor": tones.soft,
    }


def style_variables(tones: Palette) -> str:
    """The palette and sizes as CSS custom properties named ``--huiyin-…``."""
    colours = {name: value for name, value in asdict(tones).items() if name != "name"}
    sizes = {"small": SMALL_SIZE, "title": TITLE_SIZE, "figure": FIGURE_SIZE}
    properties = [f"--huiyin-{name.replace('_', '-')}: {value};" for name, value in colours.items()]
    properties += [f"--huiyin-size-{name}: {value / BASE_SIZE:.4g}rem;" for name, value in sizes.items()]
    return f":root {{ color-scheme: {tones.name}; {' '.join(properties)} }}"


@cache
def plotly_template(name: str) -> go.layout.Template:
    """The template of every chart: our fonts, no grid but the value axis, honest zero, nothing to drag."""
    tones = palette(name)
    text = {"family": FONT_FAMILY, "size": BASE_SIZE, "color": tones.text}
    axis = {
        "fixedrange": True,
        "tickfont": text | {"size": SMALL_SIZE},
        "linecolor": tones.line,
        "gridcolor": tones.line,
        "zerolinecolor": tones.line,
        "automargin": True,
    }
    return go.layout.Template(
        layout={
            "font": text,
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": axis,
            "yaxis": axis,
            "dragmode": False,
            "showlegend": False,
            "bargap": 0.35,
            "hoverlabel": {"bgcolor": tones.card, "bordercolor": tones.line, "font": text},
            "colorway": [tones.accent, tones.missed, tones.near, tones.met],
        }
    )
