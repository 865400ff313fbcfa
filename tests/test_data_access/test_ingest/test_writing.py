"""One transaction per file: new, changed, unchanged; undo; rejects; one import at a time."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from data_access.engine import begin, connect
from data_access.ingest import exclusive as exclusive_module
from data_access.ingest.block import raw_blocks
from data_access.ingest.exclusive import ImportBusy, exclusive
from data_access.ingest.header import Header
from data_access.ingest.importer import check_file, import_file
from data_access.ingest.problems import Level
from data_access.ingest.sheet import Sheet
from data_access.ingest.undo import CannotUndo, undo
from data_access.tables import (
    SOURCE_TABLES,
    audit_log,
    cases,
    chat_group_months,
    contact_points,
    import_batches,
    import_changes,
    import_rejects,
    org_units,
)
from tests.test_data_access.test_ingest.importing import (
    NOW,
    codes,
    options,
    rows_source,
    sample,
    stored,
    text_source,
    with_units,
    workbook_source,
)

HEADER = ["诉求编号", "受理时间", "等级", "是否保密", "责任单位编码"]
FIRST = rows_source(HEADER, ["S1", "2026-03-05 10:00", "A", "是", "T1"], ["S2", "2026-03-06 10:00", "B", "", "B1"])
SECOND = rows_source(HEADER, ["S1", "2026-03-05 10:00", "A", "否", "T1"], ["S3", "2026-03-07 10:00", "C", "", ""])
LATER = datetime(2026, 7, 1, tzinfo=UTC)


def _everything(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    names = {table.name: [c.name for c in table.c if c.name != "updated_at"] for table in SOURCE_TABLES}
    return {table.name: stored(engine, table, *names[table.name]) for table in SOURCE_TABLES}


def test_a_second_import_changes_nothing(engine: Engine) -> None:
    with_units(engine)
    import_file(engine, FIRST, options())
    before = {table.name: stored(engine, table) for table in SOURCE_TABLES}
    again = import_file(engine, FIRST, options(now=LATER))
    assert (again.inserted, again.changed, again.unchanged) == (0, 0, 2)
    assert {table.name: stored(engine, table) for table in SOURCE_TABLES} == before


def test_only_rows_that_differ_are_changed(engine: Engine) -> None:
    with_units(engine)
    import_file(engine, FIRST, options())
    report = import_file(engine, SECOND, options(now=LATER))
    assert (report.inserted, report.changed, report.unchanged) == (1, 1, 0)
    assert report.changed_keys == (("cases", '["S1"]'),)
    assert [table.columns for table in report.tables] == [(("confidential", 1),)]
    touched = dict(stored(engine, cases, "case_no", "updated_at"))
    assert touched == {"S1": LATER, "S2": NOW, "S3": LATER}
    assert dict(stored(engine, cases, "case_no", "recorded_at"))["S1"] == NOW


def test_columns_that_the_file_lacks_stay_as_they_are(engine: Engine) -> None:
    with_units(engine)
    import_file(engine, FIRST, options())
    import_file(engine, rows_source(["诉求编号", "受理时间"], ["S1", "2026-03-05 11:00"]), options())
    assert stored(engine, cases, "case_no", "grade", "confidential")[0] == ("S1", "A", True)


def test_a_blank_cell_empties_the_column(engine: Engine) -> None:
    with_units(engine)
    import_file(engine, FIRST, options())
    import_file(engine, rows_source(["诉求编号", "受理时间", "等级"], ["S1", "2026-03-05 10:00", ""]), options())
    assert stored(engine, cases, "case_no", "grade")[0] == ("S1", None)


def test_a_check_writes_nothing_and_tells_what_would_change(engine: Engine) -> None:
    with_units(engine)
    import_file(engine, FIRST, options())
    before = _everything(engine)
    report = check_file(engine, SECOND, options())
    assert (report.written, report.batch, report.ok) == (False, None, True)
    assert (report.inserted, report.changed) == (1, 1)
    assert _everything(engine) == before
    assert len(stored(engine, import_batches)) == 3


def test_undo_takes_back_the_newest_import(engine: Engine) -> None:
    with_units(engine)
    first = import_file(engine, FIRST, options())
    before = _everything(engine)
    second = import_file(engine, SECOND, options())
    assert first.batch is not None
    assert second.batch is not None
    with pytest.raises(CannotUndo, match=f"batch {second.batch}"):
        undo(engine, first.batch, "tester")
    done = undo(engine, second.batch, "tester")
    assert (done.file_name, done.removed, done.restored) == ("file.csv", 1, 1)
    assert _everything(engine) == before
    undo(engine, first.batch, "tester")
    assert stored(engine, cases) == []
    with pytest.raises(CannotUndo):
        undo(engine, first.batch, "tester")


def test_undo_restores_every_type_and_composite_keys(engine: Engine) -> None:
    with_units(engine)
    sheets = {
        "微信群": [["群编号", "平台", "单位编码", "建群日期"], ["G1", "微信", "T1", "2020-01-01"]],
        "群月度": [["群编号", "月份", "群成员数", "活跃天数"], ["G1", "2026-03", 20, 8]],
        "联系点": [["部室编码", "单位编码", "月份", "联系时间"], ["B1", "T1", "2026-03", "2026-03-05 10:00"]],
        "外部评分": [
            ["单位编码", "评分项目", "所属期首日", "得分", "满分", "依据文号"],
            ["T1", "安全", "2026-01-01", 92.5, 100, "2026〔3〕号"],
        ],
    }
    import_file(engine, workbook_source(sheets), options())
    before = _everything(engine)
    sheets["群月度"][1] = ["G1", "2026-03", 21, None]
    sheets["联系点"][1] = ["B1", "T1", "2026-03", "2026-03-06 10:00"]
    sheets["外部评分"][1] = ["T1", "安全", "2026-01-01", 93, 100, None]
    changed = import_file(engine, workbook_source(sheets), options())
    assert changed.changed == 3
    assert stored(engine, chat_group_months, "members", "active_days") == [(21, None)]
    assert changed.batch is not None
    undo(engine, changed.batch, "tester")
    assert _everything(engine) == before
    assert len(stored(engine, contact_points)) == 1


def test_undo_without_any_import(sqlite_engine: Engine) -> None:
    with pytest.raises(CannotUndo, match="no import"):
        undo(sqlite_engine, 1, "tester")


def test_built_units_are_not_overwritten(engine: Engine) -> None:
    import_file(engine, sample("servicenow_sample.csv"), options("servicenow"))
    with begin(engine) as connection:
        connection.execute(org_units.update().where(org_units.c.id == "Group 70").values(name="Seventy"))
    report = import_file(engine, sample("servicenow_sample.csv"), options("servicenow"))
    assert (report.inserted, report.changed) == (0, 0)
    assert dict(stored(engine, org_units, "id", "name"))["Group 70"] == "Seventy"


def test_the_batch_records_who_what_and_how_much(engine: Engine) -> None:
    with_units(engine)
    report = import_file(engine, FIRST, options())
    row = dict(zip(import_batches.c.keys(), stored(engine, import_batches)[-1], strict=True))
    assert row["id"] == report.batch
    assert (row["file_name"], row["file_hash"]) == ("file.csv", FIRST.sha256())
    assert (row["mapping"], row["user"], row["rows"], row["inserted"]) == ("huiyin", "tester", 2, 2)
    assert stored(engine, audit_log, "user", "action", "detail")[-1] == (
        "tester",
        "import",
        f"batch {report.batch}: file.csv",
    )


def test_rejected_rows_are_kept_by_place_without_content(engine: Engine) -> None:
    with_units(engine)
    source = rows_source(
        HEADER,
        ["S1", "昨天", "Z", "", "T1"],
        ["S2", "2026-03-05 10:00", "A", "", "T9"],
        ["S3", "2026-03-05 10:00", "A", "", "T1"],
        ["S3", "2026-03-05 10:00", "A", "", "T1"],
    )
    report = import_file(engine, source, options(accept_valid=True))
    assert (report.written, report.inserted, report.rejected) == (True, 1, 3)
    rejects = stored(engine, import_rejects, "sheet", "row", "messages")
    assert [(sheet, row) for sheet, row, _messages in rejects] == [("file.csv", 2), ("file.csv", 3), ("file.csv", 5)]
    assert sorted(json.loads(str(rejects[0][2]))) == [["受理时间", "not_a_date"], ["等级", "unknown_code"]]
    assert json.loads(str(rejects[1][2])) == [["责任单位编码", "unknown_reference"]]
    assert "昨天" not in str(rejects)
    assert report.batch is not None
    undo(engine, report.batch, "tester")
    assert stored(engine, import_rejects) == []


def test_rows_that_refer_to_a_rejected_row_are_rejected(engine: Engine) -> None:
    sheets = {
        "单位": [["单位编码", "单位名称", "单位类别"], ["C", "公司", "公司"], ["B1", "", "党支部"]],
        "隶属关系": [["单位编码", "上级单位编码", "生效日期"], ["B1", "C", "2020-01-01"]],
    }
    report = import_file(engine, workbook_source(sheets), options(accept_valid=True))
    assert (report.inserted, report.rejected) == (1, 2)
    assert codes(report) == {"required": 1, "unknown_reference": 1}


def test_faults_of_the_whole_file_are_not_accepted(sqlite_engine: Engine) -> None:
    report = import_file(sqlite_engine, rows_source(["诉求编号", "等级"], ["S1", "A"]), options(accept_valid=True))
    assert not report.written
    assert stored(sqlite_engine, import_batches) == []


def test_a_file_with_an_error_writes_nothing(engine: Engine) -> None:
    with_units(engine)
    before = _everything(engine)
    report = import_file(
        engine, rows_source(HEADER, ["S1", "2026-03-05 10:00", "A", "", "T1"], ["S2", "", "", "", ""]), options()
    )
    assert (report.written, report.inserted) == (False, 0)
    assert _everything(engine) == before


def test_an_interrupted_import_writes_nothing(engine: Engine) -> None:
    with_units(engine)
    before = _everything(engine)

    def interrupt(progress: object) -> None:
        if getattr(progress, "step", None) == "writing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_file(engine, FIRST, options(progress=interrupt))
    assert _everything(engine) == before
    assert import_file(engine, FIRST, options()).written


def test_two_imports_at_once(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    if engine.dialect.name == "sqlite":
        monkeypatch.setattr(exclusive_module, "begin", _impatient(exclusive_module.begin))
    with exclusive(engine), pytest.raises(ImportBusy, match="Another import"):
        import_file(engine, FIRST, options())


def _impatient(begin_before: Any) -> Any:
    def begin_at_once(engine: Engine) -> Any:
        with engine.pool.connect().dbapi_connection as raw:  # type: ignore[union-attr]
            raw.execute("PRAGMA busy_timeout=10")
        return begin_before(engine)

    return begin_at_once


def test_changes_are_noted_only_where_something_changed(engine: Engine) -> None:
    with_units(engine)
    import_file(engine, FIRST, options())
    import_file(engine, FIRST, options())
    with connect(engine) as connection:
        batches = select(import_changes.c.batch_id, func.count()).group_by(import_changes.c.batch_id)
        assert sorted(count for _batch, count in connection.execute(batches)) == [2, 2, 3]


def test_an_unknown_original_of_a_repeat_is_a_warning(sqlite_engine: Engine) -> None:
    source = rows_source(["诉求编号", "受理时间", "等级", "重复诉求原编号"], ["S1", "2026-03-05 10:00", "A", "S0"])
    report = import_file(sqlite_engine, source, options())
    assert report.written
    assert codes(report, Level.WARNING) == {"unknown_reference": 1}


def test_many_unknown_references_are_counted_exactly(engine: Engine) -> None:
    rows = [[f"S{number}", "2026-03-05 10:00", "A", "", f"X{number % 7}"] for number in range(350)]
    report = import_file(engine, rows_source(HEADER, *rows), options())
    assert codes(report) == {"unknown_reference": 350}
    assert len(report.problems) == 100


def test_many_repeated_keys_are_counted_exactly(engine: Engine) -> None:
    with_units(engine)
    rows = [["S1", "2026-03-05 10:00", "A", "", "T1"] for _number in range(151)]
    report = import_file(engine, rows_source(HEADER, *rows), options())
    assert codes(report) == {"repeated_key": 150}


def test_a_second_company_is_a_warning(sqlite_engine: Engine) -> None:
    with_units(sqlite_engine)
    report = import_file(sqlite_engine, text_source("id,name,kind\nD,别的公司,company\n"), options())
    assert report.written
    assert codes(report, Level.WARNING) == {"second_company": 1}


def test_times_are_those_of_the_company(engine: Engine, tmp_path: Path) -> None:
    import_file(engine, rows_source(HEADER[:3], ["S1", "2026-03-05 10:00", "A"]), options())
    assert stored(engine, cases, "received_at") == [(datetime(2026, 3, 5, 2, tzinfo=UTC),)]


LOG = """
[[table]]
name = "cases"
[table.columns]
case_no = "No"
received_at = "In"
grade = { constant = "A" }
responsible_unit_id = "Unit"
[table.event_log]
at = "At"
state = "State"
events = true
[table.event_log.first]
first_resolved_at = "Done"
"""
LOG_HEADER = ["No", "In", "Unit", "At", "State"]


def test_rejected_cases_of_an_event_log_take_their_events_with_them(engine: Engine) -> None:
    with_units(engine)
    day = "2026-03-05 "
    rows = [
        ["1", day + "08:00", "B1", day + "09:00", "New"],
        ["1", day + "08:00", "T9", day + "10:00", "Done"],
        ["2", day + "08:00", "B1", day + "09:00", "New"],
        ["2", day + "08:00", "T1", day + "11:00", "Done"],
    ]
    report = import_file(engine, rows_source(LOG_HEADER, *rows), options(LOG, accept_valid=True))
    assert (report.written, report.inserted, report.rejected) == (True, 2, 1)
    assert stored(engine, cases, "case_no", "responsible_unit_id") == [("2", "T1")]
    assert [row for (row,) in stored(engine, import_rejects, "row")] == [3]


def test_an_event_log_without_reopenings(engine: Engine) -> None:
    with_units(engine)
    rows = [["1", "2026-03-05 08:00", "B1", "2026-03-05 09:00", "New"]]
    report = import_file(engine, rows_source(LOG_HEADER, *rows), options(LOG.replace("events = true", "")))
    assert (report.written, report.inserted) == (True, 1)
    assert stored(engine, cases, "first_resolved_at", "reopened_at") == [(None, None)]


def test_an_event_log_without_its_columns_is_refused(sqlite_engine: Engine) -> None:
    report = import_file(sqlite_engine, rows_source(LOG_HEADER[:3], ["1", "2026-03-05 08:00", "B1"]), options(LOG))
    assert codes(report)["missing_column"] == 2


def test_long_file_names_fit(engine: Engine) -> None:
    source = rows_source(HEADER[:2], ["S1", "2026-03-05 10:00"], ["S2", "gestern"], name="n" * 700 + ".csv")
    report = import_file(engine, source, options(accept_valid=True))
    assert (report.inserted, report.rejected) == (1, 1)


def test_rows_are_read_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data_access.ingest.block.ROWS_PER_BLOCK", 10)
    pulled = []

    def rows() -> Any:
        for number in range(100):
            pulled.append(number)
            yield [f"S{number}"]

    header = Header(1, {"no": 0}, {0: "No"})
    blocks = raw_blocks(Sheet("s", rows, lambda: 0), header, (0,), frozenset())
    first = next(blocks)
    assert (first.rows[0], len(first.rows), len(pulled)) == (2, 10, 11)
    assert sum(len(block.rows) for block in blocks) == 89
