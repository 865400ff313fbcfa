"""Staged rows into their tables: new ones added, different ones changed, equal ones left alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Insert,
    Integer,
    Table,
    Text,
    and_,
    case,
    cast,
    func,
    insert,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause

from data_access.ingest.changing import drop_scratch, same_key, scratch_table, update_rows
from data_access.ingest.staging import Stage
from data_access.instant import Instant
from data_access.tables import import_changes

KEPT_IF_BLANK = ("recorded_at",)
"""Columns that a blank cell doesn't empty: the database sets them itself."""


@dataclass(frozen=True)
class Written:
    """What became of a table's rows; ``columns`` counts the changed rows by column."""

    table: str
    inserted: int
    changed: int
    unchanged: int
    columns: tuple[tuple[str, int], ...] = ()


def write_stage(connection: Connection, stage: Stage, batch: int, now: datetime, *, change: bool = True) -> Written:
    """Write the stage into its table and note in ``import_changes`` what was there before.

    Without ``change`` rows that are there already stay as they are.
    """
    known = scratch_table(connection, f"known_{stage.target.name}", list(stage.target.columns))
    writer = _Writer(connection, stage, known, batch, literal(now, Instant()))
    total = connection.execute(select(func.count()).select_from(stage.table)).scalar_one()
    found = writer.find_known()
    changed = writer.note_changed() if change and found else 0
    columns = writer.changed_columns() if changed else ()
    inserted = writer.note_new() if found < total else 0
    if changed:
        writer.change()
    if inserted:
        writer.insert()
    drop_scratch(connection, known)
    return Written(stage.target.name, inserted, changed, total - inserted - changed, columns)


@dataclass(frozen=True)
class _Writer:
    """The stage against ``known``, the rows of its keys as the table holds them before."""

    connection: Connection
    stage: Stage
    known: Table
    batch: int
    now: ColumnElement[Any]

    @property
    def _others(self) -> list[str]:
        return [name for name in self.stage.names if name not in self.stage.key]

    def find_known(self) -> int:
        """Fill ``known``; how many rows it has. Everything else is then asked of our own tables only."""
        target = self.stage.target
        keys = select(*(self.stage.table.c[name] for name in self.stage.key)).subquery("keys")
        rows = select(target).select_from(target.join(keys, same_key(target, keys)))
        statement = insert(self.known).from_select(self.known.columns.keys(), rows)
        return self._counted(statement)

    def _value(self, name: str) -> ColumnElement[Any]:
        staged, known = self.stage.table.c[name], self.known.c[name]
        return func.coalesce(staged, known) if name in KEPT_IF_BLANK else staged

    def _same_key(self) -> ColumnElement[bool]:
        return and_(*(self.known.c[name] == self.stage.table.c[name] for name in self.stage.key))

    def _differs(self) -> ColumnElement[bool]:
        tests = (self.known.c[name].is_distinct_from(self._value(name)) for name in self._others)
        return or_(literal(False), *tests)

    def _joined(self, *, outer: bool = False) -> FromClause:
        return self.stage.table.join(self.known, self._same_key(), isouter=outer)

    def _is_new(self) -> ColumnElement[bool]:
        return self.known.c[self.stage.key[0]].is_(None)

    def changed_columns(self) -> tuple[tuple[str, int], ...]:
        tests = [
            func.sum(case((self.known.c[name].is_distinct_from(self._value(name)), 1), else_=0)).label(name)
            for name in self._others
        ]
        row = self.connection.execute(select(*tests).select_from(self._joined())).one()
        return tuple((name, int(count)) for name, count in row._mapping.items() if count)

    def note_changed(self) -> int:
        before = json_object(self.connection, [(name, self.known.c[name]) for name in self._others])
        return self._note(before, self._joined(), self._differs())

    def note_new(self) -> int:
        return self._note(null(), self._joined(outer=True), self._is_new())

    def _note(self, before: ColumnElement[Any], source: FromClause, condition: ColumnElement[bool]) -> int:
        key = json_key(self.connection, [self.stage.table.c[name] for name in self.stage.key])
        rows = (
            select(literal(self.batch, Integer()), literal(self.stage.target.name, Text()), key, before)
            .select_from(source)
            .where(condition)
        )
        return self._counted(insert(import_changes).from_select(["batch_id", "table_name", "key", "before"], rows))

    def _counted(self, statement: Insert) -> int:
        # Without the option SQLAlchemy forgets how many rows an INSERT wrote.
        return self.connection.execute(statement, execution_options={"preserve_rowcount": True}).rowcount

    def change(self) -> None:
        names = [*self._others, "updated_at"]
        keys = (self.stage.table.c[name] for name in self.stage.key)
        values = (self._value(name).label(name) for name in self._others)
        rows = select(*keys, *values, self.now.label("updated_at")).select_from(self._joined())
        update_rows(self.connection, self.stage.target, rows.where(self._differs()), names)

    def insert(self) -> None:
        staged = self.stage.table
        recorded = func.coalesce(staged.c.recorded_at, self.now) if "recorded_at" in self.stage.names else self.now
        names = [name for name in self.stage.names if name != "recorded_at"]
        rows = (
            select(*(staged.c[name] for name in names), recorded, self.now)
            .select_from(self._joined(outer=True))
            .where(self._is_new())
        )
        statement = insert(self.stage.target).from_select([*names, "recorded_at", "updated_at"], rows)
        self.connection.execute(statement)


def json_object(connection: Connection, pairs: Iterable[tuple[str, ColumnElement[Any]]]) -> ColumnElement[Any]:
    """A JSON object made in SQL."""
    arguments: list[Any] = []
    for name, column in pairs:
        arguments += [literal(name, Text(), literal_execute=True), column]
    make = func.json_build_object if connection.dialect.name == "postgresql" else func.json_object
    return make(*arguments)


def json_key(connection: Connection, columns: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    """The columns as a JSON list in text, made in SQL; the same key always gives the same text."""
    if connection.dialect.name == "postgresql":
        return cast(func.json_build_array(*columns), Text())
    return func.json_array(*columns)
