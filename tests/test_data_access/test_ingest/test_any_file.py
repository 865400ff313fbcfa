"""Whatever the file holds, the importer answers with a report and never breaks."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from data_access.ingest.annotate import annotated_copy
from data_access.ingest.importer import check_file
from data_access.ingest.messages import in_words
from data_access.ingest.report import Report
from data_access.ingest.source import Source
from tests.test_data_access.test_ingest.importing import FILES, NOW, options, rows_source, workbook_source

anything = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
WORKBOOK = workbook_source({"诉求": [["诉求编号", "受理时间"], ["S1", NOW.replace(tzinfo=None)]]}).content
MARCH = (FILES / "boston311_march.xlsx").read_bytes()
TEXT = (FILES / "boston311-100.csv").read_bytes()
assert isinstance(WORKBOOK, bytes)

HEADERS = [
    "诉求编号",
    "受理时间",
    "等级",
    "渠道",
    "满意度评分",
    "办结期限",
    "是否保密",
    "责任单位编码",
    "case_no",
    "姓名",
    "",
    "x",
]
cells = st.one_of(
    st.text(max_size=15),
    st.sampled_from(
        ["2026-03-05 14:20", "05/03/2026", "46086", "是", "A级", "13812345678", "检举", "\x00", '"', "=1+1"]
    ),
)


def _answers(engine: Engine, content: bytes, mapping: str | None = None) -> Report:
    source = Source("any", content)
    report = check_file(engine, source, options(mapping))
    assert not report.written
    for problem in report.problems:
        assert str(in_words(problem, "zh"))
        assert str(in_words(problem, "en"))
    return report


@given(st.binary(max_size=400))
@anything
def test_any_bytes(sqlite_engine: Engine, content: bytes) -> None:
    _answers(sqlite_engine, content)


@given(st.text(max_size=400), st.sampled_from(["utf-8", "utf-16", "gb18030"]))
@anything
def test_any_text(sqlite_engine: Engine, text: str, encoding: str) -> None:
    _answers(sqlite_engine, text.encode(encoding, errors="ignore"))


@given(st.lists(st.lists(cells, max_size=12), max_size=12), st.booleans())
@anything
def test_any_cells_below_a_header(sqlite_engine: Engine, rows: list[list[str]], accept_valid: bool) -> None:
    source = rows_source(HEADERS[:8], *rows)
    report = check_file(sqlite_engine, source, replace(options(), accept_valid=accept_valid))
    annotated_copy(source, report, "zh")


@given(st.lists(st.sampled_from(HEADERS), max_size=12), st.lists(st.lists(cells, max_size=12), max_size=4))
@anything
def test_any_headers(sqlite_engine: Engine, header: list[str], rows: list[list[str]]) -> None:
    check_file(sqlite_engine, rows_source(header, *rows), options())


def _mangled(content: bytes, changes: list[tuple[int, int]]) -> bytes:
    mangled = bytearray(content)
    for place, byte in changes:
        mangled[place % len(mangled)] = byte
    return bytes(mangled)


changes = st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), min_size=1, max_size=8)


@given(changes)
@anything
def test_mangled_workbooks(sqlite_engine: Engine, places: list[tuple[int, int]]) -> None:
    assert isinstance(WORKBOOK, bytes)
    _answers(sqlite_engine, _mangled(WORKBOOK, places))


@given(changes, st.integers(0, len(MARCH)))
@settings(parent=anything, max_examples=15)
def test_mangled_and_cut_real_workbooks(sqlite_engine: Engine, places: list[tuple[int, int]], length: int) -> None:
    _answers(sqlite_engine, _mangled(MARCH, places), "boston311")
    _answers(sqlite_engine, MARCH[:length], "boston311")


@given(changes, st.integers(0, len(TEXT)))
@settings(parent=anything, max_examples=20)
def test_mangled_and_cut_text(sqlite_engine: Engine, places: list[tuple[int, int]], length: int) -> None:
    _answers(sqlite_engine, _mangled(TEXT, places), "formats_iso")
    _answers(sqlite_engine, TEXT[:length], "formats_iso")


def test_a_report_is_small_whatever_the_file(sqlite_engine: Engine) -> None:
    rows = [["S", "x", "y", "z", "9", "q", "w", "T"] for _row in range(3000)]
    report = check_file(sqlite_engine, rows_source(HEADERS[:8], *rows), options())
    assert len(report.problems) <= 2000
    assert len(annotated_copy(rows_source(HEADERS[:8], *rows), report, "en")) < 1 << 20
