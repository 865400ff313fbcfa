"""The cards of the page Cases that are about the page's unit as a whole."""

from collections.abc import Sequence

from dashboard import cached
from dashboard.breakdown import Slice
from dashboard.charts.bars import Bar, bar_chart
from dashboard.charts.curves import curve_chart
from dashboard.charts.stacks import stack_chart
from dashboard.components.answers import about
from dashboard.components.card import card
from dashboard.components.chart import Charted, draw_charted, draw_nothing
from dashboard.components.choice import draw_choice
from dashboard.components.context import Page
from dashboard.components.kept import kept
from dashboard.presenters import cases
from dashboard.presenters.tables import DataTable
from metrics.counts import Fact
from metrics.vocabulary import SECTION_OF_DIMENSION

CURVES_SHOWN_UNTIL = 60.0
"""Working days on the time axis; almost every case is finished by then."""


def draw_flow(page: Page) -> None:
    """Nothing: how far the cases received in the period have come."""
    t = page.t
    made = kept(page, "flow", lambda: _flow(page))
    with card("flow", t("How far they have come"), t("The cases received in the period, step by step")):
        _draw(made, "flow", page)


def _draw(made: Charted | None, key: str, page: Page, nothing: str = "") -> None:
    if made is None:
        draw_nothing(page.t, nothing)
    else:
        draw_charted(made, key, page.t)


def _flow(page: Page) -> Charted | None:
    cohort = cached.in_all(page.version, page.company.hash, about(page, page.unit), Fact.COHORT)
    bars = cases.flow_bars(cohort, page.t)
    return _charted(page, bars, cases.flow_table(cohort, page.t)) if bars else None


def _charted(page: Page, bars: Sequence[Bar], data: DataTable) -> Charted:
    alt = "; ".join(f"{bar.label}: {bar.text}" for bar in bars)
    return Charted(bar_chart(bars, page.tones), alt, data, len(bars))


def draw_backlog(page: Page) -> None:
    """Nothing: open cases by how long ago they were received."""
    t = page.t
    made = kept(page, "backlog", lambda: _backlog(page))
    with card("backlog", t("How long they have waited"), t("Open cases at the as-of time by their age")):
        _draw(made, "backlog", page, t("No case is open."))


def _backlog(page: Page) -> Charted | None:
    t, words = page.t, page.company.vocabulary
    slices = _by(page, Fact.OPEN_CASES, "age_band")
    stacks = cases.band_stacks(slices, words, t)
    if not stacks:
        return None
    alt = "; ".join(f"{stack.label}: {stack.text}" for stack in stacks)
    figure = stack_chart(stacks, (t("Overdue"), t("In time")), page.tones)
    return Charted(figure, alt, cases.band_table(slices, words, t), len(stacks))


def draw_curves(page: Page) -> None:
    """Nothing: which share was resolved after how many working days, by grade."""
    note = page.t("Share resolved after so many working days, open cases included (1 − Kaplan–Meier)")
    made = kept(page, "curves", lambda: _curves(page, note))
    with card("curves", page.t("How long it takes, by grade"), note):
        _draw(made, "curves", page)


def _curves(page: Page, note: str) -> Charted | None:
    t, question = page.t, about(page, page.unit)
    curves = cached.curves(page.version, page.company.hash, question, Fact.RESOLUTION_WORKING_DAYS, "grade")
    lines = cases.curve_lines(curves, page.company.vocabulary, t)
    if not lines:
        return None
    until = min(CURVES_SHOWN_UNTIL, max((line.times[-1] for line in lines if line.times), default=1.0) or 1.0)
    figure = curve_chart(lines, t("Working days"), until, page.tones)
    return Charted(figure, note, cases.curve_table(lines, t), len(lines))


def draw_pareto(page: Page) -> None:
    """Nothing: what the cases are about and how they came in."""
    t = page.t
    with card("pareto", t("What they are about"), t("Cases received: volume is context, never a fault")):
        names = {"category": t("Categories"), "channel": t("Channels"), "track": t("Tracks"), "grade": t("Grades")}
        dimension = draw_choice(page, "kind", names, t("Cases received by"))
        _draw(kept(page, "pareto", lambda: _pareto(page, dimension)), "pareto", page)


def _pareto(page: Page, dimension: str) -> Charted | None:
    t, words, section = page.t, page.company.vocabulary, SECTION_OF_DIMENSION[dimension]
    slices = [each for each in _by(page, Fact.CASES_RECEIVED, dimension) if each["received"]]
    if not slices:
        return None
    bars = cases.pareto_bars(slices, words, section, t)
    return _charted(page, bars, cases.pareto_table(slices, words, section, t))


def _by(page: Page, fact: Fact, dimension: str) -> tuple[Slice, ...]:
    return cached.by_dimension(page.version, page.company.hash, about(page, page.unit), fact, dimension)
