"""A template filled with thirty different kinds of mistakes gives thirty located messages in one pass."""

from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Engine

from data_access.ingest.importer import import_file
from data_access.ingest.messages import in_words
from data_access.ingest.problems import Level
from data_access.tables import SOURCE_TABLES
from tests.test_data_access.test_ingest.importing import filled_template, located, options, stored

GOOD = {"诉求编号": "S1", "受理时间": datetime(2026, 3, 5, 14, 20), "等级": "A级", "责任单位编码": "T1"}


def _case(number: str, **changes: object) -> dict[str, object]:
    return {**GOOD, "诉求编号": number, **changes}


UNITS = [
    {"单位编码": "C", "单位名称": "矿业公司", "单位类别": "公司"},
    {"单位编码": "B1", "单位名称": "采煤一区", "单位类别": "党支部"},
    {"单位编码": "T1", "单位名称": "采煤一班", "单位类别": "班组"},
    {"单位编码": "B2", "单位类别": "党支部"},
    {"单位编码": "B3", "单位名称": "三区", "单位类别": "三级单位"},
    {"单位编码": "B1", "单位名称": "又一个一区", "单位类别": "党支部"},
]
PARENTS = [
    {"单位编码": "B1", "上级单位编码": "C", "生效日期": date(2020, 1, 1)},
    {"单位编码": "T1", "上级单位编码": "B1", "生效日期": date(2020, 1, 1)},
    {"单位编码": "T1", "上级单位编码": "B9", "生效日期": date(2024, 1, 1)},
    {"单位编码": "B3", "上级单位编码": "B3", "生效日期": date(2021, 1, 1)},
]
CASES = [
    _case("S1"),
    _case("S2", 受理时间=None),
    _case("S3", 受理时间="三月五日"),
    _case("S4", 受理时间="05/03/2026"),
    _case("S5", 受理时间="2026-02-30"),
    _case("S6", 受理时间="2026-03-05 25:10"),
    _case("S7", 受理时间="26-3-5"),
    _case("S8", 受理时间="0206-03-05"),
    _case("S9", 渠道="电报"),
    _case("S10", 渠道="检举控告"),
    _case("S11", 满意度评分=9),
    _case("S12", 满意度评分="很好"),
    _case("S13", 转办次数=1.5),
    _case("S14", 是否保密="也许"),
    _case("S15", 责任单位编码="T9"),
    _case("S16", 责任单位编码="采煤一班"),
    _case("13812345678"),
    _case("11010519491231002X"),
    _case("S19", 重复诉求原编号="王师傅来电反映浴室没有热水，多次催促仍未解决。"),
    _case("S20", 重复诉求原编号="x" * 201),
    _case("S1"),
    _case("S22", 办结时间=datetime(2026, 3, 1, 9)),
    _case("S23", 首次联系时间=datetime(2027, 1, 1, 9)),
    _case("S24", 等级=None),
]
HEADCOUNTS = [
    {"单位编码": "T1", "月份": "2026-03-05", "职工人数": 20},
    {"单位编码": "T1", "月份": "2026-04", "职工人数": -1},
]
GROUPS = [{"群编号": "G1", "平台": "微信", "单位编码": "T1", "建群日期": datetime(2026, 3, 5, 14, 20)}]
GROUP_MONTHS = [{"群编号": "G9", "月份": "2026-03", "群成员数": 20, "活跃天数": 40}]
SCORES = [{"单位编码": "T1", "评分项目": "安全", "所属期首日": date(2026, 1, 1), "得分": -3, "满分": 100}]
ZONES = [
    {
        "责任区编号": "Z1",
        "层级": 1,
        "包保单位编码": "B1",
        "包保岗位代码": name,
        "被包保单位编码": "T1",
        "生效日期": date(2026, 3, 5),
        "失效日期": date(2026, 3, 1) if name == "张伟" else None,
    }
    | {"责任区编号": f"Z{number}"}
    for number, name in enumerate(("张伟", "王芳芳", "李强", "刘洋"))
]

