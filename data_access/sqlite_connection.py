"""What a SQLite connection needs to behave as the shared database: journal, locks, time limit, names."""

import math
import sqlite3
import time

from sqlalchemy import Connection, Engine, event

from data_access.dialect import UNLIMITED, with_own_prefix

BUSY_TIMEOUT_SECONDS = 30.0
"""How long a writer waits for another one; readers never wait."""

STEPS_BETWEEN_CHECKS = 50_000
"""Virtual machine steps between two looks at the clock: under a millisecond of work."""


def prepare_sqlite(engine: Engine, *, read_only: bool, timeout_seconds: float) -> None:
    """Sets the engine's connections up as they are opened and its statements as they are run."""

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _record: object) -> None:
        # Python's driver begins no transaction before DDL or SELECT, so the engine says BEGIN itself.
        connection.isolation_level = None
        for pragma in _pragmas(read_only=read_only):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        # A writer takes the lock at once: a transaction that reads first and then wants it would fail.
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def before_statement(
        connection: Connection, cursor: sqlite3.Cursor, statement: str, parameters: object, *_rest: object
    ) -> tuple[str, object]:
        unlimited = connection.get_execution_options().get(UNLIMITED, False)
        _limit(cursor.connection, math.inf if unlimited else timeout_seconds)
        return with_own_prefix(statement), parameters


def _pragmas(*, read_only: bool) -> tuple[str, ...]:
    always = ("foreign_keys=ON", f"busy_timeout={round(BUSY_TIMEOUT_SECONDS * 1000)}")
    if read_only:
        return (*always, "query_only=ON")
    return (*always, "journal_mode=WAL", "synchronous=NORMAL")


def _limit(connection: sqlite3.Connection, seconds: float) -> None:
    """Stops the statement that is about to run after so many seconds."""
    ends = time.monotonic() + seconds
    connection.set_progress_handler(lambda: time.monotonic() > ends, STEPS_BETWEEN_CHECKS)
