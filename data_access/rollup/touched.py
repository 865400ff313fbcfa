"""Which months of receipt must be counted anew: those with changed cases or events, and those that lost some."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Date, func, select, type_coerce, union_all

from data_access.dialect import instant
from data_access.rollup.cuts import Cuts
from data_access.rollup_tables import case_counts_ahead, rollup_partitions
from data_access.tables import case_events, cases
from data_access.written import Written

OVERLAP = timedelta(minutes=15)
"""How far a refresh looks back behind the last one: a transaction that took longer may go unnoticed."""


def touched_partitions(
    connection: Connection, cuts: Cuts, changed_until: datetime | None, now: Mapping[date, int]
) -> frozenset[date]:
    """The partitions with a case or event changed since, and those whose number of cases is another.

    ``now`` are the numbers of cases. A case that moved to another month is missing in the old one, whoever
    moved it.
    """
    return _changed(connection, cuts, changed_until) | _with_other_counts(connection, now)


def reached_partitions(connection: Connection, known_until: datetime) -> frozenset[date]:
    """The partitions of which something lay ahead that has come by ``known_until``."""
    reached = case_counts_ahead.c.counts_from <= instant(known_until)
    return frozenset(connection.execute(select(case_counts_ahead.c.partition).where(reached).distinct()).scalars())


def _changed(connection: Connection, cuts: Cuts, changed_until: datetime | None) -> frozenset[date]:
    if changed_until is None:
        return frozenset()
    since = instant(changed_until - OVERLAP)
    partition = cuts.partition.label("partition")
    # Each by itself without repeats, so that shards of a cluster send months and not cases.
    of_cases = select(partition).where(cases.c.updated_at > since).distinct()
    of_events = (
        select(partition)
        .select_from(case_events.join(cases, cases.c.case_no == case_events.c.case_no))
        .where(case_events.c.updated_at > since)
        .distinct()
    )
    found = of_cases.union(of_events).subquery()
    return frozenset(connection.execute(select(type_coerce(found.c.partition, Date()))).scalars())


def _with_other_counts(connection: Connection, now: Mapping[date, int]) -> frozenset[date]:
    known = {row.partition: row.cases for row in connection.execute(select(rollup_partitions))}
    return frozenset(
        partition for partition in known.keys() | now.keys() if known.get(partition, 0) != now.get(partition, 0)
    )


def cases_by_partition(connection: Connection, cuts: Cuts) -> dict[date, int]:
    """How many cases were received in each partition that has any.

    Each is counted by itself: that reads the index only, a third of the time of sorting cases into months.
    """
    each = [
        select(Written(month.start).label("partition"), func.count().label("cases"))
        .select_from(cases)
        .where(cuts.received_in([month.start]))
        for month in cuts.grid.months
    ]
    counts = union_all(*each).subquery()
    rows = connection.execute(select(type_coerce(counts.c.partition, Date()), counts.c.cases))
    return {partition: number for partition, number in rows if number}


def newest_change(connection: Connection) -> datetime | None:
    """When a case or an event last changed."""
    newest = [connection.execute(select(func.max(table.c.updated_at))).scalar_one() for table in (cases, case_events)]
    return max((at for at in newest if at is not None), default=None)
