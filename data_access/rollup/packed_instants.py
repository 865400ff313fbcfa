"""Instants that the server sends in one piece for each row: half the work for a row of a dozen of them."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
from sqlalchemy import ColumnElement, Select, func, literal_column

from data_access.instant import Instant
from data_access.rollup.rows import Array, microseconds

PACKED = "packed_instants"

EPOCH_OF_SERVER = microseconds(datetime(2000, 1, 1, tzinfo=UTC))
"""The server counts from here."""

NONE = 0x7FFFFFFFFFFFFFFE
"""What stands for NULL: the server has no instant between its last one and infinity, which is one more."""


def packed(statement: Select[Any]) -> Select[Any]:
    """The statement with one column of bytes in place of its columns of instants."""
    others = [column for column in statement.selected_columns if not _is_instant(column)]
    bytes_of = [_bytes(column) for column in statement.selected_columns if _is_instant(column)]
    together = bytes_of[0]
    for each in bytes_of[1:]:
        together = together.op("||")(each)
    return statement.with_only_columns(*others, together.label(PACKED))


def _bytes(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.coalesce(func.timestamptz_send(column), literal_column(f"'\\x{NONE:016x}'::bytea"))


def unpacked(statement: Select[Any], batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch of the packed statement with the columns of the statement."""
    names = [str(column.name) for column in statement.selected_columns if _is_instant(column)]
    instants = dict(zip(names, _columns(batch.column(PACKED), len(names)), strict=True))
    wanted = [str(column.name) for column in statement.selected_columns]
    columns = {name: instants[name] if name in instants else batch.column(name) for name in wanted}
    return pa.record_batch(columns)


def _columns(packed_rows: Any, count: int) -> list[Any]:  # noqa: ANN401 - Arrow arrays
    """The instants of each column, from rows of ``count`` big-endian numbers of microseconds."""
    if not len(packed_rows):
        return [pa.array([], pa.timestamp("us", tz="UTC"))] * count
    _, _, content = packed_rows.buffers()
    start = 8 * count * packed_rows.offset
    numbers = np.frombuffer(content, dtype=">i8", count=len(packed_rows) * count, offset=start)
    return [_timestamps(column) for column in numbers.reshape(-1, count).T]


def _timestamps(numbers: Array) -> Any:  # noqa: ANN401 - an Arrow array
    since = numbers.astype(np.int64)
    return pa.array(since + EPOCH_OF_SERVER, pa.int64(), mask=since == NONE).cast(pa.timestamp("us", tz="UTC"))


def holds_several_instants(statement: Select[Any]) -> bool:
    """Whether it pays to pack the statement's instants."""
    return sum(map(_is_instant, statement.selected_columns)) > 1


def _is_instant(column: ColumnElement[Any]) -> bool:
    return isinstance(column.type, Instant)
