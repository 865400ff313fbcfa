"""Duties: restricted indicators, the calendar, and what is missing."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pandas as pd
import pytest

from dashboard.duty_kinds import by_kind, of_kind, split_id
from dashboard.i18n import Translator
from dashboard.presenters.duties import due_text, duty_calendar, missed_table, state_words
from data_access.hierarchy import Unit
from data_access.work_lists.duty_lists import MISSED_COLUMNS, DutyState
from metrics import vocabulary
from metrics.period import parse_period
from metrics.registry import load
from metrics.result import Group, Result, Status

EN = Translator("en")
WORDS = vocabulary.load(None)
ON_TIME = load(None)["duty_on_time_rate"]
MONTHS = (parse_period("2026-08"), parse_period("2026-09"))


def result(group: str, month: int, value: float | None) -> Result:
    return Result(
        indicator=ON_TIME.id,
        group=Group(group, f"unit {group}", "branch"),
        period=MONTHS[month],
        as_of=datetime(2026, 10, 11, tzinfo=UTC),
        status=Status.NO_DATA if value is None else Status.OK,
        value=value,
        numerator=value,
        denominator=None if value is None else 1.0,
    )


def test_an_indicator_of_one_kind_counts_only_that_kind() -> None:
    restricted = of_kind(ON_TIME, "safety_day")
    assert restricted.where == (("duty_kind", ("safety_day",)),)
    assert restricted.numerator == ON_TIME.numerator
    assert split_id(restricted.id) == (ON_TIME.id, "safety_day")
    assert split_id(ON_TIME.id) == (ON_TIME.id, "")


def test_results_of_a_kind_are_the_figures_of_that_kind() -> None:
    restricted = replace(result("C", 0, 0.5), indicator=of_kind(ON_TIME, "safety_day").id)
    (found,) = by_kind([restricted], WORDS, "zh")
    assert found.indicator == ON_TIME.id
    assert (found.group.unit_id, found.group.name) == ("safety_day", WORDS.name("duty_kinds", "safety_day", "zh"))
    assert found.value == 0.5


def test_the_calendar_has_a_cell_for_each_month_and_the_worst_row_first() -> None:
    table = duty_calendar([result("A", 0, 0.9), result("A", 1, 0.8), result("B", 1, 0.2)], ON_TIME, MONTHS, "Unit", EN)
    assert [column.id for column in table.columns] == ["2026-08", "2026-09"]
    assert [row.id for row in table.rows] == ["B", "A"]
    assert [cell.text for cell in table.rows[0].cells] == ["no data", "20.0"]


def test_a_row_without_any_data_is_left_out() -> None:
    table = duty_calendar([result("A", 0, None), result("B", 0, 1.0)], ON_TIME, MONTHS, "Unit", EN)
    assert [row.id for row in table.rows] == ["B"]


@pytest.mark.parametrize(
    ("due", "text"),
    [(datetime(2026, 9, 4), "2026-09-03 24:00"), (datetime(2026, 9, 4, 8, 30), "2026-09-04 08:30")],
)
def test_the_end_of_a_day_is_24_00(due: datetime, text: str) -> None:
    assert due_text(due) == text


def test_a_missed_duty_is_told_with_unit_kind_and_due_time() -> None:
    missed = pd.DataFrame(
        [
            ("B1", "safety_day", date(2026, 9, 1), pd.Timestamp("2026-09-05", tz="Asia/Shanghai"), 2, 1, "missing"),
            ("B9", "no_such_kind", date(2026, 9, 1), pd.Timestamp("2026-09-05", tz="Asia/Shanghai"), 1, 1, "late"),
        ],
        columns=MISSED_COLUMNS,
    )
    table = missed_table(missed, {"B1": Unit("B1", "First branch", "branch")}, WORDS, EN)
    assert table.rows[0] == ("First branch", "Safety day", "2026-09-01", "2026-09-04 24:00", 1, 2, "not done in full")
    assert table.rows[1][:2] == ("B9", "no_such_kind")
    assert table.unit_ids == ("B1", "B9")


@pytest.mark.parametrize("state", DutyState)
def test_every_state_has_words(state: DutyState) -> None:
    assert state_words(state.value, EN)
