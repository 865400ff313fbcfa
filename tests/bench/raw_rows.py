"""DuckDB's own file with the same raw rows as a PostgreSQL database."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
from adbc_driver_postgresql import dbapi

TABLES = ("cases", "org_units", "unit_parents", "assessment.calendar_days")
NEWEST = "SELECT count(*), CAST(floor(extract(epoch FROM max(updated_at))) AS bigint) FROM cases"


@dataclass(frozen=True)
class RawRows:
    """Where DuckDB's file is, and how many seconds it took to fill it; None if it was there."""

    path: Path
    seconds: float | None


def raw_rows(address: str, path: Path) -> RawRows:
    """The file with the rows that the database holds now, filled if it isn't there or holds others."""
    with _postgresql(address) as source:
        if path.exists() and _newest(path) == _single(source, NEWEST):
            return RawRows(path, None)
        path.unlink(missing_ok=True)
        begun = time.perf_counter()
        with duckdb.connect(path) as own:
            own.execute("SET enable_progress_bar = false")
            own.execute("CREATE SCHEMA assessment")
            for table in TABLES:
                _copy(source, own, table)
        return RawRows(path, time.perf_counter() - begun)


def _copy(source: dbapi.Connection, own: duckdb.DuckDBPyConnection, table: str) -> None:
    with source.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        own.register("batches", cursor.fetch_record_batch())
        own.execute(f"CREATE TABLE {table} AS SELECT * FROM batches")
        own.unregister("batches")


@contextmanager
def _postgresql(address: str) -> Iterator[dbapi.Connection]:
    with dbapi.connect(address.replace("+psycopg", "")) as connection:
        yield connection


def _single(source: dbapi.Connection, statement: str) -> tuple[object, ...]:
    with source.cursor() as cursor:
        cursor.execute(statement)
        return tuple(cursor.fetchone() or ())


def _newest(path: Path) -> tuple[object, ...]:
    with duckdb.connect(path, read_only=True) as own:
        return tuple(own.execute(NEWEST).fetchone() or ())
