"""Cells of every type, and what must never enter."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.ingest.codes import code_list, refusals
from data_access.ingest.instants import Clock
from data_access.ingest.mapping import ColumnMapping
from data_access.ingest.name_watch import NameWatch
from data_access.ingest.parsers import column_parser, day_parser, month_parser
from data_access.ingest.personal import (
    content_fault,
    header_fault,
    is_against_persons,
    is_fit_to_show,
    is_identity_number,
)
from data_access.ingest.problems import Fault
from data_access.ingest.schema import table_rules
from data_access.ingest.text import as_text, fold, fold_header, tidy
from data_access.ingest.values import (
    Remembering,
    parse_decimal,
    parse_flag,
    parse_open_text,
    parse_text,
    whole_number_parser,
)
from tests.test_data_access.test_ingest.importing import SHANGHAI, VOCABULARY

CLOCK = Clock(SHANGHAI)


def _code(value: object) -> str | None:
    return value.code if isinstance(value, Fault) else None


def test_text_is_tidied() -> None:
    assert tidy("　 Ｔ１\u00a0") == "T1"
    assert tidy("采煤\n一区") == "采煤 一区"
    assert tidy("采煤（一）区") == "采煤（一）区"
    assert as_text(3.0) == "3"
    assert as_text(" ") is None
    assert fold(" Ａ 级 ") == fold("a 级")
    assert fold_header("受 理_时间*") == "受理时间"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12", 12),
        ("１２", 12),
        ("1,234", 1234),
        (12.0, 12),
        (" 7 ", 7),
        ("+3", 3),
        ("3.0", 3),
        (None, None),
        ("", None),
    ],
)
def test_whole_numbers(cell: object, value: object) -> None:
    assert whole_number_parser(None, None)(cell) == value  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("十二", "not_a_number"),
        (True, "not_a_number"),
        (float("inf"), "not_a_number"),
        ("1e5", "not_a_number"),
        (".", "not_a_number"),
        ("9" * 30, "not_a_number"),
        ("1.5", "not_whole"),
        (0, "out_of_bounds"),
        ("6", "out_of_bounds"),
        (datetime(2026, 1, 1), "not_a_number"),
    ],
)
def test_what_is_no_whole_number(cell: object, code: str) -> None:
    assert _code(whole_number_parser(1, 5)(cell)) == code  # type: ignore[arg-type]


def test_numbers_that_would_not_fit_the_database_are_out_of_bounds() -> None:
    assert _code(whole_number_parser(0, None)("9999999999")) == "out_of_bounds"


def test_decimals() -> None:
    assert parse_decimal("92.5") == 92.5
    assert _code(parse_decimal(-1)) == "negative"
    assert parse_decimal(None) is None


@pytest.mark.parametrize("cell", ["是", "Y", "yes", "TRUE", "1", 1, 1.0, True, "√", "Ｙ"])
def test_yes(cell: object) -> None:
    assert parse_flag(cell) is True  # type: ignore[arg-type]


@pytest.mark.parametrize("cell", ["否", "n", "No", "false", "0", 0, False, "×"])
def test_no(cell: object) -> None:
    assert parse_flag(cell) is False  # type: ignore[arg-type]


def test_neither_yes_nor_no() -> None:
    assert _code(parse_flag("也许")) == "not_a_flag"
    assert parse_flag(" ") is None
    secret = parse_flag("13812345678")
    assert isinstance(secret, Fault)
    assert secret.secret


def test_one_and_true_are_told_apart_though_equal() -> None:
    remembering = Remembering(whole_number_parser(None, None))
    assert remembering("1") == 1
    assert remembering(1) == 1
    assert _code(remembering(True)) == "not_a_number"


def test_memory_of_a_parser_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data_access.ingest.values.MAXIMUM_REMEMBERED", 3)
    remembering = Remembering(parse_text)
    for number in range(10):
        remembering(f"S{number}")
    assert len(remembering) <= 3


def test_texts() -> None:
    assert parse_text("S1") == "S1"
    assert parse_text(None) is None
    assert _code(parse_text("x" * 201)) == "too_long"
    assert _code(parse_text("a\x00b")) == "control_character"
    assert _code(parse_text("x" * 81)) == "personal_content"
    assert parse_open_text("x" * 81) == "x" * 81
    assert parse_open_text(" ") is None


@pytest.mark.parametrize(
    "text",
    [
        "13812345678",
        "8613812345678",
        "电话138 1234 5678",
        "+86 13812345678",
        "010-62345678",
        "11010519491231002X",
        "11010519491231002x",
        "someone@example.com",
        "浴室没有热水，反映多次了。",
        "浴室几天没有热水了，什么时候才能修好？",
    ],
)
def test_personal_content(text: str) -> None:
    found = content_fault(text)
    assert isinstance(found, Fault)
    assert (found.code, found.secret) == ("personal_content", True)


@pytest.mark.parametrize(
    "text",
    [
        "101001240734",
        "INC0000045",
        "SQ-20260305-0001",
        "110105194912310021",
        "Heat - Excessive  Insufficient",
        "薪酬待遇",
        "2026-03-05",
        "010-62",
    ],
)
def test_codes_and_numbers_are_not_personal(text: str) -> None:
    assert content_fault(text) is None


@pytest.mark.parametrize(
    "text", ["13812345678", "张伟", "王小明说宿舍没有热水已经三天了", "11010519491231002X", "someone@example.com"]
)
def test_what_may_be_about_a_person_is_not_shown_again(text: str) -> None:
    assert not is_fit_to_show(text)


@pytest.mark.parametrize("text", ["", "不详", "去年三月", "wechat grup", "2026-02-30", "综采一队党支部"])
def test_other_mistakes_are_shown(text: str) -> None:
    assert is_fit_to_show(text)


def test_identity_numbers_need_a_birthday_and_the_right_check_digit() -> None:
    assert is_identity_number("11010519491231002X")
    assert not is_identity_number("110105194912310021")
    assert not is_identity_number("110105194913310021")
    assert not is_identity_number("11010518491231002X")


@pytest.mark.parametrize(
    "header",
    [
        "姓名",
        "联系人",
        "诉求人姓名",
        "手机号",
        "联系电话",
        "身份证号",
        "家庭住址",
        "诉求内容",
        "备注",
        "Name",
        "caller_name",
        "contactPhone",
        "Phone Number",
        "ID card",
        "E-mail",
        "Description",
        "case text",
    ],
)
def test_headers_of_personal_columns(header: str) -> None:
    found = header_fault(header)
    assert found is not None
    assert found.code == "personal_header"


@pytest.mark.parametrize(
    "header",
    [
        "诉求编号",
        "单位名称",
        "类别",
        "Agency Name",
        "SUBJECT",
        "TYPE",
        "Unique Key",
        "Complaint Type",
        "assignment_group",
        "受理时间",
    ],
)
def test_headers_of_other_columns(header: str) -> None:
    assert header_fault(header) is None


@pytest.mark.parametrize(
    "text", ["检举控告", "匿名举报", "举报信箱", "纪检监察信访举报", "whistle-blowing", "Report against a person"]
)
def test_reports_against_persons(text: str) -> None:
    assert is_against_persons(text) or refusals(VOCABULARY).fault(text)


@pytest.mark.parametrize("text", ["安全隐患举报", "书记信箱", "热线", "Self Service"])
def test_other_channels(text: str) -> None:
    assert refusals(VOCABULARY).fault(text) is None


def _parser(table: str, column: str, **mapping: object):
    rule = table_rules()[table].column(column)
    codes = None if rule.codes is None else code_list(VOCABULARY, rule.codes)
    return column_parser(rule, ColumnMapping(column, **mapping), codes, refusals(VOCABULARY), CLOCK)  # type: ignore[arg-type]


def test_codes_by_code_and_by_name_in_either_language() -> None:
    parse = _parser("cases", "channel")
    assert {parse(text) for text in ("hotline", "热线电话", "Hotline", "热线", " HOTLINE ")} == {"hotline"}
    fault = parse("电报")
    assert isinstance(fault, Fault)
    assert fault.code == "unknown_code"
    assert "书记信箱 letterbox" in fault.parameters[0][1]


def test_an_unknown_code_that_looks_personal_is_not_repeated() -> None:
    fault = _parser("cases", "category")("13812345678")
    assert isinstance(fault, Fault)
    assert fault.secret


def test_accepted_codes_are_taken_as_written_unless_refused() -> None:
    parse = _parser("cases", "category", accept=True)
    assert parse("Street Lights") == "Street Lights"
    assert _code(parse("检举控告")) == "against_persons"
    assert _code(parse("x" * 100)) == "personal_content"


def test_translations_come_first() -> None:
    parse = _parser("cases", "grade", values=(("1 - Critical", "A"),))
    assert parse("1 - critical") == "A"
    assert parse("B") == "B"
    assert parse(None) is None


def test_days_and_months() -> None:
    assert day_parser(CLOCK)("2026年3月5日") == "2026-03-05"
    assert day_parser(CLOCK)(datetime(2026, 3, 5)) == "2026-03-05"
    assert _code(day_parser(CLOCK)("2026-03-05 14:20")) == "time_in_date"
    assert day_parser(CLOCK)(None) is None
    parse = month_parser(CLOCK)
    assert {parse(cell) for cell in ("2026-03", "2026年3月", "2026/3", "2026.03", "2026-03-01", date(2026, 3, 1))} == {
        "2026-03-01"
    }
    assert _code(parse("2026-03-05")) == "not_first_of_month"
    assert _code(parse("2026-13")) == "no_such_day"
    assert _code(parse("三月")) == "not_a_date"


def test_a_column_of_names_is_noticed() -> None:
    watch = NameWatch()
    watch.look("sponsor_post", ["张伟", "王芳芳", None, "李强", "张伟"])
    watch.look("decided_by", ["书记", "安全员", "高工", "区长"])
    watch.look("case_no", ["S1", "S2", "S3"])
    assert watch.columns_of_names() == ["sponsor_post"]


@given(st.text(max_size=40))
def test_no_text_breaks_a_parser(text: str) -> None:
    for parse in (
        parse_text,
        parse_open_text,
        parse_flag,
        parse_decimal,
        whole_number_parser(0, 9),
        day_parser(CLOCK),
        month_parser(CLOCK),
        _parser("cases", "channel"),
    ):
        parse(text)
    header_fault(text)
