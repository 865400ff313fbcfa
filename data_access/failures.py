"""Database errors turned into ours, with what to do about them."""

import sqlite3
from urllib.parse import unquote

import psycopg
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from data_access.errors import DataAccessError, DatabaseNotReady, DatabaseUnavailable, QueryTimeout

_POSTGRESQL_NOT_READY = (
    psycopg.errors.UndefinedTable,
    psycopg.errors.UndefinedColumn,
    psycopg.errors.InvalidSchemaName,
)
_SQLITE_NOT_READY = ("no such table", "no such column")
_SQLITE_UNAVAILABLE = frozenset(
    (
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_NOTADB,
    )
)
_PRIMARY_CODE = 0xFF
"""An extended error code of SQLite holds the primary one in its lowest byte."""


def explain(error: SQLAlchemyError, url: URL) -> DataAccessError:
    """The error of ours that says the same, with the database's address and a remedy."""
    if isinstance(error, PoolTimeout):
        return DatabaseUnavailable(f"The database at {address(url)} is busy; try again in a moment.")
    if not isinstance(error, DBAPIError) or error.orig is None:
        return DataAccessError(f"The database at {address(url)} can't be asked this: {_first_line(error)}")
    original = error.orig
    if _timed_out(original):
        return QueryTimeout(
            "The question took too long and was stopped. Choose a shorter period or a single unit, "
            "or raise HUIYIN_STATEMENT_TIMEOUT (seconds)."
        )
    if _not_ready(original, url):
        return DatabaseNotReady(
            f"The database at {address(url)} doesn't have Huiyin's tables yet, or has those of another version. "
            "Run `huiyin import FILE` with your own data, or `huiyin sample` for a sample company."
        )
    if error.connection_invalidated or _unavailable(original):
        return DatabaseUnavailable(
            f"The database at {address(url)} can't be used: {_first_line(original)}. "
            "Check that it is running and that HUIYIN_DATABASE_URL is right, then try again."
        )
    return DataAccessError(f"The database at {address(url)} refused: {_first_line(original)}")


def address(url: URL) -> str:
    """The database's address as a person may see it: no user, no password, no options."""
    if url.get_backend_name() == "sqlite":
        return unquote((url.database or ":memory:").removeprefix("file://"))
    return f"{url.host or 'localhost'}:{url.port or 5432}/{url.database}"


def _timed_out(error: BaseException) -> bool:
    return _sqlite_code(error) == sqlite3.SQLITE_INTERRUPT or isinstance(error, psycopg.errors.QueryCanceled)


def _not_ready(error: BaseException, url: URL) -> bool:
    if isinstance(error, sqlite3.Error):
        # A reader's address says how to open the file, so that none is made; a writer's folder is another matter.
        missing_file = _sqlite_code(error) == sqlite3.SQLITE_CANTOPEN and "mode" in url.query
        return missing_file or str(error).startswith(_SQLITE_NOT_READY)
    return isinstance(error, _POSTGRESQL_NOT_READY)


def _unavailable(error: BaseException) -> bool:
    return _sqlite_code(error) in _SQLITE_UNAVAILABLE or isinstance(error, psycopg.OperationalError)


def _sqlite_code(error: BaseException) -> int | None:
    """SQLite's primary error code; None for an error of another kind."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & _PRIMARY_CODE


def _first_line(error: BaseException) -> str:
    """The first line only: further ones may show values of rows."""
    return next(iter(str(error).splitlines()), "no reason given").rstrip(". ")
