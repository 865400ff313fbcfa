"""Files as they really arrive: encodings, separators, titles, merged headers, and what can't be read."""

import gzip
import io
import os
import zipfile
from datetime import datetime
from pathlib import Path

import msoffcrypto
import pytest
import xlwt
from openpyxl import Workbook
from sqlalchemy import Engine

from data_access.ingest.importer import check_file, import_file
from data_access.ingest.problems import Level
from data_access.ingest.report import Report
from data_access.ingest.source import Source, from_path
from data_access.tables import cases
from tests.test_data_access.test_ingest.importing import (
    codes,
    options,
    rows_source,
    sample,
    saved,
    stored,
    text_source,
    with_units,
    workbook_source,
)

HEADER = ["诉求编号", "受理时间", "等级"]
ROWS = [["S1", "2026-03-05 14:20", "A级"], ["S2", "2026-03-06 08:00", "B级"]]
TEXT = "诉求编号,受理时间,等级\nS1,2026-03-05 14:20,A级\nS2,2026-03-06 08:00,B级\n"


def _keys(engine: Engine, source: Source) -> list[tuple[object, ...]]:
    report = import_file(engine, source, options())
    assert report.written, report.problems
    return stored(engine, cases, "case_no", "grade")


GOOD = [("S1", "A"), ("S2", "B")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(sqlite_engine: Engine, encoding: str) -> None:
    assert _keys(sqlite_engine, text_source(TEXT, encoding)) == GOOD


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_separators(sqlite_engine: Engine, separator: str) -> None:
    assert _keys(sqlite_engine, text_source(TEXT.replace(",", separator))) == GOOD


def test_packed_text(sqlite_engine: Engine) -> None:
    assert _keys(sqlite_engine, Source("file.csv.gz", gzip.compress(TEXT.encode(), mtime=0))) == GOOD


def test_titles_blank_rows_and_stray_blanks(sqlite_engine: Engine) -> None:
    rows = [
        ["2026年一季度诉求台账"],
        [],
        ["制表：综合科"],
        ["　诉求编号 ", "受 理 时 间", "等级*"],
        [" S1　", "2026-03-05 14:20", "Ａ级"],
        [],
        ["S2", "2026-03-06 08:00", "b级"],
        ["", " ", None],
    ]
    assert _keys(sqlite_engine, workbook_source({"台账": rows})) == GOOD


def test_merged_header_cells(sqlite_engine: Engine) -> None:
    workbook = Workbook()
    sheet = workbook.active
    for row in (
        ["台账", None, None],
        ["诉求编号", "时间", None],
        [None, "受理时间", "办结时间"],
        ["S1", datetime(2026, 3, 5, 14), None],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("B2:C2")
    report = import_file(sqlite_engine, Source("merged.xlsx", saved(workbook)), options())
    assert (report.written, report.rows) == (True, 1)


def test_remarks_in_brackets_behind_a_header(sqlite_engine: Engine) -> None:
    rows = [
        ["诉求编号（必填）", "受理时间(年-月-日)", "等级【A/B/C】", "等级"],
        *([*row[:2], "C级", row[2]] for row in ROWS),
    ]
    assert _keys(sqlite_engine, workbook_source({"诉求": rows})) == GOOD


def test_columns_need_not_begin_at_the_left(sqlite_engine: Engine) -> None:
    rows = [[None, None, *HEADER], *([None, None, *row] for row in ROWS)]
    assert _keys(sqlite_engine, workbook_source({"诉求": rows})) == GOOD


def test_old_workbooks(sqlite_engine: Engine) -> None:
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("诉求")
    for number, row in enumerate([HEADER, *ROWS]):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    buffer = io.BytesIO()
    workbook.save(buffer)
    assert _keys(sqlite_engine, Source("old.xls", buffer.getvalue())) == GOOD


def test_english_headers_and_other_sheets(sqlite_engine: Engine) -> None:
    sheets = {"填写说明": [["诉求编号"]], "cases": [["case_no", "Received At", "grade"], *ROWS], "备注": [["随便写"]]}
    assert _keys(sqlite_engine, workbook_source(sheets)) == GOOD


def test_two_sheets_of_one_table(sqlite_engine: Engine) -> None:
    sheets = {"三月": [HEADER, ROWS[0]], "四月": [HEADER, ROWS[1]]}
    assert _keys(sqlite_engine, workbook_source(sheets)) == GOOD


def test_a_sheet_that_only_mentions_a_header_is_left_alone(sqlite_engine: Engine) -> None:
    assert _keys(sqlite_engine, workbook_source({"台账": [HEADER, *ROWS], "备注": [["诉求编号"], ["见台账"]]})) == GOOD


def test_two_sheets_of_one_table_must_be_alike(sqlite_engine: Engine) -> None:
    sheets = {"三月": [HEADER, ROWS[0]], "四月": [HEADER[:2], ROWS[1][:2]]}
    assert codes(import_file(sqlite_engine, workbook_source(sheets), options())) == {"other_columns": 1}


def test_the_same_key_on_two_sheets(sqlite_engine: Engine) -> None:
    report = import_file(
        sqlite_engine, workbook_source({"三月": [HEADER, ROWS[0]], "四月": [HEADER, ROWS[0]]}), options()
    )
    assert [(problem.code, problem.sheet, problem.row) for problem in report.problems] == [("repeated_key", "四月", 2)]


def test_large_workbooks_are_read_alike_row_by_row(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    march = sample("boston311_march.xlsx")
    days = workbook_source({"台账": [HEADER, [*ROWS[0][:1], datetime(2026, 3, 5), *ROWS[0][2:]], [], ROWS[1]]})
    whole = [check_file(sqlite_engine, march, options("boston311")), check_file(sqlite_engine, days, options())]
    monkeypatch.setattr("data_access.ingest.workbook.MAXIMUM_IN_MEMORY", 0)
    monkeypatch.setattr("data_access.ingest.workbook.CalamineWorkbook", None)
    streamed = [check_file(sqlite_engine, march, options("boston311")), check_file(sqlite_engine, days, options())]
    assert [report.rows for report in streamed] == [256, 2]
    assert streamed == whole


def test_a_large_broken_workbook_is_told(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data_access.ingest.workbook.MAXIMUM_IN_MEMORY", 0)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("xl/worksheets/sheet1.xml", "<worksheet>")
    assert codes(_refused(sqlite_engine, Source("broken.xlsx", buffer.getvalue()))) == {"corrupt_file": 1}


def _refused(engine: Engine, source: Source, **changes: object) -> Report:
    report = import_file(engine, source, options(**changes))
    assert not report.written
    assert stored(engine, cases) == []
    return report


def _locked(content: bytes) -> bytes:
    buffer = io.BytesIO()
    msoffcrypto.OfficeFile(io.BytesIO(content)).encrypt("secret", buffer)
    return buffer.getvalue()


WORKBOOK = workbook_source({"诉求": [HEADER, *ROWS]}).content
assert isinstance(WORKBOOK, bytes)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\n\n , ,\n", "empty_file"),
        (b"\xef\xbb\xbf", "empty_file"),
        (_locked(WORKBOOK), "password"),
        (WORKBOOK[: len(WORKBOOK) // 2], "corrupt_file"),
        (b"PK\x03\x04" + b"\x00" * 100, "corrupt_file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 1000, "corrupt_file"),
        (b"%PDF-1.7 ...", "wrong_kind"),
        (b"<html><body>Sign in</body></html>", "wrong_kind"),
        (b'{"rows": []}', "wrong_kind"),
        (b"\x00\x01\x02\x03" * 100, "wrong_kind"),
        (b"case_no,\xff\xfe\xfd\x80\n", "unknown_encoding"),
        (gzip.compress(TEXT.encode(), mtime=0)[:40], "corrupt_file"),
        (gzip.compress(b"", mtime=0), "empty_file"),
        ("甲,乙\n1,2\n".encode(), "no_header"),
        ("诉求编号,受理时间\n".encode(), "no_rows"),
        ("诉求编号,等级\nS1,A\n".encode(), "missing_column"),
        ("受理时间,等级\n2026-03-05,A\n".encode(), "missing_column"),
        ("诉求编号,受理时间,受理时间\nS1,2026-03-05,\n".encode(), "repeated_header"),
        ("诉求编号,受理时间,等级\ncase_no,received_at,grade\nS1,2026-03-05,A\n".encode(), "second_header"),
        ('诉求编号,受理时间\nS1,"2026-03-05'.encode() + b"x" * 200_000, "broken_quotes"),
        ("诉求编号,受理时间\nS1,2026-03-05,S2,2026-03-06\n".encode(), "too_many_cells"),
    ],
)
def test_what_cannot_be_read_is_told(sqlite_engine: Engine, content: bytes, code: str) -> None:
    report = _refused(sqlite_engine, Source("file", content))
    assert code in codes(report)


def test_locked_old_workbook_and_broken_lock() -> None:
    from data_access.ingest.workbook import OLE, _is_locked

    assert not _is_locked(OLE + b"broken")


def test_second_header_is_located(sqlite_engine: Engine) -> None:
    text = "诉求编号,受理时间,等级\ncase_no,received_at,grade\nS1,2026-03-05 10:00,A\n"
    report = _refused(sqlite_engine, text_source(text))
    second = [problem for problem in report.problems if problem.code == "second_header"]
    assert [(problem.row, problem.parameters) for problem in second] == [(2, (("first", "1"),))]


def test_empty_sheets_of_the_own_workbook_are_skipped(sqlite_engine: Engine) -> None:
    assert _keys(sqlite_engine, workbook_source({"诉求": [HEADER, *ROWS], "单位": [], "人数": []})) == GOOD


def test_a_sheet_without_header_is_told(sqlite_engine: Engine) -> None:
    report = _refused(sqlite_engine, workbook_source({"诉求": [["S1", "2026-03-05"]], "单位": []}))
    assert codes(report) == {"no_header": 1}


def test_a_missing_file_is_told(sqlite_engine: Engine, tmp_path: Path) -> None:
    report = _refused(sqlite_engine, from_path(tmp_path / "none.csv"))
    assert codes(report) == {"no_file": 1}


def test_a_device_or_a_pipe_is_told_and_not_waited_for(sqlite_engine: Engine, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path / "pipe.csv", Path(os.devnull)):
        report = check_file(sqlite_engine, from_path(path), options())
        assert codes(report) == {"no_file": 1}


def test_personal_values_are_not_repeated_wherever_they_stand(sqlite_engine: Engine) -> None:
    with_units(sqlite_engine)
    told = ""
    for header in ("channel", "grade", "rating", "responded_at", "responsible_unit_id", "confidential"):
        cells = ("13812345678", "李小梅", "李小梅说澡堂没有热水已经三天了")
        rows = [(f"S{number}", "2026-03-05 10:00", cell) for number, cell in enumerate(cells)]
        report = check_file(sqlite_engine, rows_source(("case_no", "received_at", header), *rows), options())
        assert report.problems
        told += repr(report.problems)
    assert "13812345678" not in told
    assert "李小梅" not in told


def test_a_fault_late_in_the_file_writes_nothing(engine: Engine) -> None:
    lines = "".join(f"S{number},2026-03-05 10:00,A\n" for number in range(30_000))
    broken = "诉求编号,受理时间,等级\n" + lines + '"' + "x" * 150_000
    report = _refused(engine, text_source(broken))
    problem = report.problems[-1]
    assert (problem.code, problem.row) == ("broken_quotes", 30_002)


def test_an_ignored_column_is_named(sqlite_engine: Engine) -> None:
    report = import_file(sqlite_engine, rows_source([*HEADER, "姓名"], [*ROWS[0], "张三"]), options())
    assert report.written
    assert report.sheets[0].ignored == ("姓名",)


def test_bad_rows_without_end_are_counted_exactly_and_kept_in_part(sqlite_engine: Engine) -> None:
    rows = [[f"S{number}", "昨天", "A"] for number in range(25_000)]
    report = check_file(sqlite_engine, rows_source(HEADER, *rows), options())
    assert codes(report) == {"not_a_date": 25_000}
    assert len(report.problems) == 100


def test_progress_is_told(sqlite_engine: Engine) -> None:
    told = []
    import_file(sqlite_engine, text_source(TEXT), options(progress=told.append))
    assert told[0].step.value == "reading"
    assert (told[0].rows, told[0].done, told[0].total) == (2, len(TEXT.encode()), len(TEXT.encode()))
    assert {each.step.value for each in told} == {"reading", "checking", "writing"}


def test_numbers_as_codes_in_workbooks(sqlite_engine: Engine) -> None:
    rows = [HEADER, [101001240734, datetime(2026, 3, 5, 10), "A"], ["007", datetime(2026, 3, 5, 10), "C"]]
    assert _keys(sqlite_engine, workbook_source({"诉求": rows})) == [("007", "C"), ("101001240734", "A")]


def test_warnings_do_not_stop_a_file(sqlite_engine: Engine) -> None:
    report = import_file(sqlite_engine, rows_source(HEADER, ["S1", "2026-03-05 10:00", ""]), options())
    assert report.written
    assert codes(report, Level.WARNING) == {"no_deadline": 1}
