"""The page Cases: where do matters wait."""

import streamlit as st

from dashboard.components.case_cards import draw_backlog, draw_curves, draw_flow, draw_pareto
from dashboard.components.case_list import draw_case_list
from dashboard.components.footnote import draw_footnote
from dashboard.components.page import open_page
from dashboard.components.unit_cards import draw_due, draw_rates
from dashboard.components.units_below import units_below

page = open_page("cases")
below = units_below(page)
with st.container(key="columns_cases"):
    with st.container(key="column_left"):
        draw_flow(page)
        draw_curves(page)
        draw_rates(page, below)
    with st.container(key="column_right"):
        draw_backlog(page)
        draw_due(page, below)
        draw_pareto(page)
draw_case_list(page)
draw_footnote(page)
