"""What differs between SQLite and PostgreSQL, so that every other module writes one statement for both.

Instants are ``timestamptz`` on PostgreSQL and fixed-width UTC text on SQLite (see ``instant.py``). SQLite's
date functions round to milliseconds, so here they only ever see whole seconds; the digits behind are
handled as text and integers.
"""

import re
from datetime import datetime
from functools import reduce
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Boolean, Date, Integer, String, Table, case, literal, literal_column
from sqlalchemy.engine import Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import func
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement

from data_access.instant import Instant
from data_access.tables import OWN_SCHEMA
from data_access.zone_offsets import offset_case

InstantValue = ColumnElement[Any] | datetime
Whole = ColumnElement[int] | int

UNLIMITED = "huiyin_unlimited"
"""Execution option that frees a SQLite connection's statements from the time limit."""

_OWN_PREFIX = re.compile(rf"\b{OWN_SCHEMA}\.")


def with_own_prefix(statement: str) -> str:
    """The statement with the schema of our own tables turned into a name prefix, for SQLite."""
    return _OWN_PREFIX.sub(f"{OWN_SCHEMA}_", statement)


def own_name(table: Table, dialect_name: str) -> tuple[str | None, str]:
    """Schema and name under which a table is found in a database of that dialect."""
    if table.schema is None or dialect_name != "sqlite":
        return table.schema, table.name
    return None, f"{table.schema}_{table.name}"


class MinutesBetween(FunctionElement[int]):
    """Whole minutes from one instant to another, rounded up; negative or zero if the second isn't later."""

    type = Integer()
    inherit_cache = True


def minutes_between(start: InstantValue, end: InstantValue) -> MinutesBetween:
    """Whole minutes from ``start`` to ``end``, rounded up, exact to the microsecond; NULL if either is."""
    return MinutesBetween(instant(start), instant(end))


_UP = "(({0} + 360000000059999999) / 60000000 - 6000000000)"
"""Microseconds to minutes, rounded up. Integer division cuts towards zero, so that 6,000,000,000 minutes are
added first and taken away again: more than lie between any two instants, so that nothing is below zero."""


@compiles(MinutesBetween, "postgresql")
def _minutes_on_postgresql(element: MinutesBetween, compiler: SQLCompiler, **options: object) -> str:
    start, end = (compiler.process(clause, **options) for clause in element.clauses)
    return _UP.format(f"CAST(EXTRACT(EPOCH FROM {end} - {start}) * 1000000 AS BIGINT)")


@compiles(MinutesBetween, "sqlite")
def _minutes_on_sqlite(element: MinutesBetween, compiler: SQLCompiler, **options: object) -> str:
    start, end = (compiler.process(clause, **options) for clause in element.clauses)
    seconds = "CAST(strftime('%s', substr({0}, 1, 19)) AS INTEGER) * 1000000 + CAST(substr({0}, 21, 6) AS INTEGER)"
    return _UP.format(f"{seconds.format(end)} - ({seconds.format(start)})")


class DaysApart(FunctionElement[bool]):
    """Whether an instant is more than some days of 24 hours later than another.

    SQLite rounds to milliseconds; on PostgreSQL it is true of an instant without beginning or end.
    """

    type = Boolean()
    inherit_cache = True


def days_apart(start: InstantValue, end: InstantValue, days: int) -> DaysApart:
    """Whether ``end`` is more than so many days later, written for indexes; NULL if either is."""
    # Part of the text, not a parameter: an index that holds only such rows must be known by it.
    return DaysApart(instant(start), instant(end), literal_column(str(days)))


@compiles(DaysApart, "postgresql")
def _days_apart_on_postgresql(element: DaysApart, compiler: SQLCompiler, **options: object) -> str:
    start, end, days = (compiler.process(clause, **options) for clause in element.clauses)
    finite = f"isfinite({end}) AND isfinite({start})"
    return f"(CASE WHEN {finite} THEN {end} - {start} > INTERVAL '{days} days' ELSE true END)"


@compiles(DaysApart, "sqlite")
def _days_apart_on_sqlite(element: DaysApart, compiler: SQLCompiler, **options: object) -> str:
    start, end, days = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(julianday({end}) - julianday({start}) > {days})"


class LocalDate(FunctionElement[Any]):
    """The local day of an instant in a time zone."""

    type = Date()
    inherit_cache = True


