"""Rows in memory: their columns as arrays, each with what is NULL in it, and what was made of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Flags = npt.NDArray[np.bool_]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

Key = tuple[str, str]
"""Table and name of a column."""

CASES = "cases"
NOTHING = np.empty(0, dtype=np.int64)


class Values(NamedTuple):
    """One value per row, or a single one for all; ``null`` says which are NULL, None that none is.

    Instants are microseconds since 1970, days are places in the calendar, texts are codes into ``words``. Conditions
    are False where NULL.
    """

    data: Array
    null: Flags | None = None
    words: Mapping[str, int] | None = None

    def take(self, rows: Array) -> "Values":
        """The values of some rows, in their order."""
        return Values(_taken(self.data, rows), None if self.null is None else _taken(self.null, rows), self.words)


def _taken(values: Array, rows: Array) -> Array:
    return values.take(rows) if np.ndim(values) else values


def known(values: Values, size: int) -> Flags:
    """Which of the rows have a value."""
    return np.ones(size, dtype=bool) if values.null is None else np.broadcast_to(~values.null, (size,))


def empty_columns(rows: int, columns: int, kind: Any) -> Array:  # noqa: ANN401 - a type of NumPy
    """A matrix to be filled, one row per row; each column lies in one piece, as counts are filled and read."""
    return np.empty((rows, columns), dtype=kind, order="F")


def rows_of(matrix: Array, rows: Array) -> Array:
    """Some rows of a matrix, each column in one piece."""
    return matrix.T.take(rows, axis=1).T


def not_all_zero(matrix: Array) -> Flags:
    """Which rows have a number that isn't 0; column by column, for NumPy takes long over many short rows."""
    found = np.zeros(len(matrix), dtype=bool)
    for column in matrix.T:
        found |= column != 0
    return found


@dataclass(frozen=True, eq=False)
class Expression:
    """An expression that can be evaluated; ``tables`` are those whose columns it asks for.

    ``run`` evaluates it over rows; ``of`` has the rows remember what came out.
    """

    run: Callable[["Rows"], Values]
    tables: frozenset[str]

    def of(self, rows: "Rows") -> Values:
        """The value of each row, or a single one for all."""
        return rows.evaluated(self)


@dataclass(frozen=True, eq=False)
class Reopenings:
    """When cases were reopened, as far as events tell: places among the cases read together, and instants."""

    places: Array = field(default_factory=lambda: NOTHING)
    times: Array = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows to evaluate expressions over: some of the rows ``above`` or all of them, with further columns.

    Nothing is evaluated twice over the same rows, and nothing over some of the rows that can be picked from what was
    evaluated over all: most conditions don't depend on the as-of time.
    """

    size: int
    own: Mapping[Key, Values]
    local_day: Callable[[Values], Values]
    reopenings: Reopenings = field(default_factory=Reopenings)
    above: "Rows | None" = None
    taken: Array | None = None
    """places of the rows among those above; None if they are all"""
    _evaluated: dict[Expression | Key, Values] = field(default_factory=dict)

    @cached_property
    def _tables(self) -> frozenset[str]:
        return frozenset(table for table, _ in self.own)

    def evaluated(self, expression: Expression) -> Values:
        """The expression's values."""
        found = self._evaluated.get(expression)
        if found is None:
            found = self._evaluated[expression] = self._evaluate(expression)
        return found

    def _evaluate(self, expression: Expression) -> Values:
        if self.above is None or expression.tables & self._tables:
            return expression.run(self)
        return self._picked(self.above.evaluated(expression))

    def column(self, name: str, table: str = CASES) -> Values:
        """The values of a column that was read or added; raises KeyError for any other."""
        key = (table, name)
        if key in self.own or self.above is None:
            return self.own[key]
        found = self._evaluated.get(key)
        if found is None:
            found = self._evaluated[key] = self._picked(self.above.column(name, table))
        return found

    def _picked(self, values: Values) -> Values:
        return values if self.taken is None else values.take(self.taken)

    def take(self, rows: Array) -> "Rows":
        """Some of the rows, in their order."""
        return Rows(len(rows), {}, self.local_day, self.reopenings, self, rows)

    def having(self, columns: Mapping[Key, Values]) -> "Rows":
        """The rows with further columns, of tables that they didn't have."""
        return Rows(self.size, columns, self.local_day, self.reopenings, self)


def microseconds(instant: datetime) -> int:
    """The instant as it is kept in arrays."""
    return (instant - EPOCH) // MICROSECOND
