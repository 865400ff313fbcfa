"""Short ways to import a text or rows in a test, and to look at what came of it."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from openpyxl import Workbook, load_workbook
from sqlalchemy import Engine, Table, select

from data_access.engine import connect
from data_access.ingest.importer import Options, import_file
from data_access.ingest.mapping_file import load_mapping, parse_mapping
from data_access.ingest.problems import Level
from data_access.ingest.report import Report
from data_access.ingest.source import Source, from_path
from data_access.ingest.template import write_template
from metrics.vocabulary import load

FILES = Path(__file__).parent / "files"
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 6, 1, tzinfo=UTC)
VOCABULARY = load(None)

UNITS = "id,name,kind\nC,矿业公司,company\nB1,采煤一区,branch\nT1,采煤一班,team\n"
PARENTS = "unit_id,parent_id,valid_from\nB1,C,2020-01-01\nT1,B1,2020-01-01\n"


def options(mapping: str | None = None, **changes: object) -> Options:
    """Options for a mapping by name, by file of this folder, or as TOML text."""
    plain = Options("tester", SHANGHAI, VOCABULARY, now=NOW)
    if mapping is None:
        return replace(plain, **changes)
    if "\n" in mapping:
        return replace(plain, mapping=parse_mapping(mapping, "own.toml"), **changes)
    path = FILES / f"{mapping}.toml"
    return replace(plain, mapping=load_mapping(str(path) if path.exists() else mapping), **changes)


def sample(name: str) -> Source:
    return from_path(FILES / name)


def text_source(text: str, encoding: str = "utf-8", name: str = "file.csv") -> Source:
    return Source(name, text.encode(encoding))


def rows_source(*rows: Sequence[object], name: str = "file.csv") -> Source:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return text_source(buffer.getvalue(), name=name)


def workbook_source(sheets: dict[str, Sequence[Sequence[object]]], name: str = "file.xlsx") -> Source:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    return Source(name, saved(workbook))


def saved(workbook: Workbook) -> bytes:
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def filled_template(path: Path, sheets: dict[str, Sequence[dict[str, object]]]) -> Source:
    """The template with rows given by Chinese header."""
    write_template(path, VOCABULARY)
    workbook = load_workbook(path)
    for title, rows in sheets.items():
        sheet = workbook[title]
        columns = {cell.value: cell.column for cell in sheet[1]}
        for number, row in enumerate(rows, 2):
            for header, value in row.items():
                sheet.cell(number, columns[header], value)
    return Source(path.name, saved(workbook))


def with_units(engine: Engine) -> None:
    """A company C with a branch B1 and its team T1 in the database."""
    for name, text in (("units.csv", UNITS), ("parents.csv", PARENTS)):
        report = import_file(engine, text_source(text, name=name), options())
        assert report.written, report.problems


def stored(engine: Engine, table: Table, *names: str) -> list[tuple[object, ...]]:
    columns = [table.c[name] for name in names] if names else list(table.c)
    with connect(engine) as connection:
        return [tuple(row) for row in connection.execute(select(*columns).order_by(*table.primary_key))]


def codes(report: Report, level: Level = Level.ERROR) -> dict[str, int]:
    """How many problems of a level there are by code."""
    found: dict[str, int] = {}
    for kind, count in report.kinds:
        if kind.level is level:
            found[kind.code] = found.get(kind.code, 0) + count
    return found


def located(report: Report) -> set[tuple[str, int | None, str | None]]:
    return {(problem.code, problem.row, problem.column) for problem in report.problems}
