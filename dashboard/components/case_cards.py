"""The cards of the page Cases that are about the page's unit as a whole."""

from dashboard import cached
from dashboard.breakdown import Slice
from dashboard.charts.bars import bar_chart
from dashboard.charts.curves import curve_chart
from dashboard.charts.stacks import stack_chart
from dashboard.components.answers import about
from dashboard.components.card import card
from dashboard.components.chart import draw_chart, draw_data, draw_nothing, kept_figure
from dashboard.components.choice import draw_choice
from dashboard.components.context import Page
from dashboard.presenters import cases
from metrics.counts import Fact
from metrics.vocabulary import SECTION_OF_DIMENSION

CURVES_SHOWN_UNTIL = 60.0
"""Working days on the time axis; almost every case is finished by then."""


def draw_flow(page: Page) -> None:
    """Nothing: how far the cases received in the period have come."""
    t = page.t
    cohort = cached.in_all(page.version, page.company.hash, about(page, page.unit), Fact.COHORT)
    with card("flow", t("How far they have come"), t("The cases received in the period, step by step")):
        bars = cases.flow_bars(cohort, t)
        if not bars:
            draw_nothing(t)
            return
        draw_chart(
            kept_figure(page, "flow", lambda: bar_chart(bars, page.tones)),
            "flow",
            "; ".join(f"{bar.label}: {bar.text}" for bar in bars),
        )
        draw_data(cases.flow_table(cohort, t), "flow_data", t)


def draw_backlog(page: Page) -> None:
    """Nothing: open cases by how long ago they were received."""
    t, words = page.t, page.company.vocabulary
    slices = _by(page, Fact.OPEN_CASES, "age_band")
    with card("backlog", t("How long they have waited"), t("Open cases at the as-of time by their age")):
        stacks = cases.band_stacks(slices, words, t)
        if not stacks:
            draw_nothing(t, t("No case is open."))
            return
        names = (t("Overdue"), t("In time"))
        figure = kept_figure(page, "backlog", lambda: stack_chart(stacks, names, page.tones))
        draw_chart(figure, "backlog", "; ".join(f"{stack.label}: {stack.text}" for stack in stacks))
        draw_data(cases.band_table(slices, words, t), "backlog_data", t)


def draw_curves(page: Page) -> None:
    """Nothing: which share was resolved after how many working days, by grade."""
    t = page.t
    question = about(page, page.unit)
    curves = cached.curves(page.version, page.company.hash, question, Fact.RESOLUTION_WORKING_DAYS, "grade")
    note = t("Share resolved after so many working days, open cases included (1 − Kaplan–Meier)")
    with card("curves", t("How long it takes, by grade"), note):
        lines = cases.curve_lines(curves, page.company.vocabulary, t)
        if not lines:
            draw_nothing(t)
            return
        until = min(CURVES_SHOWN_UNTIL, max((line.times[-1] for line in lines if line.times), default=1.0) or 1.0)
        figure = kept_figure(page, "curves", lambda: curve_chart(lines, t("Working days"), until, page.tones))
        draw_chart(figure, "curves", note)
        draw_data(cases.curve_table(lines, t), "curves_data", t)


def draw_pareto(page: Page) -> None:
    """Nothing: what the cases are about and how they came in."""
    t, words = page.t, page.company.vocabulary
    with card("pareto", t("What they are about"), t("Cases received: volume is context, never a fault")):
        names = {"category": t("Categories"), "channel": t("Channels"), "track": t("Tracks"), "grade": t("Grades")}
        dimension = draw_choice(page, "kind", names, t("Cases received by"))
        slices = [each for each in _by(page, Fact.CASES_RECEIVED, dimension) if each["received"]]
        if not slices:
            draw_nothing(t)
            return
        section = SECTION_OF_DIMENSION[dimension]
        bars = cases.pareto_bars(slices, words, section, t)
        draw_chart(
            kept_figure(page, "pareto", lambda: bar_chart(bars, page.tones)),
            "pareto",
            "; ".join(f"{bar.label}: {bar.text}" for bar in bars),
        )
        draw_data(cases.pareto_table(slices, words, section, t), "pareto_data", t)


def _by(page: Page, fact: Fact, dimension: str) -> tuple[Slice, ...]:
    return cached.by_dimension(page.version, page.company.hash, about(page, page.unit), fact, dimension)
