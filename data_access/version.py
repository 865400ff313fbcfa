"""One short text that changes whenever the data may have changed, as a key for what is cached."""

import hashlib

from sqlalchemy import Connection, Integer, func, select, true

from data_access.rollup_tables import refresh_log, rollup_partitions
from data_access.tables import SOURCE_TABLES, calendar_days, import_batches, targets


def data_version(connection: Connection) -> str:
    """The version of the data: another one after every import, undo, or write that moves ``updated_at``.

    Also after a refresh of the rollups, a crash that emptied them, another calendar or another target. In large
    tables it asks only for the newest entry of an index. A row that somebody deletes by hand goes unnoticed until
    the next refresh.
    """
    newest = [select(func.max(table.c.updated_at)).scalar_subquery() for table in SOURCE_TABLES]
    batches = select(func.count(), func.max(import_batches.c.id), func.max(import_batches.c.undone_at))
    days = select(
        func.min(calendar_days.c.begins_at),
        func.max(calendar_days.c.ends_at),
        func.sum(calendar_days.c.working_index),
        func.sum(calendar_days.c.official.cast(Integer)),
    )
    refreshes = select(func.max(refresh_log.c.id)).scalar_subquery()
    ready = select(func.count()).select_from(rollup_partitions).scalar_subquery()
    both = batches.subquery("batches"), days.subquery("days")
    # All at once, for every visitor waits for this; each of the two has a single row.
    statement = select(*newest, refreshes, ready, *both).select_from(both[0].join(both[1], true()))
    facts = tuple(connection.execute(statement).one())
    wanted = [tuple(row) for row in connection.execute(select(targets).order_by(*targets.primary_key))]
    return hashlib.sha256(repr((facts, wanted)).encode()).hexdigest()[:16]
