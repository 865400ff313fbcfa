"""What people get to see: messages, the template, annotated copies."""

import io
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine

import data_access.ingest
from data_access.ingest.annotate import annotated_copy, write_annotated
from data_access.ingest.importer import check_file
from data_access.ingest.messages import explain, in_words, message_codes
from data_access.ingest.problems import Level, Problem
from data_access.ingest.schema import table_rules
from data_access.ingest.source import Source
from data_access.ingest.template import CHOICES, write_template
from tests.test_data_access.test_ingest.importing import (
    VOCABULARY,
    filled_template,
    options,
    rows_source,
    workbook_source,
)

BAD = [["诉求编号", "受理时间", "等级"], ["S1", "昨天", "Z"], ["S2", "2026-03-05 10:00", ""]]


def test_every_code_has_a_message_and_every_message_a_use() -> None:
    folder = Path(data_access.ingest.__file__).parent
    text = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    quoted = set(re.findall(r'"([a-z_]+)"', text))
    assert message_codes() <= quoted
    named = re.findall(r'(?:Fault|unreadable|_log)\(\s*"([a-z_]+)"', text)
    named += re.findall(r'Level\.(?:ERROR|WARNING|NOTE), "([a-z_]+)"', text)
    assert set(named) <= message_codes()


@pytest.mark.parametrize("code", sorted(message_codes()))
def test_messages_differ_by_language_and_stand_without_parameters(code: str) -> None:
    zh, en = explain(code, (), "zh"), explain(code, (), "en")
    assert len(zh) == len(en) == 2
    assert zh[0] != en[0]


def test_a_message_says_where_what_and_how() -> None:
    problem = Problem(Level.ERROR, "out_of_bounds", "诉求", 5, "满意度评分", "9", (("minimum", "1"), ("maximum", "5")))
    assert (
        str(in_words(problem, "zh")) == "错误：诉求，第 5 行，“满意度评分”列，值“9”：数字超出范围。应在 1 到 5 之间。"
    )
    assert str(in_words(problem, "en")) == (
        "Error: 诉求, row 5, column “满意度评分”, value “9”: The number is out of bounds. It must be from 1 to 5."
    )
    assert str(in_words(Problem(Level.ERROR, "password"), "en")).startswith("Error: The file is protected")


def test_parameters_are_in_the_readers_language() -> None:
    assert explain("unknown_reference", (("table", "org_units"),), "zh")[0] == "“单位”中没有这个编码"
    assert "a phone number" in explain("personal_content", (("reason", "phone"),), "en")[0]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_template_has_every_table_and_choices(tmp_path: Path, language: str) -> None:
    write_template(tmp_path / "template.xlsx", VOCABULARY, language)
    workbook = load_workbook(tmp_path / "template.xlsx")
    position = 0 if language == "zh" else 1
    sheets = [rule.sheets[position] for rule in table_rules().values()]
    assert workbook.sheetnames == ["填写说明", *sheets, CHOICES]
    cases = workbook[table_rules()["cases"].sheets[position]]
    rule = table_rules()["cases"]
    assert [cell.value for cell in cases[1]] == [
        column.headers[0] if language == "zh" else column.name for column in rule.columns
    ]
    assert cases.max_row == 1
    assert all(cell.comment is not None for cell in cases[1])
    offered = {str(offer.sqref).split("2:")[0] for offer in cases.data_validations.dataValidation}
    expected = {
        cell.column_letter
        for cell, column in zip(cases[1], rule.columns, strict=True)
        if column.codes or column.type == "flag"
    }
    assert offered == expected


@pytest.mark.parametrize("language", ["zh", "en"])
def test_choices_of_the_template_are_understood(tmp_path: Path, language: str) -> None:
    write_template(tmp_path / "template.xlsx", VOCABULARY, language)
    sheet = load_workbook(tmp_path / "template.xlsx")[CHOICES]
    for column in sheet.iter_cols(values_only=True):
        section, names = column[0], [name for name in column[1:] if name]
        if section:
            assert all(VOCABULARY.find(section, name) for name in names)


def test_an_annotated_copy_marks_the_cells(sqlite_engine: Engine) -> None:
    source = workbook_source({"诉求": BAD})
    report = check_file(sqlite_engine, source, options())
    workbook = load_workbook(io.BytesIO(annotated_copy(source, report, "zh")))
    assert workbook.sheetnames == ["问题清单", "诉求"]
    cell = workbook["诉求"]["B2"]
    assert cell.value == "昨天"
    assert "不是日期" in cell.comment.text
    assert cell.fill.fgColor.rgb == "FFF4C7C3"
    assert workbook["诉求"]["A3"].fill.fgColor.rgb == "FFFCE8B2"
    listed = [row[:4] for row in workbook["问题清单"].iter_rows(min_row=2, max_row=4, values_only=True)]
    assert ("错误", "诉求", 2, "受理时间") in listed


