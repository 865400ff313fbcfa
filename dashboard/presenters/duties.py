"""Duties: the calendar of months, and what is missing."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from dashboard.i18n import Translator
from dashboard.presenters.heat import Column, HeatTable, Row, present_cell
from dashboard.presenters.periods import period_name
from dashboard.presenters.tables import DataTable, Value
from data_access.hierarchy import Unit
from data_access.work_lists.duty_lists import DutyState
from metrics.definition import Indicator
from metrics.period import Period
from metrics.result import Group, Result, Status
from metrics.vocabulary import Vocabulary


def duty_calendar(
    results: Iterable[Result], indicator: Indicator, months: Sequence[Period], corner: str, t: Translator
) -> HeatTable:
    """The heat table of one row per kind of duty or unit and one column per month, the worst rows first.

    Rows in which no month has data are left out.
    """
    by_row: dict[Group, dict[Period, Result]] = {}
    for result in results:
        by_row.setdefault(result.group, {})[result.period] = result
    known = {group: found for group, found in by_row.items() if _has_data(found.values())}
    rows = tuple(
        Row(
            group.unit_id,
            group.name,
            False,
            tuple(present_cell(known[group].get(month), indicator, t) for month in months),
        )
        for group in sorted(known, key=lambda group: _standing(known[group].values()))
    )
    return HeatTable(
        corner=corner,
        caption=t("{units} by month", units=corner),
        columns=tuple(_column(month, t) for month in months),
        rows=rows,
        sort=None,
        by_chance=0.0,
    )


def _has_data(results: Iterable[Result]) -> bool:
    return any(result.status is not Status.NO_DATA for result in results)


def _standing(results: Iterable[Result]) -> float:
    """The mean of the months that have a value; one before all others where none has."""
    values = [result.value for result in results if result.value is not None]
    return sum(values) / len(values) if values else 2.0


def _column(month: Period, t: Translator) -> Column:
    return Column(month.name, month.name[2:], period_name(month, t))


def state_words(state: str, t: Translator) -> str:
    """Why a duty isn't one done in time."""
    return {
        DutyState.MISSING.value: t("not done in full"),
        DutyState.LATE.value: t("done late"),
        DutyState.UNDATED.value: t("done, but nobody wrote down when"),
    }[state]


def due_text(due_at: datetime) -> str:
    """A due time to the minute; the end of a day is 24:00 of that day."""
    if due_at.hour == due_at.minute == 0:
        return f"{due_at - timedelta(days=1):%Y-%m-%d} 24:00"
    return f"{due_at:%Y-%m-%d %H:%M}"


def missed_table(missed: pd.DataFrame, units: Mapping[str, Unit], vocabulary: Vocabulary, t: Translator) -> DataTable:
    """One row per duty missed, the latest due first; the unit's code where its name isn't known."""
    rows = tuple(_missed_row(duty, units, vocabulary, t) for duty in missed.to_dict("records"))
    headings = (t("Unit"), t("Duty"), t("Period from"), t("Due by"), t("Done"), t("Owed"), t("State"))
    return DataTable("missed_duties", headings, rows, tuple(missed["unit_id"]))


def _missed_row(
    duty: Mapping[Hashable, Any], units: Mapping[str, Unit], vocabulary: Vocabulary, t: Translator
) -> tuple[Value, ...]:
    unit = units.get(duty["unit_id"])
    return (
        unit.name if unit else duty["unit_id"],
        vocabulary.name("duty_kinds", duty["duty_kind"], t.language),
        f"{duty['period_start']}",
        due_text(duty["due_at"]),
        int(duty["done"]),
        int(duty["planned"]),
        state_words(duty["state"], t),
    )
