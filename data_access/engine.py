"""Engines for the shared database: one that writes and one that can only read.

``Connection`` and ``Engine`` can be named from here by those who pass them on without knowing SQL.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, create_engine
from sqlalchemy import Connection as Connection
from sqlalchemy import Engine as Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from data_access.errors import DatabaseUnavailable
from data_access.failures import explain
from data_access.settings import Settings
from data_access.sqlite_connection import prepare_sqlite

CONNECT_TIMEOUT_SECONDS = 5
_DRIVERS = {
    "sqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def open_writer(settings: Settings) -> Engine:
    """An engine that may write; it makes the SQLite file if there is none, but no tables.

    Raises DatabaseUnavailable if the address can't be understood. Nothing is connected yet.
    """
    return _open(settings, read_only=False)


def open_reader(settings: Settings) -> Engine:
    """An engine that can only read, as pages use it; it never makes a file.

    Raises DatabaseUnavailable if the address can't be understood. Nothing is connected yet.
    """
    return _open(settings, read_only=True)


@contextmanager
def reader(settings: Settings) -> Iterator[Engine]:
    """The engine of ``open_reader``, its connections closed at the end."""
    yield from _disposed(open_reader(settings))


@contextmanager
def writer(settings: Settings) -> Iterator[Engine]:
    """The engine of ``open_writer``, its connections closed at the end."""
    yield from _disposed(open_writer(settings))


def _disposed(engine: Engine) -> Iterator[Engine]:
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def connect(engine: Engine) -> Iterator[Connection]:
    """A connection for reading; database errors inside come out as DataAccessError."""
    with _translated(engine), engine.connect() as connection:
        yield connection


@contextmanager
def begin(engine: Engine) -> Iterator[Connection]:
    """A transaction, committed at the end and rolled back on any exception; errors as for ``connect``."""
    with _translated(engine), engine.begin() as connection:
        yield connection


@contextmanager
def _translated(engine: Engine) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        # The cause would show the statement and its parameters to whoever prints a traceback.
        raise explain(error, engine.url) from (error.orig if isinstance(error, DBAPIError) else error)


def _open(settings: Settings, *, read_only: bool) -> Engine:
    url = _address(settings.database_url)
    if url.get_backend_name() == "sqlite":
        engine = create_engine(_file_address(url) if read_only else url, hide_parameters=True)
        prepare_sqlite(engine, read_only=read_only, timeout_seconds=settings.statement_timeout_seconds)
        return engine
    arguments = _postgresql_arguments(url, settings, read_only)
    # Looking for a type that no table has takes an engine's first connection a few milliseconds.
    engine = create_engine(
        url, hide_parameters=True, pool_pre_ping=True, connect_args=arguments, use_native_hstore=False
    )
    # A reader needs no transaction: without one it holds no lock between two statements, so that it can't stand in the
    # way of a refresh that puts new tables in place, and asks the server twice less.
    return engine.execution_options(isolation_level="AUTOCOMMIT") if read_only else engine


def _address(text: str) -> URL:
    try:
        url = make_url(text)
        return url.set(drivername=_DRIVERS[url.drivername])
    except (ArgumentError, KeyError, ValueError):
        raise DatabaseUnavailable(
            "HUIYIN_DATABASE_URL is not an address of a database that Huiyin knows; use sqlite:///huiyin.db "
            "or postgresql://user:password@host:5432/name"
        ) from None


def _file_address(url: URL) -> URL:
    """The address that opens a file only if it is there."""
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        return url
    return url.set(database=Path(url.database).absolute().as_uri(), query={"mode": "rw", "uri": "true"})


def _postgresql_arguments(url: URL, settings: Settings, read_only: bool) -> dict[str, Any]:
    milliseconds = max(1, round(settings.statement_timeout_seconds * 1000))
    # Compiling our long statements takes PostgreSQL up to a second, and saves less. The plan for any values, which it
    # takes once a statement came ten times, may look through millions of cases where the plan for these values doesn't.
    plans = ("-c jit=off", "-c plan_cache_mode=force_custom_plan")
    options = [f"-c statement_timeout={milliseconds}", "-c timezone=UTC", *plans]
    if read_only:
        options.append("-c default_transaction_read_only=on")
    given = url.query.get("options", ())
    options = [given, *options] if isinstance(given, str) else [*given, *options]
    return {"connect_timeout": CONNECT_TIMEOUT_SECONDS, "options": " ".join(options), "application_name": "huiyin"}
