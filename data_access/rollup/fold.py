"""What time has brought: counts that were ahead, and are no longer."""

from datetime import date, datetime

from sqlalchemy import Connection, Integer, cast, delete, func, insert, literal, select, update

from data_access.dialect import instant
from data_access.instant import Instant
from data_access.rollup_tables import case_counts, case_counts_ahead


def fold(connection: Connection, known_until: datetime, new: datetime) -> frozenset[date]:
    """The partitions whose rows moved from ahead into ``case_counts``; all newest rows count from ``new`` on.

    Only to be used where no month was settled in between.
    """
    newest = case_counts.c.counts_from == instant(known_until)
    connection.execute(update(case_counts).where(newest).values(counts_from=new))
    reached = case_counts_ahead.c.counts_from <= instant(new)
    partitions = connection.execute(select(case_counts_ahead.c.partition).where(reached).distinct()).scalars()
    found = frozenset(partitions)
    keys = ("grain", "unit_id", "partition", "segment", "view", "grade", "track")
    counts = [column.name for column in case_counts_ahead.columns if column.name not in (*keys, "counts_from")]
    table = case_counts_ahead.c
    rows = (
        select(
            *(table[name] for name in keys),
            literal(new, Instant()),
            *(cast(func.sum(table[name]), Integer) for name in counts),
        )
        .where(reached)
        .group_by(*(table[name] for name in keys))
    )
    connection.execute(insert(case_counts).from_select([*keys, "counts_from", *counts], rows))
    connection.execute(delete(case_counts_ahead).where(reached))
    return found
