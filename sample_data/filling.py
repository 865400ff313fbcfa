"""Empty tables made ready to take millions of rows, and put in order when they have them."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection, Engine, Index, Table, exists, select, text

from data_access.dialect import lift_timeout
from data_access.engine import connect

Item = TypeVar("Item")


def first_filled(connection: Connection, tables: Sequence[Table]) -> str | None:
    """The name of a table that holds rows already; None where all are empty. Nobody else writes from here on."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {_names(tables)} IN ACCESS EXCLUSIVE MODE"))
    filled = (table.name for table in tables if connection.execute(select(exists(select(table)))).scalar_one())
    return next(filled, None)


@contextmanager
def filling(connection: Connection, tables: Sequence[Table], indexed: Callable[[int, int], None]) -> Iterator[None]:
    """Inside, the empty tables have no indexes but their keys; afterwards they have them again.

    An index is made several times faster from all rows at once than row by row. ``indexed`` is called with how
    many indexes are there again and how many there are in all.
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


def put_in_order(engine: Engine, tables: Sequence[Table]) -> None:
    """Lets the database look at the tables it was filled with, so that it plans its answers well."""
    on_postgresql = engine.dialect.name == "postgresql"
    with connect(engine) as connection:
        lift_timeout(connection)
        connection.commit()
        if on_postgresql:
            connection.execution_options(isolation_level="AUTOCOMMIT")
        for table in tables:
            connection.execute(text(f"VACUUM (ANALYZE) {table.name}" if on_postgresql else f"ANALYZE {table.name}"))
        connection.commit()


def ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The items; each is made in another thread while the one before it is used."""
    with ThreadPoolExecutor(max_workers=1) as maker:
        coming = maker.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = maker.submit(next, items, None)
            yield item


def _names(tables: Sequence[Table]) -> str:
    return ", ".join(table.name for table in tables)


def _name(index: Index) -> str:
    return str(index.name)
