"""Columns written into a table by the database's quickest way."""

from collections.abc import Mapping
from typing import Any, cast

import pyarrow as pa
import pyarrow.csv
from psycopg import Connection as PostgresConnection
from psycopg import Error as PostgresError
from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError

from data_access.dialect import own_name


def store(connection: Connection, table: Table, columns: Mapping[str, Any]) -> None:
    """Nothing; the table has a further row for each place in the columns, which are Arrow arrays of one length.

    Instants are timestamps in UTC.
    """
    rows = pa.table(dict(columns))
    if not rows.num_rows:
        return
    name = '"' + '"."'.join(part for part in own_name(table, connection.dialect.name) if part) + '"'
    names = ", ".join(f'"{column}"' for column in rows.column_names)
    if connection.dialect.name == "postgresql":
        _copy(connection, f"COPY {name} ({names}) FROM STDIN (FORMAT csv)", rows)
        return
    marks = ", ".join("?" * rows.num_columns)
    values = zip(*(_as_stored(column) for column in rows.columns), strict=True)
    connection.exec_driver_sql(f"INSERT INTO {name} ({names}) VALUES ({marks})", list(values))  # noqa: S608 - our own names


def _as_stored(column: Any) -> list[Any]:  # noqa: ANN401
    """The values as SQLite stores them: days and instants as text, the latter with microseconds."""
    if pa.types.is_timestamp(column.type):
        return cast(list[Any], column.cast(pa.timestamp("us")).cast(pa.string()).to_pylist())
    if pa.types.is_date(column.type):
        return cast(list[Any], column.cast(pa.string()).to_pylist())
    return cast(list[Any], column.to_pylist())


def _copy(connection: Connection, statement: str, rows: Any) -> None:  # noqa: ANN401
    sink = pa.BufferOutputStream()
    pyarrow.csv.write_csv(rows, sink, pyarrow.csv.WriteOptions(include_header=False))
    driver = cast(PostgresConnection, connection.connection.driver_connection)
    try:
        with driver.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            copy.write(sink.getvalue().to_pybytes())
    except PostgresError as error:
        # SQLAlchemy doesn't see what happens on the driver's own connection.
        raise DBAPIError(statement, None, error) from error