def test_two_problems_of_one_cell_share_its_comment(sqlite_engine: Engine) -> None:
    source = workbook_source({"诉求": [BAD[0], ["S1", "2026-03-05", "A"], ["S1", "2027-03-05", "A"]]})
    report = check_file(sqlite_engine, source, options())
    workbook = load_workbook(io.BytesIO(annotated_copy(source, report, "en")))
    assert "in the future" in workbook["诉求"]["B3"].comment.text
    assert "first in row 2" in workbook["诉求"]["A3"].comment.text


def test_a_csv_file_gets_the_list_alone(sqlite_engine: Engine, tmp_path: Path) -> None:
    source = rows_source(BAD[0], ["=1+1", "昨天", "@SUM(A1)"])
    report = check_file(sqlite_engine, source, options())
    write_annotated(tmp_path / "problems.xlsx", source, report, "en")
    workbook = load_workbook(tmp_path / "problems.xlsx")
    assert workbook.sheetnames == ["Problems"]
    values = [row[4] for row in workbook["Problems"].iter_rows(min_row=2, values_only=True)]
    assert "'@SUM(A1)" in values


def test_a_broken_workbook_gets_the_list_alone(sqlite_engine: Engine) -> None:
    source = Source("broken.xlsx", b"PK\x03\x04 broken")
    report = check_file(sqlite_engine, source, options())
    assert load_workbook(io.BytesIO(annotated_copy(source, report, "zh"))).sheetnames == ["问题清单"]


def test_a_template_filled_in_is_imported_whole(engine: Engine, tmp_path: Path) -> None:
    from data_access.ingest.importer import import_file

    sheets = {
        "单位": [
            {"单位编码": "C", "单位名称": "公司", "单位类别": "公司"},
            {"单位编码": "D", "单位名称": "党群部", "单位类别": "部室", "部室性质": "党群"},
            {"单位编码": "B1", "单位名称": "一区", "单位类别": "支部"},
            {"单位编码": "T1", "单位名称": "一班", "单位类别": "班组"},
        ],
        "隶属关系": [
            {"单位编码": "B1", "上级单位编码": "C", "生效日期": "2020-01-01"},
            {"单位编码": "T1", "上级单位编码": "B1", "生效日期": "2020年1月1日"},
        ],
        "诉求": [
            {
                "诉求编号": "S1",
                "双轨": "支部级",
                "渠道": "微信群",
                "类别": "工资",
                "等级": "A级",
                "受理时间": "2026年3月5日 14:20",
                "责任单位编码": "T1",
                "办理结果": "已解决",
                "满意度评分": 5,
                "是否保密": "否",
            }
        ],
        "诉求事件": [
            {
                "事件编号": "E1",
                "诉求编号": "S1",
                "事件类别": "转办",
                "事件时间": "2026-03-05 15:00",
                "原单位编码": "B1",
                "新单位编码": "T1",
                "决定岗位": "党支部书记",
            }
        ],
        "包保责任区": [
            {
                "责任区编号": "Z1",
                "层级": 1,
                "包保单位编码": "D",
                "包保岗位代码": "DQ-01",
                "被包保单位编码": "B1",
                "生效日期": "2026-01-01",
            }
        ],
        "履责记录": [
            {
                "记录编号": "L1",
                "履责事项": "思想动态分析报告",
                "单位编码": "B1",
                "所属期首日": "2026-03-01",
                "应完成数": 1,
                "已完成数": 1,
                "完成时间": "2026-04-02 09:00",
            }
        ],
        "联合会诊": [
            {
                "会诊编号": "H1",
                "会诊层级": "每月",
                "单位编码": "C",
                "召开日期": "2026-03-20",
                "提出问题数": 5,
                "解决问题数": 4,
            }
        ],
    }
    vocabulary = VOCABULARY
    sheets["联合会诊"][0]["会诊层级"] = vocabulary.words("levels")[0].zh
    report = import_file(engine, filled_template(tmp_path / "filled.xlsx", sheets), options())
    assert report.written, report.problems
    assert report.inserted == report.rows == sum(map(len, sheets.values()))
