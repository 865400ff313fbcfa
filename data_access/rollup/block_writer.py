"""What a partition adds, written: blocks of counts, and of what lies ahead."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, cast

import numpy as np
from psycopg import Connection as PostgresConnection
from psycopg import Error as PostgresError
from sqlalchemy import Connection, Table, insert
from sqlalchemy.exc import DBAPIError

from data_access.dialect import own_name
from data_access.rollup.ahead_blocks import cut_ahead
from data_access.rollup.block import (
    BRANCH,
    BY_DATE,
    BY_DURATION,
    BY_TOPIC,
    COMPANY,
    IN_DAYS,
    IN_MINUTES,
    OPEN,
    BlockKind,
    cut,
)
from data_access.rollup.block import UNIT_GRAIN as UNIT
from data_access.rollup.grid import Grid
from data_access.rollup.narrow import packed
from data_access.rollup.partition import Counted, Counter
from data_access.rollup.rows import Array
from data_access.rollup.sums import Sums
from data_access.rollup_tables import case_blocks, case_counts_ahead

ALL = ""
"""The anchor of a block that holds all units of its grain."""

_SENT_AS = {str: "varchar", date: "date", datetime: "timestamptz", int: "int4", bytes: "bytea"}
"""PostgreSQL's type for the values of a row of blocks."""


@dataclass(frozen=True, eq=False)
class BlockWriter:
    """Writes what partitions add to the rollups of cases; their rows must be gone from the tables.

    ``unit_ids`` are the units by number, nowhere (None) last. ``anchors`` is the number of the branch of each unit and
    segment. ``into`` are the tables to write to in place of the rollups, by the rollups' names.
    """

    connection: Connection
    grid: Grid
    unit_ids: Sequence[str | None]
    anchors: Array
    counter: Counter
    into: Mapping[str, Table] = field(default_factory=dict)

    def write(self, partition: date, counted: Counted) -> None:
        """Nothing; all that the partition's cases add is in the tables."""
        rows = [(*row[:3], partition, *row[3:]) for some in self._all_blocks(counted) for row in some]
        _insert(self.connection, self._into(case_blocks), rows)
        later = [
            (ahead.fact.value, partition, block.counts_from, block.columns.rows, packed(block.columns))
            for ahead in counted.ahead
            for block in cut_ahead(ahead)
        ]
        _insert(self.connection, self._into(case_counts_ahead), later)

    def _all_blocks(self, counted: Counted) -> Iterator[Iterator[tuple[Any, ...]]]:
        in_days = ((BY_DURATION[fact], counted.durations[fact]) for fact in IN_DAYS)
        for kind, of_units in ((BY_DATE, counted.cases), (OPEN, counted.open), *in_days):
            of_branches = self.counter.of_branches(of_units)
            yield self._blocks(UNIT, kind, of_units)
            yield self._blocks(BRANCH, kind, of_branches)
            yield self._blocks(COMPANY, kind, self.counter.of_company(of_branches))
        yield self._blocks(BRANCH, BY_TOPIC, counted.topics)
        yield self._blocks(COMPANY, BY_TOPIC, self.counter.of_company(counted.topics))
        # By the minute a branch has nearly as many durations as its teams together.
        for fact in IN_MINUTES:
            yield self._blocks(UNIT, BY_DURATION[fact], counted.durations[fact])
            yield self._blocks(COMPANY, BY_DURATION[fact], self.counter.of_company(counted.durations[fact]))

    def _blocks(self, grain: str, kind: BlockKind, sums: Sums) -> Iterator[tuple[Any, ...]]:
        parts = sums.parts
        days = parts["moment"] if kind is OPEN else parts["segment"]
        apart = grain == UNIT
        anchors = self.anchors[parts["unit"], parts["segment"]] if apart else np.zeros(len(days), dtype=np.int64)
        first_days = self._days_of_slots if kind is OPEN else self._segments
        for block in cut(kind, sums, anchors, days):
            anchor = (self.unit_ids[block.anchor] or ALL) if apart else ALL
            yield kind.name, grain, anchor, first_days[block.day], block.columns.rows, packed(block.columns)

    @cached_property
    def _segments(self) -> list[date]:
        return [segment.start for segment in self.grid.segments]

    @cached_property
    def _days_of_slots(self) -> list[date]:
        return [slot.as_of.astimezone(self.grid.time_zone).date() for slot in self.grid.slots]

    def _into(self, table: Table) -> Table:
        return self.into.get(table.name, table)


def _insert(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Nothing; the rows, in the order of the table's columns, are in the table."""
    if not rows:
        return
    columns = [column.name for column in table.columns]
    if connection.dialect.name != "postgresql":
        connection.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in rows])
        return
    name = ".".join(part for part in own_name(table, "postgresql") if part)
    driver = cast(PostgresConnection, connection.connection.driver_connection)
    statement = f"COPY {name} ({', '.join(columns)}) FROM STDIN (FORMAT binary)"
    try:
        with driver.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            copy.set_types([_SENT_AS[type(value)] for value in rows[0]])
            for row in rows:
                copy.write_row(row)
    except PostgresError as error:
        # SQLAlchemy doesn't see what happens on the driver's own connection.
        raise DBAPIError(statement, None, error) from error
