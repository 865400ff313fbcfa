"""The mapping: which of a file's columns becomes which of ours, and how the file is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from data_access.ingest.schema import TableRule, table_rules
from data_access.ingest.text import fold
from data_access.ingest.times import DateOrder


class RepeatedKeys(StrEnum):
    """What a key that stands twice in a file means."""

    ERROR = "error"
    LAST = "last"


@dataclass(frozen=True)
class ColumnMapping:
    """Where a column's values come from: a header of the file, or one constant for all rows.

    ``values`` says what a spelling of the file means. A column with ``accept`` takes codes as written.
    ``same_as`` names the column whose value stands in where this one's cell is blank.
    """

    target: str
    headers: tuple[str, ...] = ()
    constant: str | None = None
    values: tuple[tuple[str, str], ...] = ()
    accept: bool = False
    same_as: str | None = None

    def translations(self) -> Mapping[str, str]:
        """What each spelling of the file means, folded for comparison."""
        return {fold(spelling): value for spelling, value in self.values}


@dataclass(frozen=True)
class UnitLevel:
    """A kind of unit that is built: one fixed unit, or one for each combination of the columns' values.

    ``headers`` has one tuple of spellings for each column; the last one names the unit.
    """

    kind: str
    id: str | None = None
    name: str | None = None
    headers: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class UnitPlan:
    """How units are built as they are met, from the top down; the lowest one met goes into ``target``."""

    target: str
    valid_from: date
    levels: tuple[UnitLevel, ...]
    prefix: str = ""


@dataclass(frozen=True)
class EventLog:
    """How several rows of a case, one for each event, become one case.

    ``at`` is the header that tells when, ``sequence`` the one of a number that orders events of one time,
    ``state`` the one that says how the case stands after the event. ``first`` gives a column the time of the
    first event in one of the states, ``standing`` the first such time after the last reopening. ``reopened``
    is the header of a counter that grows with each reopening. Every other mapped column has the last
    event's value. ``events`` writes reopenings and changes of unit to ``case_events``.
    """

    at: tuple[str, ...]
    state: tuple[str, ...]
    sequence: tuple[str, ...] = ()
    reopened: tuple[str, ...] = ()
    first: tuple[tuple[str, tuple[str, ...]], ...] = ()
    standing: tuple[tuple[str, tuple[str, ...]], ...] = ()
    events: bool = False

    @property
    def derived(self) -> frozenset[str]:
        """The columns that the events' times fill."""
        reopened = {"reopened_at"} if self.reopened else set()
        return frozenset({name for name, _states in (*self.first, *self.standing)} | reopened)


@dataclass(frozen=True)
class TableMapping:
    """How one sheet becomes one table."""

    table: str
    columns: tuple[ColumnMapping, ...]
    sheets: tuple[str, ...] = ()
    """names of the sheet; empty: any sheet that has the columns"""
    units: UnitPlan | None = None
    log: EventLog | None = None

    @property
    def rule(self) -> TableRule:
        """The table's own rules."""
        return table_rules()[self.table]


@dataclass(frozen=True)
class FileMapping:
    """How one file becomes rows. ``time_zone`` None is the company's own.

    ``own_layout`` marks the project's own workbook, whose sheets may each be missing.
    """

    name: str
    tables: tuple[TableMapping, ...]
    time_zone: ZoneInfo | None = None
    date_order: DateOrder | None = None
    blanks: tuple[str, ...] = ()
    repeated_keys: RepeatedKeys = RepeatedKeys.ERROR
    whole_days_are_midnights: bool = False
    own_layout: bool = False


def own_layout() -> FileMapping:
    """The mapping of the project's own workbook, and of CSV files with one table's headers."""
    tables = tuple(
        TableMapping(
            rule.name,
            tuple(ColumnMapping(column.name, column.headers) for column in rule.columns),
            rule.sheets,
        )
        for rule in table_rules().values()
    )
    return FileMapping("huiyin", tables, own_layout=True)
