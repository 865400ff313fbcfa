"""Cases read from a PostgreSQL server in columns, over connections of their own that see the same snapshot."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import adbc_driver_manager
import pyarrow as pa
from adbc_driver_manager.dbapi import Connection as ColumnConnection
from adbc_driver_postgresql import dbapi
from sqlalchemy import Connection, Select, func, select
from sqlalchemy.dialects import postgresql

from data_access.errors import DatabaseUnavailable
from data_access.rollup.packed_instants import holds_several_instants, packed, unpacked


@dataclass(frozen=True)
class Snapshot:
    """What a transaction sees, for as long as it runs: the server's address, and the name it gave the snapshot."""

    address: str
    name: str


@dataclass(frozen=True, eq=False)
class SnapshotReader:
    """Reads in columns what the snapshot holds."""

    snapshot: Snapshot
    columns: ColumnConnection

    def __call__(self, statement: Select[Any]) -> Iterator[pa.RecordBatch]:
        """The statement's rows, in batches of columns."""
        if not holds_several_instants(statement):
            yield from self._batches(statement)
            return
        for batch in self._batches(packed(statement)):
            yield unpacked(statement, batch)

    def _batches(self, statement: Select[Any]) -> Iterator[pa.RecordBatch]:
        written = statement.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})  # type: ignore[no-untyped-call]
        with _told(), self.columns.cursor() as cursor:
            cursor.execute(str(written))
            for batch in cursor.fetch_record_batch():
                yield cast(pa.RecordBatch, batch)


@contextmanager
def _told() -> Iterator[None]:
    """What goes wrong on the driver's own connection, which SQLAlchemy doesn't see, as a DataAccessError."""
    try:
        yield
    except (adbc_driver_manager.Error, OSError, pa.ArrowException) as error:
        raise DatabaseUnavailable("The database stopped answering while it was read. Try again later.") from error


@contextmanager
def over_snapshot(connection: Connection) -> Iterator[SnapshotReader | None]:
    """Reads in columns what the connection's transaction saw when this began; None on SQLite."""
    if connection.dialect.name != "postgresql":
        yield None
        return
    name = connection.execute(select(func.pg_export_snapshot())).scalar_one()
    address = connection.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with reading(Snapshot(address, name)) as reader:
        yield reader


@contextmanager
def reading(snapshot: Snapshot) -> Iterator[SnapshotReader]:
    """A reader with a connection of its own, in any process."""
    with dbapi.connect(snapshot.address) as columns:
        with _told(), columns.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute(f"SET TRANSACTION SNAPSHOT '{snapshot.name}'")
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield SnapshotReader(snapshot, columns)
