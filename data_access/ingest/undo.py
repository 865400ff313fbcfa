"""The newest import taken back: rows that were new go, rows that were changed are as before."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Engine,
    Table,
    Text,
    cast,
    delete,
    func,
    literal,
    select,
    type_coerce,
    update,
)
from sqlalchemy.sql.elements import ColumnElement

from data_access.errors import DataAccessError
from data_access.ingest.batch import note_audit
from data_access.ingest.changing import delete_rows, update_rows
from data_access.ingest.exclusive import exclusive
from data_access.ingest.schema import source_table, table_rules
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


def _key(connection: Connection, target: Table) -> list[ColumnElement[Any]]:
    """The noted key's parts, as columns named and typed as the table's own."""
    return [
        _typed(connection, import_changes.c.key, number, column).label(column.name)
        for number, column in enumerate(target.primary_key)
    ]


def _remove(connection: Connection, name: str, batch: int) -> int:
    target = source_table(name)
    changes = import_changes.c
    new = select(*_key(connection, target)).where(
        changes.batch_id == batch, changes.table_name == name, changes.before.is_(None)
    )
    return delete_rows(connection, target, new)


def _restore(connection: Connection, name: str, batch: int, now: datetime) -> int:
    """Put the noted values back; the row has changed again, so ``updated_at`` moves on."""
    changes = import_changes.c
    noted = (changes.batch_id == batch, changes.table_name == name, changes.before.is_not(None))
    before = connection.execute(select(changes.before).where(*noted).limit(1)).scalar()
    if not before:
        return 0
    target = source_table(name)
    values = [_typed(connection, changes.before, column, target.c[column]).label(column) for column in before]
    moved_on = literal(now, Instant()).label("updated_at")
    rows = select(*_key(connection, target), *values, moved_on).where(*noted)
    return update_rows(connection, target, rows, [*before, "updated_at"])


def _typed(
    connection: Connection, document: ColumnElement[Any], place: str | int, column: Column[Any]
) -> ColumnElement[Any]:
    """What stands at a place of a JSON document, with the type of the column."""
    if connection.dialect.name == "postgresql":
        return cast(cast(cast(document, JSON)[place].as_string(), Text()), column.type)
    path = f"$[{place}]" if isinstance(place, int) else f"$.{place}"
    return type_coerce(func.json_extract(document, path), column.type)
