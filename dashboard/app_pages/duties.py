"""Duties: who did what they owed."""

import streamlit as st

from dashboard.components.duty_cards import draw_by_kind, draw_by_unit, draw_calendar, draw_missed, duty_indicators
from dashboard.components.footnote import draw_footnote
from dashboard.components.page import open_page
from dashboard.components.tiles import draw_headlines
from dashboard.components.units_below import units_below

page = open_page("duties")
below = units_below(page)
draw_headlines(page, duty_indicators(page))
draw_calendar(page, below)
with st.container(key="grid_duties"):
    draw_by_kind(page)
    draw_by_unit(page, below)
draw_missed(page)
draw_footnote(page)
