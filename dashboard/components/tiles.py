"""The tiles of headline figures."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from dashboard.address import Address
from dashboard.charts.sparkline import sparkline
from dashboard.components.answers import headlines
from dashboard.components.context import Page
from dashboard.components.kept import kept
from dashboard.components.navigation import link
from dashboard.presenters.tiles import Comparison, Tile, present_tile
from dashboard.theme import Palette
from metrics.definition import Indicator


def draw_headlines(page: Page, indicators: Sequence[Indicator]) -> None:
    """Nothing: draws a tile for each of the indicators that fit the page's unit."""

    def tiles() -> tuple[Tile, ...]:
        return tuple(present_tile(headline, page.t) for headline in headlines(page, indicators))

    draw_tiles(kept(page, "tiles", tiles), page.address, page.tones)


def draw_tiles(tiles: Sequence[Tile], address: Address, tones: Palette) -> None:
    """Nothing: draws the tiles in a grid; a tile's name leads to its definition."""
    columns = 5 if len(tiles) % 5 == 0 else 4
    with st.container(key=f"tiles_{columns}"):
        for tile in tiles:
            with st.container(key=f"tile_{tile.tone}_{tile.indicator_id}"):
                link("definitions", tile.name, address, indicator=tile.indicator_id)
                st.html(tile_markup(tile, tones))


def tile_markup(tile: Tile, tones: Palette) -> str:
    """The tile's body as HTML, every text escaped."""
    return (
        f'<div class="tile">{_value(tile)}'
        f'<div class="line">{_judgement(tile)}<span>{escape(tile.target)}</span>'
        f"<span>{escape(tile.counts)}</span></div>"
        f'<img alt="{escape(tile.trend_label)}" src="{sparkline(tile.trend, tile.trend_target, tones)}">'
        f'<div class="line"><span>{_comparison(tile.last_period)} &ensp; {_comparison(tile.year_before)}</span>'
        f"<b>{escape(tile.gap)}</b></div>"
        f'<div class="notes">{escape(tile.reason)}</div>'
        f'<div class="notes">{" · ".join(f"<span>{escape(text)}</span>" for text in tile.beside)}</div></div>'
    )


def _value(tile: Tile) -> str:
    if tile.number is None:
        return f'<div class="value words">{escape(tile.words)}</div>'
    return f'<div class="value">{escape(tile.number.number)}<small>{escape(tile.number.unit)}</small></div>'


def _judgement(tile: Tile) -> str:
    return f'<span class="{escape(tile.tone)}">{escape(tile.judgement)}</span>' if tile.judgement else ""


def _comparison(comparison: Comparison) -> str:
    return f'<span title="{escape(comparison.full)}">{escape(comparison.text)}</span>'
