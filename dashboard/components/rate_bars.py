"""Rates as sorted bars, the worst first, with the rest behind a button and the data as a table."""

from collections.abc import Callable, Sequence

from dashboard.charts.bars import bar_chart
from dashboard.components.chart import Charted, draw_nothing
from dashboard.components.context import Page
from dashboard.components.kept import kept
from dashboard.components.rows import draw_rows_charted, first_rows
from dashboard.presenters.ranking import target_line, unit_bars
from dashboard.presenters.tables import results_table
from metrics.definition import Indicator
from metrics.result import Result


def draw_rate_bars(
    page: Page,
    results: Callable[[], Sequence[Result]],
    indicator: Indicator,
    key: str,
    on_choose: Callable[[str], None],
) -> None:
    """Nothing: one bar per Result with its target as a line; a bar or a row calls ``on_choose`` with its unit's id.

    The ``results`` are asked for only if nobody saw the chart before.
    """
    made = kept(page, key, lambda: _rate_bars(page, results(), indicator))
    if made is None:
        draw_nothing(page.t)
    else:
        draw_rows_charted(page, made, key, on_choose)


def _rate_bars(page: Page, results: Sequence[Result], indicator: Indicator) -> Charted | None:
    t = page.t
    if not results:
        return None
    bars = unit_bars(results, indicator, t)
    figure = bar_chart(first_rows(page, bars), page.tones, target_line(results, indicator, t))
    table = results_table(results, page.company.indicators, indicator.id, page.known.time_zone, t)
    return Charted(figure, "; ".join(f"{bar.label} {bar.text}" for bar in bars), table, len(bars))
