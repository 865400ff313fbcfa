"""Rows of a table changed or removed as a selection over our own tables says.

On a Citus cluster not every table takes every statement (docs/citus.md): a copy on every node only takes constants,
and no row moves to another shard. What such a table doesn't need is done in single statements.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    insert,
    select,
    tuple_,
    update,
)
from sqlalchemy.schema import CreateTable, DropTable
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause

from data_access.distribute import DISTRIBUTION_COLUMNS, is_reference_table


def scratch_table(connection: Connection, name: str, columns: Sequence[Column[Any]]) -> Table:
    """An empty temporary table with columns of those names and types; on PostgreSQL it goes with the transaction."""
    copies = [Column(column.name, column.type) for column in columns]
    table = Table(name, MetaData(), *copies, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")
    connection.execute(CreateTable(table))
    return table


def drop_scratch(connection: Connection, table: Table) -> None:
    """Nothing; the temporary table is gone."""
    connection.execute(DropTable(table))


def same_key(target: Table, given: FromClause) -> ColumnElement[bool]:
    """Whether a row of ``given`` has the key of the target's row."""
    return and_(*(column == given.c[column.name] for column in target.primary_key))


def update_rows(connection: Connection, target: Table, rows: Select[Any], names: Sequence[str]) -> int:
    """How many rows of the target got new values; ``rows`` have its key and the columns ``names``."""
    if DISTRIBUTION_COLUMNS.get(target.name) in names:
        return _replace(connection, target, rows, names)
    if is_reference_table(connection, target):
        return _update_one_by_one(connection, target, rows, names)
    given = rows.subquery("given")
    values = {name: given.c[name] for name in names}
    return connection.execute(update(target).values(values).where(same_key(target, given))).rowcount


def delete_rows(connection: Connection, target: Table, keys: Select[Any]) -> int:
    """How many rows of the target were removed; ``keys`` have its key's columns, in its order."""
    key = list(target.primary_key)
    if is_reference_table(connection, target):
        here = and_(*(column == bindparam(f"key_{column.name}") for column in key))
        return _for_each(connection, delete(target).where(here), connection.execute(keys).all(), _key_names(target))
    column: ColumnElement[Any] = key[0] if len(key) == 1 else tuple_(*key)
    return connection.execute(delete(target).where(column.in_(keys))).rowcount


def _replace(connection: Connection, target: Table, rows: Select[Any], names: Sequence[str]) -> int:
    """The rows taken out and put in again as they shall be, for they may belong to another shard now."""
    given = rows.subquery("given")
    columns = [given.c[column.name] if column.name in names else column for column in target.columns]
    replaced = scratch_table(connection, f"replaced_{target.name}", list(target.columns))
    found = select(*columns).select_from(target.join(given, same_key(target, given)))
    connection.execute(insert(replaced).from_select(replaced.columns.keys(), found))
    count = delete_rows(connection, target, select(*(replaced.c[column.name] for column in target.primary_key)))
    connection.execute(insert(target).from_select(target.columns.keys(), select(replaced)))
    drop_scratch(connection, replaced)
    return count


def _update_one_by_one(connection: Connection, target: Table, rows: Select[Any], names: Sequence[str]) -> int:
    given = rows.subquery("given")
    key = list(target.primary_key)
    ordered = select(*(given.c[column.name] for column in key), *(given.c[name] for name in names))
    here = and_(*(column == bindparam(f"key_{column.name}") for column in key))
    statement = update(target).values({name: bindparam(f"new_{name}") for name in names}).where(here)
    parameters = (*_key_names(target), *(f"new_{name}" for name in names))
    return _for_each(connection, statement, connection.execute(ordered).all(), parameters)


def _for_each(connection: Connection, statement: Any, rows: Sequence[Any], names: Sequence[str]) -> int:  # noqa: ANN401
    if rows:
        connection.execute(statement, [dict(zip(names, row, strict=True)) for row in rows])
    return len(rows)


def _key_names(target: Table) -> tuple[str, ...]:
    return tuple(f"key_{column.name}" for column in target.primary_key)
