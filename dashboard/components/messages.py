"""What is said when there is nothing to show, or when something went wrong."""

from collections.abc import Callable, Iterable

import streamlit as st

from dashboard.address import Address, Problem
from dashboard.components.navigation import link
from dashboard.i18n import Translator, message
from dashboard.presenters.markdown import escaped
from data_access.errors import DataAccessError, DatabaseNotReady, QueryTimeout

SECONDS_BETWEEN_TRIES = 5
MIGRATE_COMMAND = "huiyin migrate"
SAMPLE_COMMAND = "huiyin sample --company small"


def draw_problems(problems: Iterable[Problem], t: Translator) -> None:
    """Nothing: says which parts of the link couldn't be used."""
    for problem in problems:
        st.warning(escaped(problem_text(problem, t)), icon=":material/link_off:")


def problem_text(problem: Problem, t: Translator) -> str:
    """What is wrong with a part of the link and what is shown instead."""
    text = {
        "unit": message("The link names a unit that doesn't exist: {given}. The whole company is shown."),
        "period": message("The link names a period that can't be read: {given}. The last full quarter is shown."),
        "as_of": message("The link names a time that can't be read: {given}. The settlement time is used."),
        "track": message("The link names a track that doesn't exist: {given}. Both tracks are shown."),
        "view": message("The link names a way of counting that doesn't exist: {given}. The scored one is shown."),
        "lang": message("The link names a language that isn't offered: {given}."),
        "indicator": message("The link names an indicator that doesn't exist: {given}."),
        "sort": message("The link names an indicator that doesn't exist: {given}."),
    }[problem.parameter]
    return t(text, given=f"“{problem.given}”")


def draw_empty(address: Address, t: Translator) -> None:
    """Nothing: says that the database is empty and what to do about it."""
    with st.container(key="empty_state", border=True):
        st.subheader(t("There are no data yet"))
        st.write(t("Two ways to begin:"))
        first = t("Import a workbook or a CSV file on the Data page; the template has a sheet for every table.")
        second = t("Make a sample company to look around:")
        st.markdown(f"1. {first}\n2. {second} `{SAMPLE_COMMAND}`")
        link("data", t("Go to the Data page"), address)


def draw_unavailable(error: DataAccessError, is_back: Callable[[], bool], t: Translator) -> None:
    """Nothing: one calm page that tries again by itself and comes back when the database does."""
    with st.container(key="unavailable", border=True):
        st.subheader(_what_happened(error, t))
        if isinstance(error, DatabaseNotReady):
            st.write(t("Its tables are missing or of another version. Whoever runs the server prepares it with:"))
            st.code(MIGRATE_COMMAND, language=None)
        seconds = SECONDS_BETWEEN_TRIES
        st.write(t("This page tries again every {seconds} seconds.", seconds=seconds))
        st.button(t("Try again now"), key="try_again")
        with st.expander(t("Details")):
            st.text(str(error))
        st.fragment(_come_back, run_every=SECONDS_BETWEEN_TRIES)(is_back)


def _what_happened(error: DataAccessError, t: Translator) -> str:
    if isinstance(error, DatabaseNotReady):
        return t("The database isn't ready")
    if isinstance(error, QueryTimeout):
        return t("The database took too long to answer")
    return t("The database can't be reached")


def _come_back(is_back: Callable[[], bool]) -> None:
    if is_back():
        st.rerun(scope="app")
