"""Rows in memory: their columns as arrays, each with what is NULL in it."""

from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Flags = npt.NDArray[np.bool_]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


Key = tuple[str, str]
"""Table and name of a column."""


class Values(NamedTuple):
    """One value per row; ``null`` says which are NULL, None that none is. Conditions are False where NULL.

    Instants are microseconds since 1970, days are days since 1970, texts are codes into ``words``.
    """

    data: Array
    null: Flags | None = None
    words: Mapping[str, int] | None = None

    def take(self, rows: Array) -> "Values":
        """The values of some rows, in their order."""
        return Values(self.data[rows], None if self.null is None else self.null[rows], self.words)


class _Taken(Mapping[Key, Values]):
    """The columns of some rows, each picked out when it is first asked for: most never are."""

    def __init__(self, columns: Mapping[Key, Values], rows: Array) -> None:
        self._columns, self._rows = columns, rows
        self._known: dict[Key, Values] = {}

    def __getitem__(self, key: Key) -> Values:
        if key not in self._known:
            self._known[key] = self._columns[key].take(self._rows)
        return self._known[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows to evaluate expressions over: their columns by table and name, and what is asked of other tables."""

    size: int
    columns: Mapping[Key, Values]
    local_day: Callable[[Values], Values]
    reopened_between: Callable[["Rows", Values, Values], Flags]

    def take(self, rows: Array) -> "Rows":
        """Some of the rows, in their order."""
        return Rows(len(rows), _Taken(self.columns, rows), self.local_day, self.reopened_between)

    def having(self, columns: Mapping[Key, Values]) -> "Rows":
        """The rows with further columns."""
        return Rows(self.size, ChainMap(dict(columns), cast(Any, self.columns)), self.local_day, self.reopened_between)


def microseconds(instant: datetime) -> int:
    """The instant as it is kept in arrays."""
    return (instant - EPOCH) // MICROSECOND
