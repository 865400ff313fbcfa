"""The database's tables brought to this version, without alembic.ini or a command of Alembic's."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, func, select

from data_access import migrations
from data_access.dialect import lift_timeout
from data_access.engine import begin, connect
from data_access.errors import DatabaseNotReady
from data_access.failures import address

VERSION_TABLE = "huiyin_version"
"""Not Alembic's usual name: other systems with migrations of their own may share the database."""

_LOCK = 7_103_301
"""Number of the advisory lock on PostgreSQL; SQLite's writers have one lock anyway."""


def upgrade(engine: Engine) -> None:
    """Brings the tables to this version; nothing happens if they are.

    One transaction: on an error the database is as before. Two processes at once wait for each other.
    Raises DataAccessError; DatabaseNotReady for tables of a version that this program doesn't know.
    """
    with begin(engine) as connection:
        lift_timeout(connection)
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        try:
            command.upgrade(_configuration(connection), "head")
        except CommandError:
            raise DatabaseNotReady(
                f"The database at {address(engine.url)} has the tables of another, newer version of Huiyin. "
                "Install that version, or use another database (HUIYIN_DATABASE_URL)."
            ) from None


def is_current(engine: Engine) -> bool:
    """Whether the tables are those of this version; False for an empty database. Raises DataAccessError."""
    with connect(engine) as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        return context.get_current_revision() == _newest_revision()


def _newest_revision() -> str | None:
    return ScriptDirectory.from_config(_configuration()).get_current_head()


def _configuration(connection: Connection | None = None) -> Config:
    configuration = Config(attributes={"connection": connection, "version_table": VERSION_TABLE})
    configuration.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    return configuration
