"""The tables spread over the nodes of a Citus cluster; every statement that is Citus's own stands here.

docs/citus.md says why each table is of its kind, and what the other statements of the program rely on.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sqlalchemy import Connection, Engine, Table, text

from data_access.dialect import lift_timeout
from data_access.engine import begin, connect
from data_access.errors import DataAccessError
from data_access.tables import SOURCE_TABLES, calendar_days, case_events, cases

DISTRIBUTION_COLUMNS: Mapping[str, str] = MappingProxyType({cases.name: "case_no", case_events.name: "case_no"})
"""The tables that are cut into shards, by the column whose values belong together."""

REFERENCE_TABLES: tuple[Table, ...] = (
    *(table for table in SOURCE_TABLES if table.name not in DISTRIBUTION_COLUMNS),
    calendar_days,
)
"""The tables of which every node has a copy. What is in neither list stays on the coordinator."""

_STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    *((table.fullname, (f"SELECT create_reference_table('{table.fullname}')",)) for table in REFERENCE_TABLES),
    ("cases", ("SELECT create_distributed_table('cases', 'case_no')",)),
    (
        "case_events",
        (
            # A key of a distributed table must hold the column that it is distributed by.
            "ALTER TABLE case_events DROP CONSTRAINT pk_case_events",
            "ALTER TABLE case_events ADD CONSTRAINT pk_case_events PRIMARY KEY (case_no, id)",
            "SELECT create_distributed_table('case_events', 'case_no', colocate_with => 'cases')",
        ),
    ),
)
"""Each table with the statements that spread it; names are ours, so that they may stand in the text."""

_EXTENSION = "SELECT 1 FROM pg_extension WHERE extname = 'citus'"

Progress = Callable[[str], None]
"""Called with the name of each table before it is spread."""


class CannotDistribute(DataAccessError):  # noqa: N818 - a state of the database
    """The database can't be the coordinator of a Citus cluster; the message says what is missing."""


def require_citus(engine: Engine) -> None:
    """Nothing; raises CannotDistribute unless the database has the extension Citus."""
    if engine.dialect.name != "postgresql":
        raise CannotDistribute(
            "A SQLite database can't be distributed. Use PostgreSQL with the extension Citus "
            "(HUIYIN_DATABASE_URL); docs/citus.md says how to set it up."
        )
    with connect(engine) as connection:
        if not _found(connection, _EXTENSION):
            raise CannotDistribute(_missing(connection))


def distribute(engine: Engine, progress: Progress | None = None) -> tuple[str, ...]:
    """The names of the tables that were spread over the nodes now; none if all were already.

    Each table in a transaction of its own: after an interruption another run does the rest. Rows that are there
    go along. Raises CannotDistribute, and DataAccessError.
    """
    require_citus(engine)
    spread = []
    for name, statements in _STEPS:
        with connect(engine) as connection:
            if _is_spread(connection, name):
                continue
        if progress is not None:
            progress(name)
        _run(engine, *statements)
        if name in DISTRIBUTION_COLUMNS:
            _run(engine, f"SELECT truncate_local_data_after_distributing_table('{name}')")
        spread.append(name)
    return tuple(spread)


def _run(engine: Engine, *statements: str) -> None:
    with begin(engine) as connection:
        lift_timeout(connection)
        for statement in statements:
            connection.execute(text(statement))


def is_reference_table(connection: Connection, table: Table) -> bool:
    """Whether every node of a cluster has a copy of the table; such a table is only changed by constants."""
    return (
        connection.dialect.name == "postgresql"
        and table in REFERENCE_TABLES
        and _found(connection, _EXTENSION)
        and _is_spread(connection, table.fullname)
    )


def _is_spread(connection: Connection, name: str) -> bool:
    return _found(connection, f"SELECT 1 FROM pg_dist_partition WHERE logicalrelid = '{name}'::regclass")  # noqa: S608 - our own name


def _missing(connection: Connection) -> str:
    if _found(connection, "SELECT 1 FROM pg_available_extensions WHERE name = 'citus'"):
        return (
            "This database doesn't use the extension Citus yet. Run in it, as superuser: CREATE EXTENSION citus; "
            "then register the coordinator and its workers as docs/citus.md says."
        )
    return (
        "This server doesn't have the extension Citus, so that its tables can't be distributed. Install the package "
        "(such as postgresql-15-citus-12.1) on the coordinator and on every worker, add citus to "
        "shared_preload_libraries, restart, and run CREATE EXTENSION citus; see docs/citus.md."
    )


def _found(connection: Connection, statement: str) -> bool:
    return connection.execute(text(statement)).first() is not None
