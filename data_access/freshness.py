"""How far the data reach, and when they last changed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from data_access.tables import SOURCE_TABLES, cases


@dataclass(frozen=True)
class Freshness:
    """When the newest case was received, and when any row last changed; None where there is none."""

    received_until: datetime | None
    updated_at: datetime | None


def read_freshness(connection: Connection) -> Freshness:
    """The freshness of the source tables; asks only for the newest entries of indexes."""
    received_until = connection.execute(select(func.max(cases.c.received_at))).scalar_one()
    newest = [select(func.max(table.c.updated_at)).scalar_subquery() for table in SOURCE_TABLES]
    updated = [at for at in connection.execute(select(*newest)).one() if at is not None]
    return Freshness(received_until, max(updated, default=None))
