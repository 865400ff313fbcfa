"""Frames into the tables of a database, in bulk: COPY on PostgreSQL, many rows at once on SQLite."""

from collections.abc import Iterator
from typing import Any, cast
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
from psycopg import Connection as PostgresConnection
from psycopg import Error as PostgresError
from sqlalchemy import Boolean, Column, Connection, Date, Float, Integer, Table
from sqlalchemy.exc import DBAPIError

from data_access.instant import Instant

CHUNK = 50_000


def write(connection: Connection, table: Table, frame: pd.DataFrame, time_zone: ZoneInfo) -> Iterator[int]:
    """How many rows of the frame are in the table by now, again and again until all are.

    Its times are local ones of the time zone. On PostgreSQL the transaction must have emptied the table itself.
    """
    store = _copy if connection.dialect.name == "postgresql" else _insert
    for start in range(0, len(frame), CHUNK):
        chunk = frame.iloc[start : start + CHUNK]
        columns = {str(name): _column(table.columns[str(name)], chunk[name], time_zone) for name in chunk.columns}
        store(connection, table.name, pa.table(columns))
        yield start + len(chunk)


def _insert(connection: Connection, table: str, rows: pa.Table) -> None:
    marks = ", ".join("?" for _ in rows.column_names)
    columns = [_as_stored(column).to_pylist() for column in rows.columns]
    statement = f"INSERT INTO {table} ({', '.join(rows.column_names)}) VALUES ({marks})"  # noqa: S608
    connection.exec_driver_sql(statement, list(zip(*columns, strict=True)))


def _as_stored(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column as SQLite stores it: days and instants as text, the latter in UTC with microseconds."""
    if pa.types.is_timestamp(column.type):
        return column.cast(pa.timestamp("us")).cast(pa.string())
    return column.cast(pa.string()) if pa.types.is_date(column.type) else column


def _copy(connection: Connection, table: str, rows: pa.Table) -> None:
    driver = cast(PostgresConnection, connection.connection.driver_connection)
    connection.exec_driver_sql("SET LOCAL TIME ZONE 'UTC'")
    statement = f"COPY {table} ({', '.join(rows.column_names)}) FROM STDIN WITH (FORMAT csv, FREEZE)"
    try:
        with driver.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            copy.write(_csv(rows))
    except PostgresError as error:
        # SQLAlchemy doesn't see what happens on the driver's own connection.
        raise DBAPIError(statement, None, error) from error


def _csv(rows: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pyarrow.csv.write_csv(rows, sink, pyarrow.csv.WriteOptions(include_header=False))
    return cast(bytes, sink.getvalue().to_pybytes())


def _column(column: Column[Any], values: pd.Series, time_zone: ZoneInfo) -> pa.Array:
    """The column's values with a type that both databases can be told of; null where there is none."""
    match column.type:
        case Instant():
            return pa.array(_in_utc(values, time_zone), from_pandas=True)
        case Date():
            return pa.array(pd.to_datetime(values).to_numpy("datetime64[D]"), from_pandas=True)
        case Boolean():
            return pa.array(values.to_numpy(dtype=object), pa.bool_(), from_pandas=True)
        case Integer():
            return pa.array(pd.to_numeric(values).to_numpy(), from_pandas=True).cast(pa.int64())
        case Float():
            return pa.array(values.to_numpy(), pa.float64(), from_pandas=True)
        case _:
            return pa.array(values, pa.string(), from_pandas=True)


def _in_utc(values: pd.Series, time_zone: ZoneInfo) -> np.ndarray:
    """The instants of local times; of two that the clock showed the first, of one that it left out the next."""
    local = pd.DatetimeIndex(pd.to_datetime(values))
    aware = local.tz_localize(time_zone, ambiguous=np.ones(len(local), dtype=bool), nonexistent="shift_forward")
    return np.asarray(aware.tz_convert(None).to_numpy("datetime64[s]"))
