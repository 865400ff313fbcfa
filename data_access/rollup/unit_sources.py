"""Where counts of units are read from: a connection, and a quicker way for long tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection, Select, func, select, text

from data_access.counts.records import ReadFrame, read_frame
from data_access.dialect import lift_timeout
from data_access.rollup.case_arrays import Read, over_connection
from data_access.rollup.coded import encoded
from data_access.rollup.columns_from_server import over_snapshot


@dataclass(frozen=True, eq=False)
class UnitSources:
    """Reads the source tables as one transaction saw them."""

    connection: Connection
    read: Read
    frame: ReadFrame


@contextmanager
def sources_beside(connection: Connection) -> Iterator[UnitSources | None]:
    """The same over connections of their own, for another thread; None on SQLite.

    They see what the connection's transaction saw when this began.
    """
    if connection.dialect.name != "postgresql":
        yield None
        return
    snapshot = connection.execute(select(func.pg_export_snapshot())).scalar_one()
    with over_snapshot(connection) as read, _seeing(connection, snapshot) as other:
        yield sources_of(other, read)


@contextmanager
def _seeing(connection: Connection, snapshot: str) -> Iterator[Connection]:
    """Another connection to the same server that sees the snapshot."""
    with connection.engine.execution_options(isolation_level="REPEATABLE READ").begin() as other:
        other.execute(text(f"SET TRANSACTION SNAPSHOT '{snapshot}'"))
        lift_timeout(other)
        yield other


def sources_of(connection: Connection, read: Read | None) -> UnitSources:
    """The sources that the connection sees; ``read`` reads them in columns over another one, if given."""
    if read is None:
        return UnitSources(connection, over_connection(connection), read_frame)
    in_columns = read

    def frame(_connection: Connection, statement: Select[Any]) -> pd.DataFrame:
        batches = list(in_columns(statement))
        if not batches:
            return pd.DataFrame(columns=list(statement.selected_columns.keys()))
        table = pa.Table.from_batches(batches)
        return pd.DataFrame({name: _values(table.column(name)) for name in table.column_names})

    return UnitSources(connection, in_columns, frame)


def _values(column: pa.ChunkedArray) -> "pd.Series[Any]":
    """The column as the driver would give it, each text and day made once."""
    if not (pa.types.is_string(column.type) or pa.types.is_date(column.type)):
        return cast("pd.Series[Any]", column.to_pandas())
    places, words = encoded(column)
    objects = np.empty(len(words) + 1, dtype=object)
    objects[:-1] = words.to_pylist()
    return pd.Series(objects[places], dtype=object)
