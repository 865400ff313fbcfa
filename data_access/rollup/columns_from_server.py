"""Cases read from a PostgreSQL server in columns, over a connection of its own that sees the same snapshot."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pyarrow as pa
from adbc_driver_manager.dbapi import Connection as ColumnConnection
from adbc_driver_postgresql import dbapi
from sqlalchemy import Connection, Select, func, select

from data_access.rollup.case_arrays import Read


@contextmanager
def over_snapshot(connection: Connection) -> Iterator[Read | None]:
    """Reads in columns what the connection's transaction saw when this began; None on SQLite."""
    if connection.dialect.name != "postgresql":
        yield None
        return
    snapshot = connection.execute(select(func.pg_export_snapshot())).scalar_one()
    address = connection.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with dbapi.connect(address) as columns:
        with columns.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
            cursor.execute("SET LOCAL statement_timeout = 0")
        yield _reader(connection, columns)


def _reader(connection: Connection, columns: ColumnConnection) -> Read:
    def read(statement: Select[Any]) -> Iterator[pa.RecordBatch]:
        written = statement.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
        with columns.cursor() as cursor:
            cursor.execute(str(written))
            for batch in cursor.fetch_record_batch():
                yield cast(pa.RecordBatch, batch)

    return read
