"""The cards of the page Coverage: the icicle, what is missing, and who has how much to look after."""

import pandas as pd

from dashboard import cached
from dashboard.charts.icicle import icicle
from dashboard.components.answers import about, ask
from dashboard.components.card import card
from dashboard.components.chart import draw_chart, draw_data, draw_download, draw_nothing, draw_table
from dashboard.components.choice import draw_choice
from dashboard.components.context import Page
from dashboard.presenters.coverage import coverage_strips, gap_words, gaps_table, loads_table
from dashboard.presenters.tables import results_table
from data_access.hierarchy import Unit
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


def draw_icicle(page: Page) -> None:
    """Nothing: the unit and all below it, coloured by coverage; a click leads to the unit."""
    t = page.t
    names = {indicator.id: indicator.text(t.language).short for indicator in coverage_indicators(page, DRAWN)}
    note = t("Each unit is as large as its staff; click one to go to it")
    with card("icicle", t("Who is covered, and who is not"), note):
        indicator = page.company.registry[draw_choice(page, "indicator", names, t("Indicator"))]
        units = units_of_icicle(page)
        results = ask(page, about(page, page.unit), (indicator,), units)
        groups = tuple(page.group(unit) for unit in units)
        question = about(page, page.unit)
        slices = cached.by_unit(page.version, page.company.hash, question, Fact.HEADCOUNTS, groups)
        employees = {each.code: each["employees"] for each in slices if each.code}
        strips = coverage_strips(results, indicator, employees, page.unit.id, t)
        if not any(strip.size for strip in strips):
            draw_nothing(t)
            return
        draw_chart(icicle(strips, page.tones), "icicle", strips[0].hover, page.choose_unit)
        table = results_table(results, page.company.indicators, indicator.id, page.known.time_zone, t)
        draw_data(table, "icicle_data", t, page.choose_unit)


def units_of_icicle(page: Page) -> tuple[Unit, ...]:
    """The page's unit with the branches and teams below it, a parent before its children."""
    found, period = [page.unit], page.address.period
    for unit in found:
        below = page.hierarchy.children(unit.id, period)
        found += [child for child in below if child.kind in (BRANCH, TEAM) and _stands(page, child, unit)]
    return tuple(found)


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
        labels = {EVERY_GAP: f"{t('All')} {len(gaps):,}"} | {
            gap.value: f"{gap_words(gap.value, t)} {counts[gap.value]:,}" for gap in Gap if gap.value in counts
        }
        chosen = draw_choice(page, "kind", labels, t("What is missing"))
        _draw_gap_table(page, gaps if chosen == EVERY_GAP else gaps[gaps["gap"] == chosen])


def _draw_gap_table(page: Page, gaps: pd.DataFrame) -> None:
    table = gaps_table(gaps, page.hierarchy.units, page.company.vocabulary, page.t)
    draw_table(table, "gaps", page.choose_unit)
    draw_download(table, "gaps_csv", page.t)


def draw_loads(page: Page) -> None:
    """Nothing: the posts that are responsible for the most units."""
    t = page.t
    loads = cached.post_loads(page.version, page.company.hash, about(page, page.unit))
    if loads.empty:
        return
    note = t("The {count} posts with the most targets", count=POSTS_SHOWN)
    with card("loads", t("How much one post looks after"), note):
        draw_table(loads_table(loads.head(POSTS_SHOWN), page.hierarchy.units, t), "loads", page.choose_unit)
        draw_download(loads_table(loads, page.hierarchy.units, t), "loads_csv", t)
