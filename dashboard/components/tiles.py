"""The tiles of headline figures."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from dashboard.address import Address
from dashboard.charts.sparkline import sparkline
from dashboard.components.answers import headlines
from dashboard.components.context import Page
from dashboard.components.kept import kept
from dashboard.components.script import script
from dashboard.presenters.tiles import Tile, present_tile
from dashboard.theme import Palette
from metrics.definition import Indicator


def draw_headlines(page: Page, indicators: Sequence[Indicator]) -> None:
    """Nothing: draws a tile for each of the indicators that fit the page's unit; its name leads to its definition."""

    def payload() -> dict[str, object]:
        tiles = [present_tile(headline, page.t) for headline in headlines(page, indicators)]
        return _tiles_payload(tiles, page.address, page.tones)

    _component()(key="tiles", data=kept(page, "tiles", payload))


def _tiles_payload(tiles: Sequence[Tile], address: Address, tones: Palette) -> dict[str, object]:
    """The tiles as the browser wants them, in as many columns as suit their number."""
    return {
        "columns": 5 if len(tiles) % 5 == 0 else 4,
        "tiles": [_tile_payload(tile, address, tones) for tile in tiles],
    }


def _tile_payload(tile: Tile, address: Address, tones: Palette) -> dict[str, object]:
    return {
        "id": tile.indicator_id,
        "href": f"definitions?{urlencode(address.filters(indicator=tile.indicator_id))}",
        "name": tile.name,
        "number": None if tile.number is None else tile.number.number,
        "unit": "" if tile.number is None else tile.number.unit,
        "words": tile.words,
        "tone": tile.tone,
        "judgement": tile.judgement,
        "target": tile.target,
        "counts": tile.counts,
        "trend": sparkline(tile.trend, tile.trend_target, tones),
        "trend_label": tile.trend_label,
        "last_period": asdict(tile.last_period),
        "year_before": asdict(tile.year_before),
        "gap": tile.gap,
        "reason": tile.reason,
        "beside": list(tile.beside),
    }


@cache
def _component() -> Callable[..., Any]:
    """One element for all tiles: the browser takes ten milliseconds longer for each that is elements of its own."""
    return st.components.v2.component(
        "huiyin_tiles", html='<div class="tiles"></div>', js=script("tiles"), isolate_styles=False
    )
