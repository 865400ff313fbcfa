"""The tiles of headline figures."""

from collections.abc import Iterable
from html import escape

import streamlit as st

from dashboard.address import Address
from dashboard.charts.sparkline import sparkline
from dashboard.components.navigation import link
from dashboard.presenters.tiles import Comparison, Tile


def draw_tiles(tiles: Iterable[Tile], address: Address) -> None:
    """Nothing: draws the tiles in a grid; a tile's name leads to its definition."""
    with st.container(key="tiles"):
        for tile in tiles:
            with st.container(key=f"tile_{tile.tone}_{tile.indicator_id}"):
                link("definitions", tile.name, address, indicator=tile.indicator_id)
                st.html(tile_markup(tile))


def tile_markup(tile: Tile) -> str:
    """The tile's body as HTML, every text escaped."""
    return (
        f'<div class="tile">{_value(tile)}'
        f'<div class="line"><span class="{escape(tile.tone)}">{escape(tile.judgement)}</span>'
        f"<span>{escape(tile.target)}</span><span>{escape(tile.counts)}</span></div>"
        f"{sparkline(tile.trend, tile.trend_target, tile.trend_label)}"
        f'<div class="line"><span>{_comparison(tile.last_period)} &ensp; {_comparison(tile.year_before)}</span>'
        f"<b>{escape(tile.gap)}</b></div>"
        f'<div class="line">{escape(tile.note)}</div></div>'
    )


def _value(tile: Tile) -> str:
    if tile.number is None:
        return f'<div class="value words">{escape(tile.words)}</div>'
    return f'<div class="value">{escape(tile.number.number)}<small>{escape(tile.number.unit)}</small></div>'


def _comparison(comparison: Comparison) -> str:
    return f'<span title="{escape(comparison.full)}">{escape(comparison.text)}</span>'
