"""The page Overview: are we keeping our word."""

from dashboard.components.answers import headlines
from dashboard.components.card import card
from dashboard.components.chart import draw_data
from dashboard.components.footnote import draw_footnote
from dashboard.components.heat_table import draw_heat_table
from dashboard.components.page import open_page
from dashboard.components.tiles import draw_tiles
from dashboard.components.units_below import ask_units_below
from dashboard.presenters.heat import present_heat_table
from dashboard.presenters.tables import results_table
from dashboard.presenters.tiles import present_tile

page = open_page("overview")
t, indicators = page.t, page.company.registry.headlines()

draw_tiles([present_tile(headline, t) for headline in headlines(page, indicators)], page.address, page.tones)
below = ask_units_below(page, indicators)
with card("heat", t("{units} by indicator", units=below.name), t("Choose a cell to go to the unit")):
    table = present_heat_table(
        below.results, below.indicators, below.name, t, sort=page.option("sort"), here=page.unit.id
    )
    draw_heat_table(table, "heat_table", page.choose_unit, lambda indicator: page.choose(sort=indicator))
    draw_data(
        results_table(below.results, page.company.indicators, "overview", page.known.time_zone, t), "heat_data", t
    )
draw_footnote(page, table.by_chance)
