"""How fresh the data are, and which files they came from."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from data_access.hierarchy import Hierarchy
from data_access.quality.visible import sees_company, visible
from data_access.scope import Scope
from data_access.tables import SOURCE_TABLES, import_batches


@dataclass(frozen=True)
class TableFreshness:
    """A source table's rows within the scope, and when the newest of them changed; None where there is none."""

    table: str
    rows: int
    newest_at: datetime | None


@dataclass(frozen=True)
class ImportBatch:
    """A file that was imported; ``undone_at`` is None while it stands."""

    id: int
    file_name: str
    file_hash: str
    mapping: str | None
    user: str
    started_at: datetime
    finished_at: datetime
    undone_at: datetime | None
    rows: int
    inserted: int
    changed: int
    unchanged: int
    rejected: int
    warnings: int


def read_table_freshness(
    connection: Connection, scope: Scope, hierarchy: Hierarchy, day: date
) -> tuple[TableFreshness, ...]:
    """One entry per source table, in the order of the contract; ``day`` is the local day of the as-of time."""
    found = []
    for table in SOURCE_TABLES:
        allowed = visible(table, scope, hierarchy, day)
        statement = select(func.count(), func.max(table.c.updated_at)).where(allowed)
        rows, newest_at = connection.execute(statement).one()
        found.append(TableFreshness(table.name, rows, newest_at))
    return tuple(found)


def read_import_log(
    connection: Connection, scope: Scope, hierarchy: Hierarchy, limit: int = 100
) -> tuple[ImportBatch, ...]:
    """The newest batches first: all of them for the whole company, below it the viewer's own."""
    statement = select(import_batches).order_by(import_batches.c.id.desc()).limit(limit)
    if not sees_company(scope, hierarchy):
        statement = statement.where(import_batches.c.user == scope.user)
    return tuple(ImportBatch(*row) for row in connection.execute(statement))