def local_date(column: InstantValue, time_zone: ZoneInfo) -> LocalDate:
    """The local day of an instant in the time zone; NULL for NULL."""
    # The zone is part of the text, not a parameter, so that it is part of the statement's cache key.
    return LocalDate(instant(column), literal_column(f"'{time_zone.key}'"))


@compiles(LocalDate, "postgresql")
def _local_date_on_postgresql(element: LocalDate, compiler: SQLCompiler, **options: object) -> str:
    column, zone = (compiler.process(clause, **options) for clause in element.clauses)
    return f"CAST(timezone({zone}, {column}) AS DATE)"


@compiles(LocalDate, "sqlite")
def _local_date_on_sqlite(element: LocalDate, compiler: SQLCompiler, **options: object) -> str:
    column, zone = (compiler.process(clause, **options) for clause in element.clauses)
    return f"date(substr({column}, 1, 19), {offset_case(column, zone.strip(chr(39)))})"


class LaterBy(FunctionElement[Any]):
    """An instant moved by whole seconds."""

    type = Instant()
    inherit_cache = True


def add_seconds(column: InstantValue, seconds: Whole) -> LaterBy:
    """The instant so many whole seconds later (earlier if negative); NULL if either is."""
    return LaterBy(instant(column), _integer(seconds))


def add_hours(column: InstantValue, hours: Whole) -> LaterBy:
    """The instant so many whole hours later by the clock of the world, not of the wall."""
    return add_seconds(column, _integer(hours) * 3600)


@compiles(LaterBy, "postgresql")
def _later_on_postgresql(element: LaterBy, compiler: SQLCompiler, **options: object) -> str:
    column, seconds = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({column} + ({seconds}) * INTERVAL '1 second')"


@compiles(LaterBy, "sqlite")
def _later_on_sqlite(element: LaterBy, compiler: SQLCompiler, **options: object) -> str:
    column, seconds = (compiler.process(clause, **options) for clause in element.clauses)
    moved = f"strftime('%Y-%m-%d %H:%M:%S', substr({column}, 1, 19), ({seconds}) || ' seconds')"
    return f"({moved} || substr({column}, 20))"


class Greatest(FunctionElement[Any]):
    """The latest of several instants."""

    type = Instant()
    inherit_cache = True


def greatest(*instants: InstantValue) -> Greatest:
    """The latest of the instants, none of which may be NULL."""
    return Greatest(*map(instant, instants))


@compiles(Greatest, "postgresql")
def _greatest_on_postgresql(element: Greatest, compiler: SQLCompiler, **options: object) -> str:
    return f"GREATEST({compiler.process(element.clauses, **options)})"


@compiles(Greatest, "sqlite")
def _greatest_on_sqlite(element: Greatest, compiler: SQLCompiler, **options: object) -> str:
    return f"max({compiler.process(element.clauses, **options)})"


class ByBytes(FunctionElement[str]):
    """A text that is ordered by its bytes, whatever the order of the database."""

    type = String()
    inherit_cache = True


@compiles(ByBytes, "postgresql")
def _by_bytes_on_postgresql(element: ByBytes, compiler: SQLCompiler, **options: object) -> str:
    return f'{compiler.process(element.clauses, **options)} COLLATE "C"'


@compiles(ByBytes, "sqlite")
def _by_bytes_on_sqlite(element: ByBytes, compiler: SQLCompiler, **options: object) -> str:
    return f"{compiler.process(element.clauses, **options)} COLLATE BINARY"


def latest_of(*instants: InstantValue) -> ColumnElement[Any]:
    """The latest of the instants that are there; NULL only if none is."""
    return reduce(_later_of, map(instant, instants))


def _later_of(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((other.is_(None), one), (one > other, one), else_=other)


def instant(value: InstantValue) -> ColumnElement[Any]:
    """The value as an SQL expression: an aware datetime becomes a bound parameter in the column's format."""
    return literal(value, Instant()) if isinstance(value, datetime) else value


def _integer(value: Whole) -> ColumnElement[int]:
    return literal(value, Integer()) if isinstance(value, int) else value


def lift_timeout(connection: Connection) -> None:
    """Lets the connection's further statements run as long as they need; for migrations and imports."""
    connection.execution_options(**{UNLIMITED: True})
    if connection.dialect.name == "postgresql":
        for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
            connection.execute(func.set_config(name, "0", True).select())
