"""The card with the heat table of the units below."""

from dataclasses import dataclass

from dashboard.components.answers import about, ask
from dashboard.components.card import card
from dashboard.components.chart import draw_data
from dashboard.components.choice import draw_choice
from dashboard.components.context import Page
from dashboard.components.heat_table import draw_heat_table
from dashboard.components.kept import kept
from dashboard.components.units_below import Below, units_below
from dashboard.presenters.heat import present_heat_table
from dashboard.presenters.tables import DataTable, results_table
from metrics.definition import Indicator


@dataclass(frozen=True)
class Heat:
    """A heat table as the browser wants it, its data, and how many of its cells would be red by chance alone."""

    payload: dict[str, object]
    data: DataTable
    by_chance: float


def draw_heat_card(page: Page, indicators: tuple[Indicator, ...]) -> float:
    """How many cells of the table that was drawn would be red by chance alone.

    It shows the units below by these indicators; a cell leads to its unit.
    """
    t, below = page.t, units_below(page)
    heat = kept(page, "heat", lambda: _heat(page, below, indicators))
    with card("heat", t("{units} by indicator", units=below.name), t("Choose a cell to go to the unit")):
        _draw_kinds(page, below)
        draw_heat_table(
            heat.payload,
            "heat_table",
            lambda unit_id, indicator: page.choose(unit=unit_id, sort=indicator),
            lambda indicator: page.choose(sort=indicator),
        )
        draw_data(heat.data, "heat_data", t, page.choose_unit)
    return heat.by_chance


def _heat(page: Page, below: Below, indicators: tuple[Indicator, ...]) -> Heat:
    t = page.t
    fitting = tuple(indicator for indicator in indicators if below.kind in indicator.unit_kinds)
    results = ask(page, about(page, below.around), fitting, below.units)
    table = present_heat_table(results, fitting, below.name, t, sort=page.option("sort"), here=page.unit.id)
    data = results_table(results, page.company.indicators, "overview", page.known.time_zone, t)
    return Heat(table.payload(), data, table.by_chance)


def _draw_kinds(page: Page, below: Below) -> None:
    if len(below.kinds) > 1:
        draw_choice(page, "by", {kind: page.names_of_kind(kind) for kind in below.kinds}, page.t("Kind of unit"))
