"""Frames of counts written into the tables of the rollups, in bulk."""

from typing import Any, cast

import pandas as pd
import pyarrow as pa
import pyarrow.csv
from psycopg import Connection as PostgresConnection
from psycopg import Error as PostgresError
from sqlalchemy import Column, Connection, Date, Integer, Table
from sqlalchemy.exc import DBAPIError

from data_access.instant import Instant

CHUNK = 200_000
"""Rows written at once, so that they don't all stand in memory as text."""


def store(connection: Connection, table: Table, rows: pd.DataFrame) -> None:
    """Nothing; the rows are in the table. Columns that the frame doesn't have are empty."""
    write = _copy if connection.dialect.name == "postgresql" else _insert
    names = [column.name for column in table.columns if column.name in rows.columns]
    for start in range(0, len(rows), CHUNK):
        chunk = rows.iloc[start : start + CHUNK]
        write(connection, table, pa.table({name: _column(table.c[name], chunk[name]) for name in names}))


def _column(column: Column[Any], values: "pd.Series[Any]") -> pa.Array:
    """The values with a type that both databases can be told of; null where there is none."""
    match column.type:
        case Instant():
            return pa.array(values, pa.timestamp("us", "UTC"), from_pandas=True)
        case Date():
            return pa.array(values, pa.date32(), from_pandas=True)
        case Integer():
            return pa.array(values, pa.int64(), from_pandas=True)
        case _:
            return pa.array(values, pa.string(), from_pandas=True)


def _copy(connection: Connection, table: Table, rows: pa.Table) -> None:
    driver = cast("PostgresConnection[Any]", connection.connection.driver_connection)
    statement = f"COPY {table.fullname} ({', '.join(rows.column_names)}) FROM STDIN WITH (FORMAT csv)"
    sink = pa.BufferOutputStream()
    pyarrow.csv.write_csv(rows, sink, pyarrow.csv.WriteOptions(include_header=False))
    try:
        with driver.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            copy.write(sink.getvalue().to_pybytes())
    except PostgresError as error:
        # SQLAlchemy doesn't see what happens on the driver's own connection.
        raise DBAPIError(statement, None, error) from error


def _insert(connection: Connection, table: Table, rows: pa.Table) -> None:
    marks = ", ".join("?" for _ in rows.column_names)
    columns = [_as_stored(column).to_pylist() for column in rows.columns]
    statement = f"INSERT INTO {table.fullname} ({', '.join(rows.column_names)}) VALUES ({marks})"  # noqa: S608
    connection.exec_driver_sql(statement, list(zip(*columns, strict=True)))


def _as_stored(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column as SQLite stores it: days and instants as text, the latter in UTC with microseconds."""
    if pa.types.is_timestamp(column.type):
        return column.cast(pa.timestamp("us")).cast(pa.string())
    return column.cast(pa.string()) if pa.types.is_date(column.type) else column
