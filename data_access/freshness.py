"""How far the data reach, and when they last changed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from data_access.rollup_tables import refresh_log
from data_access.tables import SOURCE_TABLES, cases


@dataclass(frozen=True)
class Freshness:
    """When the newest case was received, any row last changed, and the rollups were last made; None for never."""

    received_until: datetime | None
    updated_at: datetime | None
    refreshed_at: datetime | None


def read_freshness(connection: Connection) -> Freshness:
    """The freshness of the source tables; asks only for the newest entries of indexes."""
    columns = (cases.c.received_at, refresh_log.c.finished_at, *(table.c.updated_at for table in SOURCE_TABLES))
    newest = (select(func.max(column)).scalar_subquery() for column in columns)
    received_until, refreshed_at, *changed = connection.execute(select(*newest)).one()
    return Freshness(received_until, max((at for at in changed if at is not None), default=None), refreshed_at)
