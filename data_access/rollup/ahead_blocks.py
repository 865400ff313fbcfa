"""What lies ahead of a refresh, packed: rows that count from an instant on; a block holds those of a fact and a day.

A block has columns of whole numbers: the keys, three for the instant, the counts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from data_access.rollup.block import BY_DATE, SLOT
from data_access.rollup.narrow import Columns, narrowed
from data_access.rollup.partition import Ahead
from data_access.rollup.rows import Array, microseconds
from metrics.counts import FACTS, Fact

SEGMENT = "segment"

KEYS = {**{name: part for name, part in BY_DATE.keys.items() if name != SLOT}, SEGMENT: "segment"}
"""The keys, numbered as in blocks, and the part of the sums' keys that each comes from; segments by their number."""

INSTANT = ("day", "second", "microsecond")
"""The columns of the instant: days since 1970, and the time of the day in UTC. One whole number would be too large."""

SECONDS_OF_DAY, MICROSECONDS = 86_400, 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = microseconds(datetime.max.replace(tzinfo=UTC))


@dataclass(frozen=True, eq=False)
class AheadBlock:
    """Rows that count from instants of one day on, the earliest of which is ``counts_from``."""

    counts_from: datetime
    columns: Columns


def lines_of(fact: Fact) -> tuple[str, ...]:
    """The columns of a block of the fact."""
    return (*KEYS, *INSTANT, *FACTS[fact].counts)


def cut_ahead(ahead: Ahead) -> Iterator[AheadBlock]:
    """The rows in blocks, in the order of their days."""
    if not len(ahead.sums.keys):
        return
    parts, instants = ahead.sums.parts, ahead.instants[ahead.sums.parts["moment"]]
    matrix = np.empty((len(lines_of(ahead.fact)), len(instants)), dtype=np.int32)
    seconds, microseconds = np.divmod(instants, MICROSECONDS)
    days, second = np.divmod(seconds, SECONDS_OF_DAY)
    for line, column in enumerate([*(parts[part] for part in KEYS.values()), days, second, microseconds]):
        matrix[line] = column
    matrix[len(KEYS) + len(INSTANT) :] = ahead.sums.counts.T
    order = np.argsort(days, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(days[order]) != 0])
    for first, end in zip(starts.tolist(), [*starts[1:].tolist(), len(order)], strict=True):
        rows = order[first:end]
        yield AheadBlock(earliest(instants[rows]), narrowed(matrix.take(rows, axis=1)))


def earliest(instants: Array) -> datetime:
    """The earliest of some instants, at most the last one that Python knows; a wrong year may lie behind it."""
    return _EPOCH + timedelta(microseconds=min(int(instants.min()), _LATEST))


def instants_of(columns: Columns, lines: Sequence[str]) -> Array:
    """The instant of each row, in microseconds since 1970."""
    day, second, microsecond = (columns[lines.index(name)].astype(np.int64) for name in INSTANT)
    found: Array = (day * SECONDS_OF_DAY + second) * MICROSECONDS + microsecond
    return found
