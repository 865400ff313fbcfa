"""Coverage: whom nobody reaches."""

from dashboard.components.answers import headlines
from dashboard.components.coverage_cards import coverage_indicators, draw_gaps, draw_icicle, draw_loads
from dashboard.components.footnote import draw_footnote
from dashboard.components.page import open_page
from dashboard.components.tiles import draw_tiles
from dashboard.components.units_below import units_below
from dashboard.presenters.tiles import present_tile

page = open_page("coverage")
tiles = [present_tile(headline, page.t) for headline in headlines(page, coverage_indicators(page))]
draw_tiles(tiles, page.address, page.tones)
draw_icicle(page, units_below(page))
draw_gaps(page)
draw_loads(page)
draw_footnote(page)
