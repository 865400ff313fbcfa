"""The page Overview: are we keeping our word."""

from dashboard.components.footnote import draw_footnote
from dashboard.components.heat_card import draw_heat_card
from dashboard.components.page import open_page
from dashboard.components.tiles import draw_headlines

page = open_page("overview")
indicators = page.company.registry.headlines()
draw_headlines(page, indicators)
by_chance = draw_heat_card(page, indicators)
draw_footnote(page, by_chance)
