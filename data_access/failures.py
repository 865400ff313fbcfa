"""Database errors turned into ours, with what to do about them."""

import sqlite3
from urllib.parse import unquote

import psycopg
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from data_access.errors import DataAccessError, DatabaseNotReady, DatabaseUnavailable, QueryTimeout

_NOT_READY = ("no such table", "no such column", "attempt to write a readonly database")
_INTERRUPTED = "interrupted"


def address(url: URL) -> str:
    """The database's address as a person may see it: no user, no password, no options."""
    if url.get_backend_name() == "sqlite":
        return unquote((url.database or ":memory:").removeprefix("file://"))
    return f"{url.host or 'localhost'}:{url.port or 5432}/{url.database}"


def explain(error: SQLAlchemyError, url: URL) -> DataAccessError:
    """The error of ours that says the same, with the database's address and a remedy."""
    if isinstance(error, PoolTimeout):
        return DatabaseUnavailable(f"The database at {address(url)} is busy; try again in a moment.")
    if not isinstance(error, DBAPIError):
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
    return _unavailable_or_other(error, original, url)


def _unavailable_or_other(error: DBAPIError, original: BaseException | None, url: URL) -> DataAccessError:
    if error.connection_invalidated or _unreachable(original):
        return DatabaseUnavailable(
            f"The database at {address(url)} can't be reached: {_first_line(original)}. "
            "Check that it is running and that HUIYIN_DATABASE_URL is right, then try again."
        )
    return DataAccessError(f"The database at {address(url)} refused: {_first_line(original)}")


def _timed_out(error: BaseException | None) -> bool:
    if isinstance(error, sqlite3.OperationalError):
        return str(error) == _INTERRUPTED
    return isinstance(error, psycopg.errors.QueryCanceled)


def _not_ready(error: BaseException | None, url: URL) -> bool:
    if isinstance(error, sqlite3.OperationalError):
        return str(error).startswith(_NOT_READY) or _missing_file(error, url)
    return isinstance(
        error, psycopg.errors.UndefinedTable | psycopg.errors.UndefinedColumn | psycopg.errors.InvalidSchemaName
    )


def _missing_file(error: sqlite3.OperationalError, url: URL) -> bool:
    """A reader's file isn't there; a writer's folder isn't there is another matter."""
    return "unable to open database file" in str(error) and "mode" in url.query


def _unreachable(error: BaseException | None) -> bool:
    return isinstance(error, sqlite3.DatabaseError | psycopg.OperationalError) and not isinstance(
        error, sqlite3.IntegrityError | sqlite3.ProgrammingError
    )


def _first_line(error: BaseException | None) -> str:
    """The first line only: further ones may show values of rows."""
    return next(iter(str(error).splitlines()), "no reason given").rstrip(". ")
