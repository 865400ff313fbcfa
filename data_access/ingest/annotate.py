"""A copy of the file in which the problems are shown where they are."""

import io
from collections.abc import Iterable
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from data_access.ingest.messages import in_words, level_name
from data_access.ingest.problems import Kind, Level, Problem
from data_access.ingest.report import Report
from data_access.ingest.source import Source
from data_access.ingest.text import as_text, fold_header
from data_access.ingest.workbook import ZIP

MAXIMUM_BYTES = 20_000_000
"""A larger workbook would not fit into memory cell by cell; it gets the list of problems alone."""

LISTING = {"zh": "问题清单", "en": "Problems"}
_COLOURS = {Level.ERROR: "FFF4C7C3", Level.WARNING: "FFFCE8B2", Level.NOTE: "FFE8EEF5"}
_HEADERS = {
    "zh": ("级别", "工作表", "行", "列", "值", "问题", "应当怎样"),
    "en": ("Level", "Sheet", "Row", "Column", "Value", "What is wrong", "What would be right"),
}
_COUNTS = {
    "zh": ("级别", "工作表", "列", "代码", "数量"),
    "en": ("Level", "Sheet", "Column", "Code", "How many"),
}
_FORMULA_SIGNS = ("=", "+", "-", "@")


def annotated_copy(source: Source, report: Report, language: str) -> bytes:
    """The workbook with problem cells coloured and commented, and a sheet that lists all problems.

    A CSV file, an old .xls and a workbook too large or broken get a new workbook with the list alone.
    """
    workbook = _copy(source)
    if workbook is None:
        workbook = Workbook()
        workbook.remove(workbook.active)
    else:
        for name in workbook.sheetnames:
            _mark(workbook[name], [problem for problem in report.problems if problem.sheet == name], language)
    _list(workbook, report, language)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def write_annotated(path: Path, source: Source, report: Report, language: str) -> None:
    """Write the annotated copy; raises OSError if the file can't be written."""
    path.write_bytes(annotated_copy(source, report, language))


def _copy(source: Source) -> Workbook | None:
    try:
        with source.open() as stream:
            content = stream.read(MAXIMUM_BYTES + 1)
        return load_workbook(io.BytesIO(content)) if content.startswith(ZIP) and len(content) <= MAXIMUM_BYTES else None
    except Exception:
        # Whatever is wrong with the file, the list of problems says so.
        return None


def _mark(sheet: Worksheet, problems: Iterable[Problem], language: str) -> None:
    columns: dict[str, int] = {}
    texts: dict[tuple[int, int], list[str]] = {}
    levels: dict[tuple[int, int], Level] = {}
    for problem in problems:
        if problem.row is None:
            continue
        place = (problem.row, _column(sheet, problem.column, columns))
        message = in_words(problem, language)
        texts.setdefault(place, []).append(f"{message.level}: {message.advice}")
        if levels.get(place) is not Level.ERROR:
            levels[place] = problem.level
    for place, lines in texts.items():
        cell = sheet.cell(*place)
        cell.fill = PatternFill("solid", fgColor=_COLOURS[levels[place]])
        cell.comment = Comment("\n".join(lines), "Huiyin", height=140, width=360)


def _column(sheet: Worksheet, header: str | None, known: dict[str, int]) -> int:
    """The number of the column with the header; the first one where there is none."""
    if not known:
        for row in sheet.iter_rows(max_row=30):
            for cell in row:
                if (text := as_text(cell.value)) is not None:
                    known.setdefault(fold_header(text), cell.column)
    return known.get(fold_header(header or ""), 1)


def _list(workbook: Workbook, report: Report, language: str) -> None:
    language = "zh" if language == "zh" else "en"
    sheet = workbook.create_sheet(LISTING[language], 0)
    sheet.append(_HEADERS[language])
    for problem in report.problems:
        message = in_words(problem, language)
        cells = (message.level, problem.sheet, problem.row, problem.column, problem.value, message.what, message.right)
        sheet.append([_plain(cell) for cell in cells])
        sheet.cell(sheet.max_row, 1).fill = PatternFill("solid", fgColor=_COLOURS[problem.level])
    sheet.append([])
    sheet.append(_COUNTS[language])
    for kind, count in report.kinds:
        sheet.append([_plain(cell) for cell in _count_row(kind, count, language)])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFG", (10, 20, 8, 20, 24, 60, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    workbook.active = 0


def _count_row(kind: Kind, count: int, language: str) -> tuple[str | int | None, ...]:
    return level_name(kind.level, language), kind.sheet, kind.column, kind.code, count


def _plain(cell: str | int | None) -> str | int | None:
    """The cell so that no spreadsheet takes a value from the file for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_SIGNS) else cell
