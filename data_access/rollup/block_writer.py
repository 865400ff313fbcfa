"""What a partition adds, written: blocks of counts, the codes they refer to, and what lies ahead."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, cast

import numpy as np
import pyarrow as pa
from psycopg import Connection as PostgresConnection
from psycopg import Error as PostgresError
from sqlalchemy import Connection, Table, insert
from sqlalchemy.exc import DBAPIError

from data_access.dialect import own_name
from data_access.question import View
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
    packed,
)
from data_access.rollup.block import UNIT_GRAIN as UNIT
from data_access.rollup.codes import Codes
from data_access.rollup.grid import Grid
from data_access.rollup.partition import Ahead, Counted, Counter
from data_access.rollup.rows import Array
from data_access.rollup.store import store
from data_access.rollup.sums import Sums
from data_access.rollup_tables import case_blocks, case_counts_ahead

ALL = ""
"""The anchor of a block that holds all units of its grain."""

VIEWS = (View.SCORED.value, View.FULL.value)
BLOCK_COLUMNS = tuple(column.name for column in case_blocks.columns)


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
    codes: Mapping[str, Codes]
    into: Mapping[str, Table] = field(default_factory=dict)

    def write(self, partition: date, counted: Counted) -> None:
        """Nothing; all that the partition's cases add is in the tables."""
        rows = [(*row[:3], partition, *row[3:]) for some in self._all_blocks(counted) for row in some]
        _insert_blocks(self.connection, self._into(case_blocks), rows)
        for each in counted.ahead:
            self._write_ahead(partition, each)

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
            yield kind.name, grain, anchor, first_days[block.day], block.matrix.shape[1], packed(block.matrix)

    @cached_property
    def _segments(self) -> list[date]:
        return [segment.start for segment in self.grid.segments]

    @cached_property
    def _days_of_slots(self) -> list[date]:
        return [slot.as_of.astimezone(self.grid.time_zone).date() for slot in self.grid.slots]

    def _write_ahead(self, partition: date, ahead: Ahead) -> None:
        sums = ahead.sums
        count, parts = len(sums.keys), sums.parts
        columns = {
            "grain": pa.repeat(UNIT, count),
            "unit_id": _texts(parts["unit"], self.unit_ids),
            "partition": pa.repeat(pa.scalar(partition, pa.date32()), count),
            "segment": pa.array(self._segments, pa.date32()).take(pa.array(parts["segment"])),
            "counts_from": pa.array(ahead.instants[parts["moment"]]).cast(pa.timestamp("us", tz="UTC")),
            "view": _texts(parts["view"], VIEWS),
        }
        for name in ("grade", "track", "rating_source"):
            columns[name] = self._words(name, sums, BY_DATE.keys[name])
        store(self.connection, self._into(case_counts_ahead), columns | _counts(sums))

    def _words(self, name: str, sums: Sums, part: str) -> Any:  # noqa: ANN401 - an Arrow array
        """The codes of a dimension; its last number says that there is none."""
        words = list(self.codes[name].words)
        missing = [None] * (sums.packing.sizes[part] - len(words))
        return _texts(sums.parts[part], (*words, *missing))

    def _into(self, table: Table) -> Table:
        return self.into.get(table.name, table)


def _texts(places: Array, texts: Iterable[str | None]) -> Any:  # noqa: ANN401
    return pa.array(texts, pa.string()).take(pa.array(places))


def _counts(sums: Sums) -> dict[str, Any]:
    """The counts, empty where they are 0: most of them are."""
    columns = ((name, sums.counts[:, place]) for place, name in enumerate(sums.names))
    return {name: pa.array(column, pa.int64(), mask=column == 0) for name, column in columns}


def _insert_blocks(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Nothing; the rows, in the order of the table's columns, are in the table."""
    if not rows:
        return
    if connection.dialect.name != "postgresql":
        connection.execute(insert(table), [dict(zip(BLOCK_COLUMNS, row, strict=True)) for row in rows])
        return
    name = ".".join(part for part in own_name(table, "postgresql") if part)
    driver = cast(PostgresConnection, connection.connection.driver_connection)
    statement = f"COPY {name} ({', '.join(BLOCK_COLUMNS)}) FROM STDIN (FORMAT binary)"
    try:
        with driver.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            copy.set_types(("varchar", "varchar", "varchar", "date", "date", "int4", "bytea"))
            for row in rows:
                copy.write_row(row)
    except PostgresError as error:
        # SQLAlchemy doesn't see what happens on the driver's own connection.
        raise DBAPIError(statement, None, error) from error
