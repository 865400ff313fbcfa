"""The page docs/data-contract.md, made from the tables, so that it can't say anything else than they do."""

from pathlib import Path

from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Float, Integer, LargeBinary, String, Table, Text
from sqlalchemy.types import TypeEngine

from data_access.instant import Instant
from data_access.rollup_tables import ROLLUP_TABLES
from data_access.tables import OWN_TABLES, SOURCE_TABLES

DOCUMENT = Path("docs") / "data-contract.md"
"""Where the page lies in the project's folder."""

_INTRODUCTION = """\
# The data contract

This page is made from `data_access/tables.py` by `python -m data_access.contract_document`; change
the tables, not the page.

The shared database is written by other systems and by `huiyin import`, and read by the dashboard.

- An **instant** is a point in time with its time zone. PostgreSQL stores `timestamptz`, SQLite UTC text of fixed
  width such as `2026-03-05 06:20:00.000000`.
- A **date** is a local day in the company's time zone (`HUIYIN_TIME_ZONE`). Where a range of days has two ends, the
  first day belongs to it and the second doesn't.
- An empty field means: not known, or not happened. It never means zero, or no.
- Codes are those of `metrics/vocabulary.toml`, or of the company's own file (`HUIYIN_VOCABULARY`).
- Whoever writes a row sets `updated_at` to the time of writing; what is cached depends on it.
- Nothing about the people who speak belongs here: no name, phone number, ID number or text of a case. Reports
  against a person never enter.
- References are not enforced by the database: a row that points nowhere is counted on the Data page, not lost.
"""

_SOURCE = """\
## Source tables

Other systems and the importer write these; the dashboard only reads them.
"""

_OWN = """\
## The dashboard's own tables

These lie in the schema `assessment` on PostgreSQL; on SQLite their names begin with `assessment_`. Nobody else writes
them.
"""

_ROLLUPS = """\
## Rollups

Counts kept ready, made from the source tables by `huiyin refresh`. They lie where the dashboard's own tables lie, and
nothing is lost with them: they can be made again.
"""


def contract_document() -> str:
    """The whole page as Markdown: each table with what one row is, and each column."""
    sections = ((_SOURCE, SOURCE_TABLES), (_OWN, OWN_TABLES), (_ROLLUPS, ROLLUP_TABLES))
    parts = (part for title, tables in sections for part in (title, *map(_section, tables)))
    return "\n".join((_INTRODUCTION, *parts))


def write_contract_document(folder: Path) -> Path:
    """The path of the page, written anew into a project's folder; raises OSError if it can't be."""
    path = folder / DOCUMENT
    path.write_text(contract_document(), encoding="utf-8")
    return path


def _section(table: Table) -> str:
    lines = [
        f"### {table.fullname}",
        "",
        f"One row is {table.comment}.",
        "",
        "| column | type | required | meaning |",
        "|---|---|---|---|",
        *map(_line, table.columns),
    ]
    return "\n".join(lines) + "\n"


def _line(column: Column[object]) -> str:
    required = "key" if column.primary_key else "" if column.nullable else "yes"
    return f"| `{column.name}` | {_type_name(column.type)} | {required} | {column.comment} |"


def _type_name(kind: TypeEngine[object]) -> str:
    if isinstance(kind, String) and kind.length:
        return f"text, at most {kind.length} characters"
    return next(name for known, name in _NAMES if isinstance(kind, known))


_NAMES: tuple[tuple[type, str], ...] = (
    (Instant, "instant"),
    (Date, "date"),
    (LargeBinary, "bytes"),
    (Boolean, "yes or no"),
    (BigInteger, "large whole number"),
    (Integer, "whole number"),
    (Float, "number"),
    (JSON, "JSON"),
    (Text, "text"),
)


if __name__ == "__main__":
    write_contract_document(Path())
