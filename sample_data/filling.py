"""Empty tables made ready to take millions of rows, and put in order when they have them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, Index, Table, exists, select, text

from data_access.engine import connect

Progress = Callable[[int, int], None]
"""Called with how many are done and how many there are."""


def first_filled(connection: Connection, tables: Sequence[Table]) -> str | None:
    """The name of a table that holds rows already; None where all are empty. Nobody else writes from here on."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {_names(tables)} IN ACCESS EXCLUSIVE MODE"))
    filled = (table.name for table in tables if connection.execute(select(exists(select(table)))).scalar_one())
    return next(filled, None)


@contextmanager
def filling(connection: Connection, tables: Sequence[Table], indexed: Progress) -> Iterator[None]:
    """Inside, the empty tables have no indexes but their keys; afterwards they have them again.

    An index is made several times faster from all rows at once than row by row. ``indexed`` is called as
    they are made.
    """
    indexes = [index for table in tables for index in sorted(table.indexes, key=_name)]
    for index in indexes:
        index.drop(connection)
    if connection.dialect.name == "postgresql":
        # COPY may only write rows as visible to everybody (FREEZE) where the same transaction emptied the table.
        connection.execute(text(f"TRUNCATE {_names(tables)}"))
    yield
    for done, index in enumerate(indexes, 1):
        index.create(connection)
        indexed(done, len(indexes))


def put_in_order(engine: Engine, tables: Sequence[Table], done: Progress) -> None:
    """Lets PostgreSQL look at the tables it was filled with, so that it plans its answers well.

    SQLite answered the indicators no faster with its statistics than without them.
    """
    if engine.dialect.name != "postgresql":
        return
    with connect(engine) as connection:
        # VACUUM runs in no transaction, so that the time limit can't be lifted for one only.
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(text("SET statement_timeout = 0"))
        for number, table in enumerate(tables, 1):
            connection.execute(text(f"VACUUM (ANALYZE) {table.name}"))
            done(number, len(tables))
        connection.execute(text("RESET statement_timeout"))


def _names(tables: Sequence[Table]) -> str:
    return ", ".join(table.name for table in tables)


def _name(index: Index) -> str:
    return str(index.name)
