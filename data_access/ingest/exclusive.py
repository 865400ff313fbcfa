"""One import at a time, whatever the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, func, select

from data_access.dialect import lift_timeout
from data_access.engine import begin
from data_access.errors import DataAccessError, DatabaseUnavailable

_LOCK = 7_103_302
"""Number of the advisory lock that lets one import run at a time on PostgreSQL."""

BUSY = "Another import is running. Try again when it has finished."


class ImportBusy(DataAccessError):  # noqa: N818 - a state of the database
    """Another import is running; trying again when it has finished will do."""


@contextmanager
def exclusive(engine: Engine) -> Iterator[Connection]:
    """A transaction that no other import can run beside; raises ImportBusy if one does."""
    try:
        with begin(engine) as connection:
            lift_timeout(connection)
            if connection.dialect.name == "postgresql":
                if not connection.execute(select(func.pg_try_advisory_xact_lock(_LOCK))).scalar_one():
                    raise ImportBusy(BUSY)
                connection.execute(select(func.set_config("timezone", "UTC", True)))
            yield connection
    except DatabaseUnavailable as error:
        if "locked" in str(error.__cause__):
            raise ImportBusy(BUSY) from None
        raise
