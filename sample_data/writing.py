"""Frames into the tables of a database, in bulk: COPY on PostgreSQL, many rows at once on SQLite."""

from collections.abc import Callable, Iterator
from typing import Any, cast
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from psycopg import Connection as PostgresConnection
from psycopg import Error as PostgresError
from sqlalchemy import Boolean, Column, Connection, Date, Integer, Table
from sqlalchemy.exc import DBAPIError

from data_access.instant import Instant

CHUNK = 20_000
DATE_LENGTH = len("2026-03-05")
Progress = Callable[[str, int, int], None]
"""Called with the table, the rows written so far and the rows in all."""


def write(connection: Connection, table: Table, frame: pd.DataFrame, time_zone: ZoneInfo, progress: Progress) -> None:
    """All rows of the frame in the table; its times are local ones of the time zone."""
    names = [str(name) for name in frame.columns]
    on_postgresql = connection.dialect.name == "postgresql"
    if on_postgresql:
        connection.exec_driver_sql("SET LOCAL TIME ZONE 'UTC'")
    store = _copy if on_postgresql else _insert
    for start in range(0, len(frame), CHUNK):
        chunk = frame.iloc[start : start + CHUNK]
        columns = [_values(table.columns[name], chunk[name], time_zone) for name in names]
        store(connection, table.name, names, zip(*columns, strict=True))
        progress(table.name, min(start + CHUNK, len(frame)), len(frame))


def _insert(connection: Connection, table: str, names: list[str], rows: Iterator[tuple[Any, ...]]) -> None:
    marks = ", ".join("?" for _ in names)
    connection.exec_driver_sql(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", list(rows))  # noqa: S608


def _copy(connection: Connection, table: str, names: list[str], rows: Iterator[tuple[Any, ...]]) -> None:
    driver = cast(PostgresConnection, connection.connection.driver_connection)
    statement = f"COPY {table} ({', '.join(names)}) FROM STDIN"
    try:
        with driver.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            for row in rows:
                copy.write_row(row)
    except PostgresError as error:
        # SQLAlchemy doesn't see what happens on the driver's own connection.
        raise DBAPIError(statement, None, error) from error


def _values(column: Column[Any], values: pd.Series, time_zone: ZoneInfo) -> list[Any]:
    """The column's values as both databases take them; None where there is none."""
    match column.type:
        case Instant():
            typed = _instants(values, time_zone)
        case Date():
            typed = np.datetime_as_string(pd.to_datetime(values).to_numpy("datetime64[D]"))
        case Boolean():
            typed = values.fillna(False).to_numpy(dtype=bool)
        case Integer():
            typed = values.fillna(0).to_numpy(dtype=np.int64)
        case _:
            typed = values.to_numpy(dtype=object)
    present = values.notna().tolist()
    return [value if there else None for value, there in zip(typed.tolist(), present, strict=True)]


def _instants(values: pd.Series, time_zone: ZoneInfo) -> np.ndarray:
    """UTC as text, as SQLite stores it; PostgreSQL reads it as UTC because the transaction says so."""
    local = pd.DatetimeIndex(pd.to_datetime(values))
    aware = local.tz_localize(time_zone, ambiguous=np.ones(len(local), dtype=bool), nonexistent="shift_forward")
    text = np.datetime_as_string(aware.tz_convert(None).to_numpy("datetime64[us]"), unit="us")
    characters = text.reshape(-1, 1).view("U1")
    characters[:, DATE_LENGTH] = " "
    return text
