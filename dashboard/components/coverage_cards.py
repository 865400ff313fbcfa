"""The cards of the page Coverage: the icicle, what is missing, and who has how much to look after."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

import pandas as pd
import streamlit as st

from dashboard import cached
from dashboard.charts.icicle import Cover, Strip, fill, icicle
from dashboard.components.answers import about, ask
from dashboard.components.card import card
from dashboard.components.chart import ROWS_LISTED, Charted, draw_chart, draw_data, draw_list, draw_nothing
from dashboard.components.choice import draw_choice
from dashboard.components.context import Page
from dashboard.components.kept import kept
from dashboard.components.units_below import Below
from dashboard.presenters.coverage import cover_words, coverage_strips, gap_words, gaps_table, loads_table, panels
from dashboard.presenters.tables import DataTable, results_table
from data_access.hierarchy import Unit
from data_access.question import Question
from data_access.work_lists.coverage_gaps import Gap
from metrics.counts import BRANCH, TEAM, Fact
from metrics.definition import Indicator

COVERAGE = (
    "zone_chain_coverage",
    "zone_coverage_tier1",
    "zone_coverage_tier2",
    "zone_coverage_tier3",
    "group_branch_coverage",
    "group_team_coverage",
    "liaison_team_coverage",
    "liaison_network_coverage",
)
DRAWN = (
    "zone_chain_coverage",
    "zone_coverage_tier2",
    "zone_coverage_tier3",
    "group_team_coverage",
    "liaison_team_coverage",
)
"""The indicators that the icicle can show: those that mean something for a team."""

EVERY_GAP = "all"
POSTS_SHOWN = 20


def coverage_indicators(page: Page, names: tuple[str, ...] = COVERAGE) -> tuple[Indicator, ...]:
    """The coverage indicators that the company has."""
    return tuple(page.company.registry[name] for name in names if name in page.company.registry)


def draw_icicle(page: Page, below: Below) -> None:
    """Nothing: the units below with all below them, coloured by coverage; a click leads to the unit."""
    t = page.t
    names = {indicator.id: indicator.text(t.language).short for indicator in coverage_indicators(page, DRAWN)}
    note = t("Each unit is as large as its staff; click one to go to it")
    with card("icicle", t("Who is covered, and who is not"), note):
        indicator = page.company.registry[draw_choice(page, "indicator", names, t("Indicator"))]
        made = kept(page, "icicle", lambda: _icicle(page, below, indicator))
        if made is None:
            draw_nothing(t)
            return
        _draw_panels(page, made)
        draw_data(made.data, "icicle_data", t, page.choose_unit)


@dataclass(frozen=True)
class Icicle:
    """The panels of an icicle, the words for its colours as HTML, and its data."""

    panels: tuple[Charted, ...]
    legend: str
    several_roots: bool
    data: DataTable


def _icicle(page: Page, below: Below, indicator: Indicator) -> Icicle | None:
    t, units, question = page.t, units_of_icicle(page, below), about(page, below.around)
    results = ask(page, question, (indicator,), units)
    strips = coverage_strips(results, indicator, _employees(page, question, units), t)
    if not any(strip.size for strip in strips):
        return None
    data = results_table(results, page.company.indicators, indicator.id, page.known.time_zone, t)
    several_roots = sum(not strip.parent_id for strip in strips) > 1
    made = tuple(
        Charted(icicle(panel, page.tones), "; ".join(strip.label for strip in panel), data, len(panel))
        for panel in panels(strips)
    )
    return Icicle(made, _legend(page, strips), several_roots, data)


def _employees(page: Page, question: Question, units: Iterable[Unit]) -> dict[str, int]:
    groups = tuple(page.group(unit) for unit in units)
    slices = cached.by_unit(page.version, page.company.hash, question, Fact.HEADCOUNTS, groups)
    return {each.code: each["employees"] for each in slices if each.code}


def _legend(page: Page, strips: tuple[Strip, ...]) -> str:
    covers = [cover for cover in Cover if any(strip.cover is cover for strip in strips)]
    signs = "".join(
        f'<span><i style="background:{fill(cover, page.tones)}"></i>{escape(cover_words(cover, page.t))}</span>'
        for cover in covers
    )
    return f'<p class="legend">{signs}</p>'


def _draw_panels(page: Page, made: Icicle) -> None:
    st.html(made.legend)
    with st.container(key="panels"):
        for number, panel in enumerate(made.panels):
            with st.container(key=f"{'roots' if made.several_roots else 'root'}_{number}"):
                draw_chart(panel.figure, f"icicle_{number}", panel.alt, page.choose_unit)


def units_of_icicle(page: Page, below: Below) -> tuple[Unit, ...]:
    """The branches and teams under the unit, a parent before its children; a branch itself with its teams."""
    found = [below.around]
    for unit in found:
        children = page.hierarchy.children(unit.id, page.address.period)
        found += [child for child in children if child.kind in (BRANCH, TEAM) and _stands(page, child, unit)]
    return tuple(unit for unit in found if unit.kind in (BRANCH, TEAM))


def _stands(page: Page, child: Unit, parent: Unit) -> bool:
    """Whether the unit stands under the parent at the period's end; one that moved is drawn once."""
    day = page.address.period.last_day
    return child.exists(day, page.address.period.end) and page.hierarchy.parent(child.id, day) == parent.id


def draw_gaps(page: Page) -> None:
    """Nothing: the branches and teams that nobody covers, which is the work list."""
    t = page.t
    gaps = cached.coverage_gaps(page.version, page.company.hash, about(page, page.unit))
    with card("gaps", t("Work list: what is missing where"), t("Choose a row to go to the unit")):
        if gaps.empty:
            draw_nothing(t, t("Nothing is missing."))
            return
        counts = gaps["gap"].value_counts()
        every = t("All")
        labels = {EVERY_GAP: f"{every} {len(gaps):,}"} | {
            gap.value: f"{gap_words(gap.value, t)} {counts[gap.value]:,}" for gap in Gap if gap.value in counts
        }
        chosen = draw_choice(page, "kind", labels, t("What is missing"))
        _draw_gap_table(page, gaps if chosen == EVERY_GAP else gaps[gaps["gap"] == chosen])


def _draw_gap_table(page: Page, gaps: pd.DataFrame) -> None:
    first = kept(page, "gaps", lambda: _gaps_table(page, gaps.head(ROWS_LISTED)))
    draw_list(first, len(gaps), lambda: _gaps_table(page, gaps), "gaps", page.t, page.choose_unit)


def _gaps_table(page: Page, gaps: pd.DataFrame) -> DataTable:
    return gaps_table(gaps, page.hierarchy.units, page.company.vocabulary, page.t)


def draw_loads(page: Page) -> None:
    """Nothing: the posts that are responsible for the most units."""
    t, question = page.t, about(page, page.unit)
    loads = cached.post_loads(page.version, page.company.hash, question, POSTS_SHOWN)
    if not loads.posts:
        return
    note = t("The {count} posts with the most targets", count=POSTS_SHOWN)
    with card("loads", t("How much one post looks after"), note):
        first = kept(page, "loads", lambda: loads_table(loads.first, page.hierarchy.units, t))
        draw_list(first, loads.posts, lambda: _all_loads(page, question), "loads", t, page.choose_unit)


def _all_loads(page: Page, question: Question) -> DataTable:
    every = cached.post_loads(page.version, page.company.hash, question, None)
    return loads_table(every.first, page.hierarchy.units, page.t)