SHEETS = {
    "单位": UNITS,
    "隶属关系": PARENTS,
    "诉求": CASES,
    "人数": HEADCOUNTS,
    "微信群": GROUPS,
    "群月度": GROUP_MONTHS,
    "外部评分": SCORES,
    "包保责任区": ZONES,
}

EXPECTED = {
    ("required", 5, "单位名称"),
    ("unknown_code", 6, "单位类别"),
    ("repeated_key", 7, "单位编码"),
    ("unknown_reference", 4, "上级单位编码"),
    ("parents_overlap", 4, "上级单位编码"),
    ("parents_in_circle", 5, "上级单位编码"),
    ("required", 3, "受理时间"),
    ("not_a_date", 4, "受理时间"),
    ("ambiguous_date", 5, "受理时间"),
    ("no_such_day", 6, "受理时间"),
    ("no_such_time", 7, "受理时间"),
    ("two_digit_year", 8, "受理时间"),
    ("year_out_of_range", 9, "受理时间"),
    ("unknown_code", 10, "渠道"),
    ("against_persons", 11, "渠道"),
    ("out_of_bounds", 12, "满意度评分"),
    ("not_a_number", 13, "满意度评分"),
    ("not_whole", 14, "转办次数"),
    ("not_a_flag", 15, "是否保密"),
    ("unknown_reference", 16, "责任单位编码"),
    ("name_instead_of_code", 17, "责任单位编码"),
    ("personal_content", 18, "诉求编号"),
    ("personal_content", 19, "诉求编号"),
    ("personal_content", 20, "重复诉求原编号"),
    ("too_long", 21, "重复诉求原编号"),
    ("repeated_key", 22, "诉求编号"),
    ("before_receipt", 23, "办结时间"),
    ("in_future", 24, "首次联系时间"),
    ("no_deadline", 25, "办结期限"),
    ("not_first_of_month", 2, "月份"),
    ("out_of_bounds", 3, "职工人数"),
    ("time_in_date", 2, "建群日期"),
    ("unknown_reference", 2, "群编号"),
    ("out_of_bounds", 2, "活跃天数"),
    ("negative", 2, "得分"),
    ("personal_column", None, "包保岗位代码"),
    ("days_out_of_order", 2, "失效日期"),
}


def test_thirty_kinds_of_mistakes_in_one_pass(engine: Engine, tmp_path: Path) -> None:
    report = import_file(engine, filled_template(tmp_path / "filled.xlsx", SHEETS), options())
    assert not report.written
    assert located(report) == EXPECTED
    assert len(EXPECTED) >= 30
    assert all(stored(engine, table) == [] for table in SOURCE_TABLES)


def test_every_message_says_what_is_wrong_and_what_would_be_right(sqlite_engine: Engine, tmp_path: Path) -> None:
    report = import_file(sqlite_engine, filled_template(tmp_path / "filled.xlsx", SHEETS), options())
    for problem in report.problems:
        for language in ("zh", "en"):
            message = in_words(problem, language)
            assert message.what
            assert message.right
            assert "…" not in message.what + message.right
            assert problem.sheet in message.place
    assert len({str(in_words(problem, "zh")) for problem in report.problems}) == len(report.problems)


def test_personal_content_is_never_repeated(sqlite_engine: Engine, tmp_path: Path) -> None:
    report = import_file(sqlite_engine, filled_template(tmp_path / "filled.xlsx", SHEETS), options())
    told = repr(report) + "".join(str(in_words(problem, "zh")) for problem in report.problems)
    for secret in ("13812345678", "11010519491231002X", "王师傅", "xxxx", "检举控告（", "张伟"):
        assert secret not in told


def test_the_good_rows_alone_are_written_on_demand(engine: Engine, tmp_path: Path) -> None:
    mending = {**SHEETS, "包保责任区": [], "隶属关系": PARENTS[:3]}
    source = filled_template(tmp_path / "filled.xlsx", mending)
    report = import_file(engine, source, options(accept_valid=True))
    assert report.written
    errors = {(problem.sheet, problem.row) for problem in report.problems if problem.level is Level.ERROR}
    assert report.rejected == len(errors)
    assert report.inserted + report.rejected == report.rows
