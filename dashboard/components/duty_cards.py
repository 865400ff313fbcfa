"""The cards of the page Duties: the calendar, on-time rates by kind and by unit, and what is missing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import streamlit as st

from dashboard import cached
from dashboard.comparison import MONTHS_OF_TREND
from dashboard.components.answers import about, ask
from dashboard.components.card import card
from dashboard.components.chart import ROWS_LISTED, draw_data, draw_list, draw_nothing
from dashboard.components.choice import draw_choice
from dashboard.components.context import Page
from dashboard.components.heat_table import draw_heat_table
from dashboard.components.kept import kept
from dashboard.components.rate_bars import draw_rate_bars
from dashboard.components.units_below import Below
from dashboard.duty_kinds import by_kind, of_kind
from dashboard.presenters.duties import duty_calendar, missed_table
from dashboard.presenters.tables import DataTable, results_table
from data_access.question import Question
from metrics.counts import Fact
from metrics.definition import Indicator
from metrics.period import Period
from metrics.result import Result, Status

DUTIES = (
    "duty_on_time_rate",
    "duty_completion_rate",
    "report_on_time_rate",
    "reception_day_rate",
    "letter_signing_rate",
    "zone_duty_rate",
    "care_visit_rate",
    "contact_point_closure",
)
ALL_KINDS = "all"
KINDS, UNITS = "kinds", "units"


def duty_indicators(page: Page) -> tuple[Indicator, ...]:
    """The duty indicators that the company has."""
    return tuple(page.company.registry[name] for name in DUTIES if name in page.company.registry)


def on_time(page: Page) -> Indicator:
    """The share of duties done in time."""
    return page.company.registry["duty_on_time_rate"]


def draw_calendar(page: Page, below: Below) -> None:
    """Nothing: on-time duties by month, by kind of duty or by unit; a cell leads to its kind or unit."""
    t = page.t
    with card("duty_calendar", t("Calendar of duties"), t("Share done in time, by the month in which they were due")):
        rows = draw_choice(page, "sort", {KINDS: t("By kind"), UNITS: below.name}, t("Rows"))
        made = kept(page, "duty_calendar", lambda: _calendar(page, below, rows == KINDS))
        if made is None:
            draw_nothing(t)
            return
        choose: Callable[[str, str], None] = _choose_kind(page) if rows == KINDS else _choose_unit(page)
        draw_heat_table(made.payload, f"duty_calendar_{rows}", choose, lambda _: None)
        draw_data(made.data, "duty_calendar_data", t)


@dataclass(frozen=True)
class Calendar:
    """The calendar as the browser wants it, and its data."""

    payload: dict[str, object]
    data: DataTable


def _calendar(page: Page, below: Below, kinds: bool) -> Calendar | None:
    t, months = page.t, _months(page)
    results = _of_kinds(page, months) if kinds else _of_units(page, below, months)
    table = duty_calendar(results, on_time(page), months, t("Kind of duty") if kinds else below.name, t)
    if not table.rows:
        return None
    data = results_table(results, page.company.indicators, "duty_calendar", page.known.time_zone, t)
    return Calendar(table.payload(), data)


def _months(page: Page) -> tuple[Period, ...]:
    return page.address.period.trailing_months(MONTHS_OF_TREND)


def _choose_kind(page: Page) -> Callable[[str, str], None]:
    return lambda kind, _month: page.choose(kind=kind)


def _choose_unit(page: Page) -> Callable[[str, str], None]:
    return lambda unit_id, _month: page.choose_unit(unit_id)


def _of_kinds(page: Page, parts: tuple[Period, ...]) -> list[Result]:
    """The page's unit, one group per kind of duty that it or a unit below it owes."""
    question = _about_parts(page, about(page, page.unit), parts)
    kinds = page.company.vocabulary.codes("duty_kinds")
    restricted = [of_kind(on_time(page), kind) for kind in kinds]
    found = by_kind(ask(page, question, restricted, (page.unit,)), page.company.vocabulary, page.t.language)
    return [result for result in found if result.status is not Status.NO_DATA]


