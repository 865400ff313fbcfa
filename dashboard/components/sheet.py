"""The sheet of one unit: every indicator with its peers, fit to be printed."""

from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

import streamlit as st

from dashboard.charts.sparkline import sparkline
from dashboard.charts.strip import strip
from dashboard.components.answers import about, ask, headlines
from dashboard.components.card import card
from dashboard.components.chart import draw_download
from dashboard.components.context import Page
from dashboard.components.kept import kept
from dashboard.presenters.sheet import Peers, Section, SheetRow, present_sheet
from dashboard.presenters.tables import DataTable, results_table
from dashboard.presenters.tiles import Headline
from metrics.definition import Indicator
from metrics.result import Result


def draw_sheet(page: Page) -> None:
    """Nothing: draws the sections, and offers all figures as a file."""
    sheet = kept(page, "sheet", lambda: _sheet(page))
    for title, markup in sheet.sections:
        with card(f"sheet_{title}", title):
            st.html(markup)
    draw_download(sheet.data, "sheet_csv", page.t)


@dataclass(frozen=True)
class Sheet:
    """The title and the HTML of each section, and all figures."""

    sections: tuple[tuple[str, str], ...]
    data: DataTable


def _sheet(page: Page) -> Sheet:
    indicators = tuple(one for one in page.company.registry if page.unit.kind in one.unit_kinds)
    found = headlines(page, indicators)
    sections = present_sheet(_families(page, found), _peers(page, indicators), _whole(page, indicators), page.t)
    results = [headline.now for headline in found]
    table = results_table(results, page.company.indicators, f"unit_{page.unit.id}", page.known.time_zone, page.t)
    return Sheet(tuple((section.title, section_markup(section, page)) for section in sections), table)


def _families(page: Page, found: list[Headline]) -> list[tuple[str, list[Headline]]]:
    by_id = {headline.indicator.id: headline for headline in found}
    return [
        (
            page.company.vocabulary.name("families", family, page.t.language),
            [by_id[one.id] for one in indicators if one.id in by_id],
        )
        for family, indicators in page.company.registry.families()
    ]


def _peers(page: Page, indicators: tuple[Indicator, ...]) -> dict[str, list[Result]]:
    """The results of the units beside the page's unit, by indicator."""
    found: dict[str, list[Result]] = {}
    if len(page.siblings) > 1:
        for result in ask(page, about(page, page.path[-2]), indicators, page.siblings):
            found.setdefault(result.indicator, []).append(result)
    return found


def _whole(page: Page, indicators: tuple[Indicator, ...]) -> dict[str, Result]:
    """The results of the unit directly above, by indicator."""
    if len(page.path) < 2:
        return {}
    return {result.indicator: result for result in ask(page, about(page, page.path[-2]), indicators, (page.path[-2],))}


def section_markup(section: Section, page: Page) -> str:
    """The section as an HTML table, every text escaped."""
    t = page.t
    above = page.path[-2].name if len(page.path) > 1 else ""
    headings = (
        t("Indicator"),
        t("Value"),
        t("Judgement"),
        t("Counts"),
        t("Change"),
        t("Last 12 months"),
        t("Peers"),
        above,
    )
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
    body = "".join(_row_markup(row, page) for row in section.rows)
    return f'<div class="sheet"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _row_markup(row: SheetRow, page: Page) -> str:
    tile = row.tile
    trend = sparkline(tile.trend, tile.trend_target, page.tones)
    return (
        f'<tr><th scope="row">{_definition(row, page)}</th>'
        f'<td class="number">{escape(row.value)}</td>'
        f'<td><span class="{escape(tile.tone)}">{escape(tile.judgement)}</span>'
        f"<small>{escape(tile.target)}</small></td>"
        f"<td>{escape(tile.counts)}<small>{escape(tile.gap)}</small></td>"
        f'<td><span title="{escape(tile.last_period.full)}">{escape(tile.last_period.text)}</span>'
        f'<small title="{escape(tile.year_before.full)}">{escape(tile.year_before.text)}</small></td>'
        f'<td><img class="trend" alt="{escape(tile.trend_label)}" src="{trend}"></td>'
        f"<td>{_strip(row.peers, page)}</td><td>{escape(row.peers.whole)}</td></tr>"
    )


def _definition(row: SheetRow, page: Page) -> str:
    link = urlencode(page.address.filters(indicator=row.tile.indicator_id))
    return f'<a href="definitions?{escape(link)}" target="_self">{escape(row.tile.name)}</a>'


def _strip(peers: Peers, page: Page) -> str:
    if not peers.values:
        return f"<small>{escape(peers.label)}</small>"
    label = escape(peers.label)
    return f'<img class="strip" alt="{label}" title="{label}" src="{strip(peers.values, peers.own, page.tones)}">'
