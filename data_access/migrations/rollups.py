"""The tables of the rollups, made as this version of the program has them, for nothing is lost with them.

Whoever changes one adds a migration that drops them all and makes them anew.
"""

from sqlalchemy import Connection, text

from data_access.rollup.fresh import INDEXES, create_indexes, prepare
from data_access.rollup_tables import ROLLUP_TABLES, refresh_log


def make_rollups(connection: Connection) -> None:
    """Nothing; all tables of the rollups are there, empty, with their indexes."""
    for table in ROLLUP_TABLES:
        table.create(connection)
        if table is not refresh_log:
            prepare(connection, table)
    for table in INDEXES:
        create_indexes(connection, table, table)


def drop_rollups(connection: Connection, *others: str) -> None:
    """Nothing; the tables of the rollups, and others that stood in their place, are gone if they were there."""
    for name in (*(table.name for table in ROLLUP_TABLES), *others):
        connection.execute(text(f"DROP TABLE IF EXISTS assessment.{name}"))