def _of_units(page: Page, below: Below, parts: tuple[Period, ...]) -> list[Result]:
    return ask(page, _about_parts(page, about(page, below.around), parts), (on_time(page),), below.units)


def _about_parts(page: Page, question: Question, parts: tuple[Period, ...]) -> Question:
    return page.question(*parts, unit_id=question.unit_id)


def draw_by_kind(page: Page) -> None:
    """Nothing: on-time duties of the period by kind, the worst first; a bar shows what is missing of it."""
    t = page.t
    with card("duty_kinds", t("Done in time, by kind"), t("Click a bar to list what is missing")):
        draw_rate_bars(
            page,
            lambda: _of_kinds(page, (page.address.period,)),
            on_time(page),
            "duty_kinds",
            lambda kind: page.choose(kind=kind),
        )


def draw_by_unit(page: Page, below: Below) -> None:
    """Nothing: on-time duties of the period by unit, the worst first; a bar leads to its unit."""
    t = page.t
    title = t("Done in time: {units}", units=below.name)
    with card("duty_units", title, t("Click a bar or choose a row to go to the unit")):
        draw_rate_bars(
            page,
            lambda: _of_units(page, below, (page.address.period,)),
            on_time(page),
            "duty_units",
            page.choose_unit,
        )


def draw_missed(page: Page) -> None:
    """Nothing: the duties that weren't done in time, which is the work list."""
    t, question = page.t, about(page, page.unit)
    counts = kept(page, "missed_by_kind", lambda: _missed_by_kind(page, question))
    with card("missed", t("Work list: duties not done in time"), t("Choose a row to go to the unit")):
        if not counts:
            draw_nothing(t, t("Nothing is missing."))
            return
        kind = _choose_missed_kind(page, counts)
        if kind != ALL_KINDS:
            question = replace(question, filters=replace(question.filters, duty_kinds=(kind,)))
        total = sum(counts.values()) if kind == ALL_KINDS else counts[kind]
        limit = ROWS_LISTED if total > ROWS_LISTED else None
        first = kept(page, "missed", lambda: _missed(page, question, limit))
        draw_list(first, total, lambda: _missed(page, question, None), "missed", t, page.choose_unit)


def _missed_by_kind(page: Page, question: Question) -> dict[str, int]:
    """How many duties of each kind weren't done in time, the most first."""
    slices = cached.by_dimension(page.version, page.company.hash, question, Fact.DUTIES, "duty_kind")
    missed = {str(each.code): each["duties_owed"] - each["duties_on_time"] for each in slices}
    return {kind: count for kind, count in sorted(missed.items(), key=lambda item: -item[1]) if count}


def _choose_missed_kind(page: Page, counts: Mapping[str, int]) -> str:
    """The chosen kind of duty, or all of them; a link that names none of them gets all."""
    t, vocabulary = page.t, page.company.vocabulary
    every = t("All kinds")
    names = {ALL_KINDS: f"{every} {sum(counts.values()):,}"} | {
        kind: f"{vocabulary.name('duty_kinds', kind, t.language)} {count:,}" for kind, count in counts.items()
    }
    st.session_state["missed_kind"] = page.option("kind", ALL_KINDS, *counts)
    st.selectbox(
        t("Kind of duty"),
        list(names),
        key="missed_kind",
        format_func=lambda kind: names[kind],
        on_change=lambda: page.choose(kind=st.session_state["missed_kind"]),
    )
    return str(st.session_state["missed_kind"])


def _missed(page: Page, question: Question, limit: int | None) -> DataTable:
    missed = cached.missed_duties(page.version, page.company.hash, question, limit)
    return missed_table(missed, page.hierarchy.units, page.company.vocabulary, page.t)
