"""The newest import taken back: rows that were new go, rows that were changed are as before."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Text, cast, delete, exists, func, literal, select, update
from sqlalchemy.sql.elements import ColumnElement

from data_access.errors import DataAccessError
from data_access.ingest.batch import note_audit
from data_access.ingest.exclusive import exclusive
from data_access.ingest.schema import source_table, table_rules
from data_access.ingest.write import json_key
from data_access.instant import Instant
from data_access.tables import import_batches, import_changes, import_rejects


class CannotUndo(DataAccessError):  # noqa: N818 - a state of the database
    """The batch isn't the newest one that stands; the message says which one is."""


@dataclass(frozen=True)
class Undone:
    """What taking a batch back did: how many new rows went and how many changed ones were restored."""

    batch: int
    file_name: str
    removed: int
    restored: int


def undo(engine: Engine, batch: int, user: str) -> Undone:
    """The batch taken back, in one transaction.

    Raises CannotUndo unless it is the newest batch that hasn't been taken back, and DataAccessError.
    """
    with exclusive(engine) as connection:
        file_name = _file_name(connection, batch)
        now = datetime.now(UTC)
        removed = restored = 0
        for name in reversed(table_rules()):
            removed += _remove(connection, name, batch)
            restored += _restore(connection, name, batch, now)
        connection.execute(delete(import_changes).where(import_changes.c.batch_id == batch))
        connection.execute(delete(import_rejects).where(import_rejects.c.batch_id == batch))
        connection.execute(update(import_batches).where(import_batches.c.id == batch).values(undone_at=now))
        note_audit(connection, user, "undo import", f"batch {batch}: {file_name}", now)
    return Undone(batch, file_name, removed, restored)


def _file_name(connection: Connection, batch: int) -> str:
    standing = select(func.max(import_batches.c.id)).where(import_batches.c.undone_at.is_(None))
    newest = connection.execute(standing).scalar_one()
    if newest is None:
        raise CannotUndo("There is no import that could be taken back.")
    if newest != batch:
        raise CannotUndo(f"Only the newest import can be taken back; that is batch {newest}, not {batch}.")
    name = select(import_batches.c.file_name).where(import_batches.c.id == batch)
    return str(connection.execute(name).scalar_one())


def _noted(connection: Connection, name: str, batch: int) -> ColumnElement[bool]:
    """Whether the batch noted something about the table's row."""
    target = source_table(name)
    changes = import_changes.c
    key = json_key(connection, list(target.primary_key))
    return (changes.batch_id == batch) & (changes.table_name == literal(name)) & (changes.key == key)


def _remove(connection: Connection, name: str, batch: int) -> int:
    new = exists().where(_noted(connection, name, batch), import_changes.c.before.is_(None))
    return connection.execute(delete(source_table(name)).where(new)).rowcount


def _restore(connection: Connection, name: str, batch: int, now: datetime) -> int:
    """Put the noted values back; the row has changed again, so ``updated_at`` moves on."""
    changes = import_changes.c
    noted = changes.before.is_not(None)
    one = select(changes.before).where(changes.batch_id == batch, changes.table_name == name, noted).limit(1)
    before = connection.execute(one).scalar()
    if not before:
        return 0
    target = source_table(name)
    values = {column: _value(connection, target.c[column], column) for column in before}
    statement = update(target).values(**values, updated_at=literal(now, Instant()))
    return connection.execute(statement.where(_noted(connection, name, batch), noted)).rowcount


def _value(connection: Connection, column: Any, name: str) -> ColumnElement[Any]:  # noqa: ANN401
    if connection.dialect.name == "postgresql":
        return cast(cast(import_changes.c.before[name].as_string(), Text()), column.type)
    return func.json_extract(import_changes.c.before, f"$.{name}")
