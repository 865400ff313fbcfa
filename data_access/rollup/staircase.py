"""Instants sorted between boundaries, by a table instead of a search."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from data_access.rollup.rows import NOTHING, Array

QUARTER = 15 * 60 * 1_000_000
"""Microseconds of a quarter of an hour. Local midnights fall on one wherever clocks differ from UTC by quarters."""

MOST_QUARTERS = 1 << 22
"""A table of 120 years; boundaries that lie further apart are searched."""


@dataclass(frozen=True, eq=False)
class Staircase:
    """Instants in microseconds, in order; ten times as fast as a search where they fall on quarters of an hour."""

    boundaries: Array

    def reached(self, at: Array) -> Array:
        """How many boundaries aren't later than each instant."""
        table = self._table
        if not len(table):
            return np.searchsorted(self.boundaries, at, side="right")
        quarter = np.asarray(at) // QUARTER - self._first
        return table.take(quarter, mode="clip")

    def passed(self, at: Array) -> Array:
        """How many boundaries are earlier than each instant."""
        return self.reached(np.asarray(at) - 1)

    @cached_property
    def _first(self) -> int:
        """The quarter before the first boundary."""
        return int(self.boundaries[0]) // QUARTER - 1

    @cached_property
    def _table(self) -> Array:
        """How many boundaries are reached in each quarter; empty where they don't fall on quarters."""
        if not len(self.boundaries) or (self.boundaries % QUARTER).any():
            return NOTHING
        places = self.boundaries // QUARTER - self._first
        if places[-1] >= MOST_QUARTERS:
            return NOTHING
        return np.bincount(places).cumsum().astype(np.int32)
