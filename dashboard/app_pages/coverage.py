"""Coverage: whom nobody reaches."""

from dashboard.components.coverage_cards import coverage_indicators, draw_gaps, draw_icicle, draw_loads
from dashboard.components.footnote import draw_footnote
from dashboard.components.page import open_page
from dashboard.components.tiles import draw_headlines
from dashboard.components.units_below import units_below

page = open_page("coverage")
draw_headlines(page, coverage_indicators(page))
draw_icicle(page, units_below(page))
draw_gaps(page)
draw_loads(page)
draw_footnote(page)
