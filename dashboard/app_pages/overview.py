"""The page Overview: are we keeping our word."""

from dashboard.components.answers import headlines
from dashboard.components.footnote import draw_footnote
from dashboard.components.heat_card import draw_heat_card
from dashboard.components.page import open_page
from dashboard.components.tiles import draw_tiles
from dashboard.presenters.tiles import present_tile

page = open_page("overview")
indicators = page.company.registry.headlines()
draw_tiles([present_tile(headline, page.t) for headline in headlines(page, indicators)], page.address, page.tones)
table = draw_heat_card(page, indicators)
draw_footnote(page, table.by_chance)
