"""The cards of the page Cases that compare units and lead to them."""

from dashboard import cached
from dashboard.charts.stacks import stack_chart
from dashboard.components.answers import about, ask
from dashboard.components.card import card
from dashboard.components.chart import Charted, draw_nothing
from dashboard.components.choice import draw_choice
from dashboard.components.context import Page
from dashboard.components.kept import kept
from dashboard.components.rate_bars import draw_rate_bars
from dashboard.components.rows import draw_rows_charted, first_rows
from dashboard.components.units_below import Below
from dashboard.presenters.cases import due_stacks, due_table
from metrics.counts import Fact

RATES = ("resolution_on_time_rate", "response_on_time_rate", "urgent_response_on_time_rate", "overdue_rate")


def draw_rates(page: Page, below: Below) -> None:
    """Nothing: an on-time rate by unit, the worst first; a bar leads to its unit."""
    t = page.t
    names = {
        name: page.company.registry[name].text(t.language).short for name in RATES if name in page.company.registry
    }
    with card(
        "rates",
        t("{units}: who keeps the deadlines", units=below.name),
        t("Click a bar or choose a row to go to the unit"),
    ):
        indicator = page.company.registry[draw_choice(page, "indicator", names, t("Indicator"))]
        question = about(page, below.around)
        draw_rate_bars(
            page, lambda: ask(page, question, (indicator,), below.units), indicator, "rates", page.choose_unit
        )


def draw_due(page: Page, below: Below) -> None:
    """Nothing: overdue cases and those falling due soon by unit; a bar leads to its unit."""
    t, days = page.t, page.company.rules.falling_due_days
    made = kept(page, "due", lambda: _due(page, below))
    note = t("Overdue at the as-of time, and falling due within {days} days", days=days)
    with card("due", t("{units}: overdue and falling due", units=below.name), note):
        if made is None:
            draw_nothing(t, t("Nothing is overdue or falls due soon."))
            return
        draw_rows_charted(page, made, "due", page.choose_unit)


def _due(page: Page, below: Below) -> Charted | None:
    t, question = page.t, about(page, below.around)
    groups = tuple(page.group(unit) for unit in below.units)
    slices = cached.by_unit(page.version, page.company.hash, question, Fact.OPEN_CASES, groups)
    stacks = due_stacks(slices, groups, t)
    if not stacks:
        return None
    alt = "; ".join(f"{stack.label}: {stack.text}" for stack in stacks)
    figure = stack_chart(first_rows(page, stacks), (t("Overdue"), t("Falling due")), page.tones)
    return Charted(figure, alt, due_table(slices, groups, t), len(stacks))
