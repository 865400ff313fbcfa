"""Frames into the tables of a database, in bulk: COPY on PostgreSQL, many rows at once on SQLite."""

from collections.abc import Callable, Iterator
from typing import Any, cast
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from psycopg import Connection as PostgresConnection
from sqlalchemy import Boolean, Column, Connection, Date, Float, Integer, Table

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
    with driver.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for row in rows:
            copy.write_row(row)


def _values(column: Column[Any], values: pd.Series, time_zone: ZoneInfo) -> list[Any]:
    """The column's values as both databases take them; None where there is none."""
    present, typed = values.notna(), list[Any]()
    match column.type:
        case Instant():
            typed = _instants(values, time_zone)
        case Date():
            typed = np.datetime_as_string(pd.to_datetime(values).to_numpy("datetime64[D]")).tolist()
        case Boolean():
            typed = values.map(bool, na_action="ignore").tolist()
        case Integer():
            typed = values.map(int, na_action="ignore").tolist()
        case Float():
            typed = values.map(float, na_action="ignore").tolist()
        case _:
            typed = values.tolist()
    return [value if there else None for value, there in zip(typed, present.tolist(), strict=True)]


def _instants(values: pd.Series, time_zone: ZoneInfo) -> list[str]:
    """UTC as text, as SQLite stores it; PostgreSQL reads it as UTC because the transaction says so."""
    local = pd.DatetimeIndex(pd.to_datetime(values))
    aware = local.tz_localize(time_zone, ambiguous=np.ones(len(local), dtype=bool), nonexistent="shift_forward")
    text = np.datetime_as_string(aware.tz_convert(None).to_numpy("datetime64[us]"), unit="us")
    characters = text.reshape(-1, 1).view("U1")
    characters[:, DATE_LENGTH] = " "
    return [str(each) for each in text.tolist()]
