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
    received_until = connection.execute(select(func.max(cases.c.received_at))).scalar_one()
    newest = [select(func.max(table.c.updated_at)).scalar_subquery() for table in SOURCE_TABLES]
    updated = [at for at in connection.execute(select(*newest)).one() if at is not None]
    refreshed_at = connection.execute(select(func.max(refresh_log.c.finished_at))).scalar_one()
    return Freshness(received_until, max(updated, default=None), refreshed_at)
