"""The company's rules: deadlines, obligations, calendar."""

import streamlit as st

from dashboard.components.card import card
from dashboard.components.chart import draw_download, draw_table
from dashboard.components.context import Page
from dashboard.presenters.rules import deadlines_table, obligations_table, overrides_table, years_table
from metrics.working_time import read_schedule, statutory_schedule

YEARS_BACK, YEARS_AHEAD = 5, 1


def draw_deadlines(page: Page) -> None:
    """Nothing: draws by when a case of each grade must be answered and resolved."""
    t = page.t
    note = t("For cases without deadlines of their own, by their grade at receipt and the day they were received.")
    with card("deadlines", t("Deadlines"), note):
        table = deadlines_table(page.company.rules.deadlines, page.company.vocabulary, t)
        draw_table(table, "deadlines_table")
        draw_download(table, "deadlines_csv", t)


def draw_obligations(page: Page) -> None:
    """Nothing: draws what units owe by plan."""
    t = page.t
    note = t("What is owed comes from this plan: a planned duty without a record is a duty not done.")
    with card("obligations", t("Obligations"), note):
        table = obligations_table(page.company.rules.obligations, page.company.vocabulary, t)
        draw_table(table, "obligations_table")
        draw_download(table, "obligations_csv", t)


def draw_calendar(page: Page) -> None:
    """Nothing: draws which years have an official calendar, and which days the company changed."""
    t, schedule = page.t, read_schedule(page.company.settings.holidays)
    this_year = page.known.now.astimezone(page.known.time_zone).year
    years = range(this_year - YEARS_BACK, this_year + YEARS_AHEAD + 1)
    note = t("Statutory holidays with their make-up weekends; a year without an official calendar has weekends only.")
    with card("calendar", t("Calendar"), note):
        draw_table(years_table(schedule, years, t), "years_table")
    with card("overrides", t("Days that the company changed")):
        overrides = overrides_table(schedule, statutory_schedule(), t)
        if overrides.rows:
            draw_table(overrides, "overrides_table")
        else:
            st.write(t("None. A file of holidays can be named in HUIYIN_HOLIDAYS."))
