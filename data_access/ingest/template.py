"""The project's own workbook, empty: one sheet a table, with choices to pick from and an explanation."""

from collections.abc import Iterator
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from data_access.ingest.codes import CodeList, code_list
from data_access.ingest.matching import EXPLANATIONS
from data_access.ingest.schema import ColumnRule, ColumnType, TableRule, source_table, table_rules
from metrics.vocabulary import Vocabulary

CHOICES = "可选项"
"""The hidden sheet with the choices that lists of cells offer."""

LAST_ROW = 100_000
"""Down to this row cells offer their choices."""

_INK, _PAPER = "FF17324D", "FFE8EEF5"
_FORMS = {
    ColumnType.TEXT: ("编号或文字，最多 200 个字符", "number or text of at most 200 characters"),
    ColumnType.CODE: ("从列表中选一项", "one of the choices"),
    ColumnType.UNIT: ("单位编码（见“单位”工作表）", "a unit's code, as on the sheet of units"),
    ColumnType.INSTANT: ("时间，如 2026-03-05 14:20", "a time such as 2026-03-05 14:20"),
    ColumnType.DEADLINE: (
        "时间，如 2026-03-05 14:20；只写日期即当日 24:00",
        "a time such as 2026-03-05 14:20; a date alone ends at 24:00",
    ),
    ColumnType.DAY: ("日期，如 2026-03-05", "a day such as 2026-03-05"),
    ColumnType.MONTH: ("月份，如 2026-03", "a month such as 2026-03"),
    ColumnType.WHOLE: ("整数", "a whole number"),
    ColumnType.DECIMAL: ("数字", "a number"),
    ColumnType.FLAG: ("是 或 否", "yes or no (是, 否)"),
}
_YES_NO = {"zh": ("是", "否"), "en": ("yes", "no")}


def write_template(path: Path, vocabulary: Vocabulary, language: str = "zh") -> None:
    """Write the empty workbook with headers and choices in a language; raises OSError if that can't be done."""
    workbook = Workbook()
    explanations = workbook.active
    explanations.title = EXPLANATIONS
    choices = workbook.create_sheet(CHOICES)
    choices.sheet_state = "hidden"
    columns = _write_choices(choices, vocabulary, language)
    for rule in table_rules().values():
        sheet = workbook.create_sheet(rule.sheets[0] if language == "zh" else rule.name)
        _write_table(sheet, rule, columns, language)
    _explain(explanations, vocabulary)
    workbook.move_sheet(CHOICES, len(workbook.sheetnames))
    workbook.save(path)


def _write_choices(sheet: Worksheet, vocabulary: Vocabulary, language: str) -> dict[str, str]:
    """Fill the sheet of choices; where each section's choices stand, as a formula."""
    found = {}
    sections = sorted({column.codes for rule in table_rules().values() for column in rule.columns if column.codes})
    listed = {section: _names(code_list(vocabulary, section), language) for section in sections}
    listed[""] = _YES_NO[language]
    for number, (section, names) in enumerate(listed.items(), 1):
        for row, name in enumerate((section, *names), 1):
            sheet.cell(row, number, name)
        letter = get_column_letter(number)
        found[section] = f"'{CHOICES}'!${letter}$2:${letter}${len(names) + 1}"
    return found


def _names(codes: CodeList, language: str) -> tuple[str, ...]:
    return tuple(word.name(language) for word in codes.words)


def _write_table(sheet: Worksheet, rule: TableRule, choices: dict[str, str], language: str) -> None:
    sheet.freeze_panes = "A2"
    for number, column in enumerate(rule.columns, 1):
        header = column.headers[0] if language == "zh" else column.name
        cell = sheet.cell(1, number, header)
        cell.font = Font(bold=True, color=_INK)
        cell.fill = PatternFill("solid", fgColor=_PAPER)
        cell.alignment = Alignment(horizontal="center")
        cell.comment = Comment("\n".join(_describe(rule, column)), "Huiyin", height=120, width=320)
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = max(14, 2.2 * len(header) + 2)
        _format(sheet, letter, column)
        _offer(sheet, letter, column, choices)


def _format(sheet: Worksheet, letter: str, column: ColumnRule) -> None:
    """Codes are text, so that Excel doesn't take leading zeros away."""
    if column.type in (ColumnType.TEXT, ColumnType.UNIT, ColumnType.MONTH):
        sheet.column_dimensions[letter].number_format = "@"
    elif column.type in (ColumnType.INSTANT, ColumnType.DEADLINE):
        sheet.column_dimensions[letter].number_format = "yyyy-mm-dd hh:mm"
    elif column.type is ColumnType.DAY:
        sheet.column_dimensions[letter].number_format = "yyyy-mm-dd"


def _offer(sheet: Worksheet, letter: str, column: ColumnRule, choices: dict[str, str]) -> None:
    if column.codes is None and column.type is not ColumnType.FLAG:
        return
    offer = DataValidation(type="list", formula1=choices[column.codes or ""], allow_blank=True, showErrorMessage=True)
    offer.error, offer.errorTitle = "请从列表中选择 / choose from the list", column.headers[0]
    offer.add(f"{letter}2:{letter}{LAST_ROW}")
    sheet.add_data_validation(offer)


def _describe(rule: TableRule, column: ColumnRule) -> Iterator[str]:
    zh, en = _FORMS[column.type]
    need = ("必填", "required") if column.required else ("可空", "may be blank")
    yield f"{need[0]}；{zh}"
    yield f"{column.name}: {source_table(rule.name).c[column.name].comment}"
    yield f"{need[1]}; {en}"


def _explain(sheet: Worksheet, vocabulary: Vocabulary) -> None:
    """Fill the sheet that explains every column in both languages."""
    rows: list[tuple[str, ...]] = [
        ("回音数据填写说明 / How to fill in this workbook",),
        ("每张工作表是一类数据，不需要的工作表留空即可；不要改动表头。",),
        ("不得填写诉求人的姓名、电话、证件号码和诉求内容；检举控告不得录入。",),
        ("Each sheet is one kind of data; leave those you don't need empty and keep the headers as they are.",),
        ("Never give names, phone or ID numbers of appellants or texts of cases; no reports against persons.",),
        (),
        ("工作表", "列", "必填", "怎样填写", "可选项", "Column", "How to fill it in"),
        *_column_rows(vocabulary),
    ]
    for row in rows:
        sheet.append(row)
    sheet["A1"].font = Font(bold=True, size=14, color=_INK)
    for cell in sheet[7]:
        cell.font = Font(bold=True, color=_INK)
    for letter, width in zip("ABCDEFG", (14, 20, 8, 44, 60, 22, 50), strict=True):
        sheet.column_dimensions[letter].width = width


def _column_rows(vocabulary: Vocabulary) -> Iterator[tuple[str, ...]]:
    for rule in table_rules().values():
        for column in rule.columns:
            zh, en = _FORMS[column.type]
            offered = "、".join(_names(code_list(vocabulary, column.codes), "zh")) if column.codes else ""
            comment = source_table(rule.name).c[column.name].comment or ""
            need = "是" if column.required else ""
            yield rule.sheets[0], column.headers[0], need, zh, offered, column.name, f"{comment}; {en}"
