"""The figures that pages ask for, through the cache."""

from collections.abc import Iterable, Iterator, Sequence

import streamlit as st

from dashboard import cached
from dashboard.comparison import last_period, trend, year_before
from dashboard.components.context import Page
from dashboard.presenters.tiles import Headline
from data_access.hierarchy import Unit
from data_access.question import Question
from metrics.counts import COMPANY
from metrics.definition import Indicator
from metrics.result import Group, Result

Asked = tuple[Question, tuple[Indicator, ...]]
"""A question, and the indicators that it is about."""


def ask(page: Page, question: Question, indicators: Iterable[Indicator], units: Iterable[Unit]) -> list[Result]:
    """One Result per indicator, unit and part of the question."""
    groups = tuple(page.group(unit) for unit in units)
    with st.spinner(page.t("Counting …")):
        return _ask(page, question, tuple(indicators), groups)


def about(page: Page, unit: Unit) -> Question:
    """The page's question, restricted to the unit's subtree unless it is the company."""
    return page.question(unit_id=None if unit.kind == COMPANY else unit.id)


def headlines(page: Page, indicators: Sequence[Indicator]) -> list[Headline]:
    """The page's unit by these indicators: now, last period, a year ago, month by month, companions beside."""
    with st.spinner(page.t("Counting …")):
        return _headlines(page, indicators)


def _headlines(page: Page, indicators: Sequence[Indicator]) -> list[Headline]:
    group, question = page.group(page.unit), about(page, page.unit)
    wanted = tuple(indicator for indicator in indicators if page.unit.kind in indicator.unit_kinds)
    beside = {indicator.id: _companions(page, indicator) for indicator in wanted}
    if not wanted:
        return []
    every = tuple(dict.fromkeys((*wanted, *(one for found in beside.values() for one in found))))
    compared = ((question, every), (last_period(question), wanted), (year_before(question), wanted))
    now, before, year, *of_months = _ask_each(page, (*compared, *_trends(question, wanted)), group)
    months: dict[str, list[Result]] = {}
    for result in (result for some in of_months for result in some):
        months.setdefault(result.indicator, []).append(result)
    now_by, before_by, year_by = _by_indicator(now), _by_indicator(before), _by_indicator(year)
    return [
        Headline(
            indicator=indicator,
            now=now_by[indicator.id],
            last_period=before_by.get(indicator.id),
            year_before=year_by.get(indicator.id),
            months=tuple(months.get(indicator.id, ())),
            companions=tuple((one, now_by[one.id]) for one in beside[indicator.id]),
        )
        for indicator in wanted
    ]


def _companions(page: Page, indicator: Indicator) -> tuple[Indicator, ...]:
    return tuple(page.company.registry[name] for name in indicator.companions)


def _by_indicator(results: Iterable[Result]) -> dict[str, Result]:
    return {result.indicator: result for result in results}


def _trends(question: Question, indicators: Sequence[Indicator]) -> Iterator[Asked]:
    """The questions about the months of each indicator's trend; indicators with the same question share one."""
    together: dict[Question, list[Indicator]] = {}
    for indicator in indicators:
        for asked in trend(question, indicator):
            together.setdefault(asked, []).append(indicator)
    return ((asked, tuple(some)) for asked, some in together.items())


def _ask_each(page: Page, asked: Sequence[Asked], group: Group) -> list[list[Result]]:
    named = tuple((question, tuple(indicator.id for indicator in some)) for question, some in asked)
    return cached.results_of_each(page.version, page.company.hash, named, (group,))


def _ask(page: Page, question: Question, indicators: tuple[Indicator, ...], groups: tuple[Group, ...]) -> list[Result]:
    if not indicators or not groups:
        return []
    ids = tuple(indicator.id for indicator in indicators)
    return cached.results(page.version, page.company.hash, question, ids, groups)
