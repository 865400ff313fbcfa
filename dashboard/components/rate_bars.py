"""Rates as sorted bars, the worst first, with the rest behind a button and the data as a table."""

from collections.abc import Callable, Sequence

from dashboard.charts.bars import bar_chart
from dashboard.components.chart import draw_chart, draw_data, draw_nothing, kept_figure
from dashboard.components.context import Page
from dashboard.components.rows import draw_rest, first_rows
from dashboard.presenters.ranking import target_line, unit_bars
from dashboard.presenters.tables import results_table
from metrics.definition import Indicator
from metrics.result import Result


def draw_rate_bars(
    page: Page, results: Sequence[Result], indicator: Indicator, key: str, on_choose: Callable[[str], None]
) -> None:
    """Nothing: one bar per Result with its target as a line; a bar or a row calls ``on_choose`` with its unit's id."""
    t = page.t
    if not results:
        draw_nothing(t)
        return
    bars = unit_bars(results, indicator, t)
    target = target_line(results, indicator, t)
    figure = kept_figure(page, key, lambda: bar_chart(first_rows(page, bars), page.tones, target))
    draw_chart(figure, key, "; ".join(f"{bar.label} {bar.text}" for bar in bars), on_choose)
    draw_rest(page, key, len(bars))
    table = results_table(results, page.company.indicators, indicator.id, page.known.time_zone, t)
    draw_data(table, f"{key}_data", t, on_choose)
