"""Coded rows of counts written into the tables of the rollups."""

from sqlalchemy import Connection, Table

from data_access.rollup.coded import Coded
from data_access.rollup.store import store

CHUNK = 200_000
"""Rows written at once, so that they don't all stand in memory as text."""


def store_coded(connection: Connection, table: Table, rows: Coded) -> None:
    """Nothing; the rows are in the table. Columns that they don't have are empty."""
    for start in range(0, len(rows), CHUNK):
        store(connection, table, rows.take(slice(start, start + CHUNK)).columns())
