"""What the importer knows of each column beyond its type: its names, codes, bounds and references."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import Boolean, Column, Date, Float, Integer, Table

from data_access.instant import Instant
from data_access.tables import SOURCE_TABLES


class ColumnType(StrEnum):
    """How cells of a column are read."""

    TEXT = "text"
    CODE = "code"
    UNIT = "unit"
    INSTANT = "instant"
    DEADLINE = "deadline"
    DAY = "day"
    MONTH = "month"
    WHOLE = "whole"
    DECIMAL = "decimal"
    FLAG = "flag"


@dataclass(frozen=True)
class ColumnRule:
    """One column. ``headers`` are its Chinese and English names, the template's own first.

    ``codes`` names its section of the vocabulary; ``refers_to`` the table whose rows it must name. A
    ``personal`` column may hold the name of a unit or a post holder, which no other column may.
    """

    name: str
    type: ColumnType
    required: bool
    key: bool
    headers: tuple[str, ...]
    codes: str | None = None
    refers_to: str | None = None
    refers_strictly: bool = True
    minimum: int | None = None
    maximum: int | None = None
    personal: bool = False


@dataclass(frozen=True)
class TableRule:
    """One table: its sheet's names and its columns."""

    name: str
    sheets: tuple[str, ...]
    columns: tuple[ColumnRule, ...]

    def column(self, name: str) -> ColumnRule:
        """The column of that name; raises KeyError if there is none."""
        return {column.name: column for column in self.columns}[name]

    @property
    def key(self) -> tuple[str, ...]:
        """The names of the key's columns."""
        return tuple(column.name for column in self.columns if column.key)


SECTIONS = {
    ("org_units", "kind"): "unit_kinds",
    ("org_units", "function"): "functions",
    ("cases", "track"): "tracks",
    ("cases", "channel"): "channels",
    ("cases", "category"): "categories",
    ("cases", "grade"): "grades",
    ("cases", "outcome"): "outcomes",
    ("cases", "resolved_level"): "unit_kinds",
    ("cases", "rating_source"): "rating_sources",
    ("cases", "exclusion"): "exclusions",
    ("case_events", "kind"): "event_kinds",
    ("chat_groups", "platform"): "platforms",
    ("liaisons", "network"): "networks",
    ("duties", "kind"): "duty_kinds",
    ("consultations", "level"): "levels",
    ("activities", "kind"): "activity_kinds",
}
CASE_NUMBERS = frozenset({"case_no", "repeat_of"})
"""Columns whose numbers other systems give; those may be written like phone numbers."""

_REFERENCES = {"case_no": "cases", "repeat_of": "cases", "group_id": "chat_groups"}
_BOUNDS = {"tier": (1, 3), "rating": (1, 5), "planned": (1, None), "active_days": (0, 31)}
_PERSONAL = {"name", "party_lead", "administrative_lead", "evidence"}
_DEADLINES = {"response_due_at", "resolution_due_at", "due_at"}
_AUTOMATIC = {"updated_at"}
_RECORDED = ("登记入库时间", "recorded_at")


@cache
def table_rules() -> dict[str, TableRule]:
    """The rules of every table, in an order in which what is referred to comes first."""
    labels = tomllib.loads((files(__package__) / "labels.toml").read_text(encoding="utf-8"))
    return {table.name: _table_rule(table, labels[table.name]) for table in SOURCE_TABLES}


def source_table(name: str) -> Table:
    """The table of that name; raises KeyError if there is none."""
    return {table.name: table for table in SOURCE_TABLES}[name]


def _table_rule(table: Table, labels: dict[str, Any]) -> TableRule:
    columns = tuple(
        _column_rule(table, column, (*labels.get(column.name, _RECORDED), column.name))
        for column in table.columns
        if column.name not in _AUTOMATIC
    )
    return TableRule(table.name, (labels["sheet"], table.name), columns)


def _column_rule(table: Table, column: Column[Any], headers: tuple[str, ...]) -> ColumnRule:
    name, codes = column.name, SECTIONS.get((table.name, column.name))
    minimum, maximum = _BOUNDS.get(name, (0, None) if isinstance(column.type, Integer) else (None, None))
    refers_to = _refers_to(table, name)
    return ColumnRule(
        name=name,
        type=_type(column, codes, refers_to),
        required=not column.nullable and name != "recorded_at",
        key=column.primary_key,
        headers=headers,
        codes=codes,
        refers_to=refers_to,
        refers_strictly=name != "repeat_of",
        minimum=minimum,
        maximum=maximum,
        personal=name in _PERSONAL,
    )


def _refers_to(table: Table, name: str) -> str | None:
    if table.name == "org_units":
        return "org_units" if name == "successor_id" else None
    if name.endswith("unit_id") or name in ("parent_id", "department_id"):
        return "org_units"
    target = _REFERENCES.get(name)
    return target if target != table.name or name == "repeat_of" else None


def _type(column: Column[Any], codes: str | None, refers_to: str | None) -> ColumnType:
    if codes is not None:
        return ColumnType.CODE
    if refers_to == "org_units":
        return ColumnType.UNIT
    kind = column.type
    if isinstance(kind, Instant):
        return ColumnType.DEADLINE if column.name in _DEADLINES else ColumnType.INSTANT
    if isinstance(kind, Date):
        return ColumnType.MONTH if column.name == "month" else ColumnType.DAY
    if isinstance(kind, Boolean):
        return ColumnType.FLAG
    if isinstance(kind, Integer):
        return ColumnType.WHOLE
    return ColumnType.DECIMAL if isinstance(kind, Float) else ColumnType.TEXT
