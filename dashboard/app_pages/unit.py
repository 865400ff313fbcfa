"""The page Unit: one unit on one page, to be printed."""

from dashboard.components.case_list import draw_case_list
from dashboard.components.duty_cards import draw_missed
from dashboard.components.footnote import draw_footnote
from dashboard.components.page import open_page
from dashboard.components.sheet import draw_sheet

page = open_page("unit")
draw_sheet(page)
draw_case_list(page)
draw_missed(page)
draw_footnote(page)
