"""Results as rows: what other programs read."""

import csv
import io
import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from dashboard.figure_rows import COLUMNS, as_csv, as_json, as_tables, figure_row, value_text
from metrics.definition import Unit
from metrics.period import parse_period
from metrics.result import Group, Reason, Result, Status

SHANGHAI = ZoneInfo("Asia/Shanghai")
AS_OF = datetime(2026, 10, 8, 8, 0, tzinfo=SHANGHAI)
BRANCH = Group("B01", "综采一队", "branch", "C")


def result(**changes: object) -> Result:
    plain = {
        "indicator": "resolution_on_time_rate",
        "group": BRANCH,
        "period": parse_period("2026Q3"),
        "as_of": AS_OF,
        "status": Status.OK,
        "value": 0.875,
        "numerator": 7.0,
        "denominator": 8.0,
    }
    return Result(**(plain | changes))


def test_json_says_all_that_the_figure_is() -> None:
    rows = json.loads(as_json([figure_row(result(), Unit.SHARE, AS_OF)]))
    assert rows == [
        {
            "indicator": "resolution_on_time_rate",
            "unit_id": "B01",
            "unit_name": "综采一队",
            "period_start": "2026-07-01",
            "period_end": "2026-09-30",
            "as_of": "2026-10-08T08:00+08:00",
            "numerator": 7,
            "denominator": 8,
            "value": 0.875,
            "unit": "share",
            "status": "ok",
            "reason": "",
        }
    ]
    assert isinstance(rows[0]["numerator"], int)


def test_what_is_not_there_is_null_and_never_zero() -> None:
    hidden = result(status=Status.HIDDEN, reason=Reason.SMALL_CELL, value=None, numerator=None, denominator=None)
    row = json.loads(as_json([figure_row(hidden, Unit.SHARE, AS_OF)]))[0]
    assert (row["value"], row["numerator"], row["denominator"]) == (None, None, None)
    assert (row["status"], row["reason"]) == ("hidden", "small_cell")


def test_csv_has_the_same_columns_and_empty_cells_for_missing_numbers() -> None:
    empty = result(status=Status.NO_DATA, reason=Reason.NO_DATA, value=None, numerator=None, denominator=None)
    rows = list(csv.DictReader(io.StringIO(as_csv([figure_row(empty, Unit.SHARE, AS_OF)]))))
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["value"] == ""
    assert rows[0]["status"] == "no_data"


def test_the_table_says_status_in_words() -> None:
    console = Console(width=140, record=True, file=io.StringIO())
    few = result(status=Status.FEW, reason=Reason.FEW, numerator=1.0, denominator=4.0, value=0.25)
    hidden = result(status=Status.HIDDEN, reason=Reason.SUBTRACTION, value=None, numerator=None, denominator=None)
    console.print(*as_tables([figure_row(few, Unit.SHARE, AS_OF), figure_row(hidden, Unit.SHARE, AS_OF)]))
    text = console.export_text()
    assert "25.00%" in text
    assert "few" in text
    assert "hidden: subtraction" in text
    assert "2026-07-01 to 2026-09-30" in text


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0.609069, Unit.SHARE, "60.91%"),
        (8403 / 60, Unit.HOURS, "140.05 h"),
        (7.0, Unit.WORKING_DAYS, "7 working days"),
        (58119.0, Unit.COUNT, "58,119"),
        (None, Unit.HOURS, "–"),
    ],
)
def test_values_carry_their_unit(value: float | None, unit: Unit, expected: str) -> None:
    assert value_text(value, unit) == expected
