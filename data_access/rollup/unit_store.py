"""Frames of counts written into the tables of the rollups."""

from typing import Any

import pandas as pd
import pyarrow as pa
from sqlalchemy import Column, Connection, Date, Integer, Table

from data_access.instant import Instant
from data_access.rollup.store import store

CHUNK = 200_000
"""Rows written at once, so that they don't all stand in memory as text."""


def store_frame(connection: Connection, table: Table, rows: pd.DataFrame) -> None:
    """Nothing; the rows are in the table. Columns that the frame doesn't have are empty."""
    names = [column.name for column in table.columns if column.name in rows.columns]
    for start in range(0, len(rows), CHUNK):
        chunk = rows.iloc[start : start + CHUNK]
        store(connection, table, {name: _column(table.c[name], chunk[name]) for name in names})


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
