"""Tables and files: numbers for programs, words for people, nothing that a spreadsheet would run."""

import csv
import io
from zoneinfo import ZoneInfo

from dashboard.presenters.tables import DataTable, results_table
from metrics.result import Reason, Status, Tone
from tests.test_dashboard.results import CHINESE, ON_TIME, result

SHANGHAI = ZoneInfo("Asia/Shanghai")


def rows_of(table: DataTable) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table.csv().removeprefix("\ufeff"))))


def test_a_figure_is_in_the_file_with_all_that_defends_it() -> None:
    shown = result(0.8820143, numerator=1226, denominator=1390, target=0.9, tone=Tone.NEAR)
    table = results_table([shown], {ON_TIME.id: ON_TIME}, "x", SHANGHAI, CHINESE)
    assert rows_of(table)[1] == [
        "单位B1", "按期办结率", "2026年第三季度", "88.2", "%", "1226", "1390", "90.0", "接近", "", "2026-10-08 08:00",
    ]  # fmt: skip


def test_what_is_not_there_is_empty_with_the_reason_beside() -> None:
    hidden = result(status=Status.HIDDEN, reason=Reason.SMALL_CELL)
    row = rows_of(results_table([hidden], {ON_TIME.id: ON_TIME}, "x", SHANGHAI, CHINESE))[1]
    assert (row[3], row[5], row[6], row[8]) == ("", "", "", "不显示")
    assert "不足十份" in row[9]


def test_spreadsheets_recognise_the_encoding_and_run_nothing() -> None:
    table = DataTable("x", ("甲", "乙"), (("=cmd()", -1.5), ("+1", None)))
    assert table.csv().startswith("\ufeff")
    assert rows_of(table)[1:] == [["'=cmd()", "-1.5"], ["'+1", ""]]


def test_a_table_knows_the_units_behind_its_rows() -> None:
    table = results_table([result(0.9, "B7")], {ON_TIME.id: ON_TIME}, "x", SHANGHAI, CHINESE)
    assert table.unit_ids == ("B7",)
    assert list(table.frame.columns)[:2] == ["单位", "指标"]
