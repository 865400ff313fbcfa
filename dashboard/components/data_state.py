"""The data's condition: freshness, rows by table, agreement of flags, doubtful rows by rule."""

from dataclasses import replace
from datetime import datetime, timedelta
from html import escape

import streamlit as st

from dashboard import cached
from dashboard.components.card import card
from dashboard.components.chart import draw_download, draw_table
from dashboard.components.context import Page
from dashboard.presenters.imports import row_counts_table
from dashboard.presenters.periods import instant
from dashboard.presenters.quality import findings_table, keys_table, place_words, problem_words
from dashboard.quality import Condition
from data_access.quality.check import Finding
from data_access.question import Filters

MOST_KEYS = 100_000


def condition(page: Page) -> Condition:
    """The condition of the data as they stand."""
    with st.spinner(page.t("Looking through the data")):
        return cached.condition(page.version, page.company.hash, page.viewer.scope, end_of_hour(page))


def end_of_hour(page: Page) -> datetime:
    """The end of the present hour: whatever was just recorded counts, and an hour's visits share one answer."""
    return page.known.now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def draw_state(page: Page) -> None:
    """Nothing: draws how fresh and how many the data are."""
    found, t = condition(page), page.t
    _draw_facts(page, found)
    _draw_agreement(page)
    with card("rows", t("Rows by table")):
        table = row_counts_table(found.tables, page.known.time_zone, t)
        draw_table(table, "row_counts")
        draw_download(table, "row_counts_csv", t)


def _draw_facts(page: Page, found: Condition) -> None:
    t, zone = page.t, page.known.time_zone
    freshness = cached.freshness(page.version)
    received, updated, refreshed = freshness.received_until, freshness.updated_at, freshness.refreshed_at
    facts = (
        (t("Newest case received"), instant(received, zone) if received else t("none")),
        (t("Last change"), instant(updated, zone) if updated else t("none")),
        (t("Figures last counted"), instant(refreshed, zone) if refreshed else t("none")),
        (t("Rows"), f"{found.rows:,}"),
        (t("Doubtful rows"), f"{found.doubtful:,}"),
    )
    cells = "".join(f"<div><span>{escape(name)}</span><b>{escape(value)}</b></div>" for name, value in facts)
    st.html(f'<div class="facts-row">{cells}</div>')


def _draw_agreement(page: Page) -> None:
    t = page.t
    question = replace(page.question(), as_of=end_of_hour(page), filters=Filters())
    agreement = cached.flag_agreement(page.version, page.company.hash, question)
    with card("agreement", t("The source's own on-time flag")):
        if not agreement.flagged:
            st.write(t("No case carries a flag of its source system."))
            return
        st.markdown(
            t(
                "**{agreeing} of {flagged}** flags say what our figures say.",
                agreeing=f"{agreement.agreeing:,}",
                flagged=f"{agreement.flagged:,}",
            )
        )
        if agreement.disagreeing:
            with st.expander(t("Cases whose flag says otherwise")):
                st.dataframe({t("Case"): list(agreement.disagreeing)}, hide_index=True)


def draw_quality(page: Page) -> None:
    """Nothing: draws the rules with what they found, and the keys of one rule's rows."""
    t = page.t
    findings = condition(page).findings
    bad = [finding for finding in findings if finding.bad_rows]
    note = t("{found} of {rules} rules found something.", found=len(bad), rules=len(findings))
    with card("rules", t("Doubtful rows by rule"), note):
        if bad:
            draw_table(findings_table(bad, t), "findings")
        with st.expander(t("All rules")):
            table = findings_table(findings, t)
            draw_table(table, "all_findings")
            draw_download(table, "all_findings_csv", t)
    if bad:
        _draw_keys(page, bad)


def _draw_keys(page: Page, bad: list[Finding]) -> None:
    t, by_id = page.t, {finding.rule.id: finding for finding in bad}
    with card("keys", t("Keys of the rows"), t("To be put right where they come from.")):
        given = page.option("kind")
        st.session_state["rule"] = given if given in by_id else next(iter(by_id))
        st.selectbox(
            t("Rule"),
            list(by_id),
            key="rule",
            format_func=lambda name: _rule_words(page, by_id[name]),
            on_change=lambda: page.choose(kind=st.session_state["rule"]),
        )
        rule = by_id[st.session_state["rule"]].rule
        keys = cached.doubtful_keys(
            page.version, page.company.hash, page.viewer.scope, end_of_hour(page), rule.id, MOST_KEYS
        )
        table = keys_table(rule, keys, t)
        draw_table(table, f"keys_{rule.id}")
        draw_download(table, "keys_csv", t)


def _rule_words(page: Page, finding: Finding) -> str:
    rule = finding.rule
    return f"{place_words(rule, page.t)}: {problem_words(rule.problem, page.t)} ({finding.bad_rows:,})"
