"""Duties: who did what they owed."""

import streamlit as st

from dashboard.components.answers import headlines
from dashboard.components.duty_cards import draw_by_kind, draw_by_unit, draw_calendar, draw_missed, duty_indicators
from dashboard.components.footnote import draw_footnote
from dashboard.components.page import open_page
from dashboard.components.tiles import draw_tiles
from dashboard.components.units_below import units_below
from dashboard.presenters.tiles import present_tile

page = open_page("duties")
below = units_below(page)
tiles = [present_tile(headline, page.t) for headline in headlines(page, duty_indicators(page))]
draw_tiles(tiles, page.address, page.tones)
draw_calendar(page, below)
with st.container(key="grid_duties"):
    draw_by_kind(page)
    draw_by_unit(page, below)
draw_missed(page)
draw_footnote(page)
