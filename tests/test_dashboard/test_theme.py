"""One theme, said once."""

import tomllib
from pathlib import Path

import pytest

from dashboard.components.style import STYLE_SHEETS
from dashboard.theme import DARK, LIGHT, Palette, palette, plotly_template, streamlit_theme, style_variables

CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"
READABLE, VISIBLE = 4.5, 3.0


def test_streamlit_s_configuration_says_the_same_theme() -> None:
    assert tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"] == streamlit_theme()


@pytest.mark.parametrize("sheet", STYLE_SHEETS, ids=lambda sheet: sheet.name)
def test_no_style_sheet_holds_what_streamlit_takes_for_markup(sheet: Path) -> None:
    """It would drop all of them without a word."""
    assert "<" not in sheet.read_text(encoding="utf-8")


def luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("tones", [LIGHT, DARK], ids=lambda tones: tones.name)
def test_text_can_be_read_and_fills_can_be_seen(tones: Palette) -> None:
    for text in (tones.ink, tones.text, tones.muted):
        assert contrast(text, tones.ground) >= READABLE
        assert contrast(text, tones.card) >= READABLE
    assert contrast(tones.met_text, tones.met_tint) >= READABLE
    assert contrast(tones.near_text, tones.near_tint) >= READABLE
    assert contrast(tones.missed_text, tones.missed_tint) >= READABLE
    assert contrast(tones.muted, tones.few) >= READABLE
    assert all(contrast(fill, tones.card) >= VISIBLE for fill in (tones.met, tones.near, tones.missed, tones.accent))


def test_every_colour_and_size_is_a_property_of_the_style_sheet() -> None:
    style = style_variables(DARK)
    assert "--huiyin-met-tint: #17362F;" in style
    assert "--huiyin-size-figure: 2.4rem;" in style


def test_style_sheets_name_no_colours_of_their_own() -> None:
    folder = Path(__file__).parents[2] / "dashboard" / "components"
    assert not [path.name for path in folder.glob("*.css") if "#" in path.read_text(encoding="utf-8")]


def test_style_sheets_select_only_by_test_id_key_and_own_classes() -> None:
    folder = Path(__file__).parents[2] / "dashboard" / "components"
    assert not [path.name for path in folder.glob("*.css") if "emotion" in path.read_text(encoding="utf-8")]


def test_unknown_themes_are_light() -> None:
    assert palette(None) is LIGHT
    assert palette("dark") is DARK


def test_charts_start_at_nothing_that_can_be_dragged() -> None:
    layout = plotly_template("light").layout
    assert layout.dragmode is False
    assert layout.xaxis.fixedrange
    assert layout.yaxis.fixedrange
