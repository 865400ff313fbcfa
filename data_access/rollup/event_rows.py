"""Decisions on cases by unit and month, with the longest period in which each is its case's first of its kind.

Who is first in a year is first in its half-year, quarter and month too; so one set of rows serves them all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, cast

import numpy as np
import pyarrow as pa
from sqlalchemy import Connection, Select, Table, delete, select, true

from data_access.counts.case_events import DECISION, deciding_unit, decisions
from data_access.counts.case_rows import placed_unit
from data_access.counts.grouping import AT
from data_access.counts.placing import midnight
from data_access.dialect import greatest
from data_access.hierarchy import Hierarchy
from data_access.rollup.case_arrays import Read
from data_access.rollup.case_numbers import CaseNumbers
from data_access.rollup.coded import NO_ROWS, Array, Coded, encoded, words_of
from data_access.rollup.cuts import Cuts
from data_access.rollup.event_order import ones_before
from data_access.rollup.event_periods import FIRST_OF
from data_access.rollup.fresh import create_fresh
from data_access.rollup.grid import Grid
from data_access.rollup.rows import microseconds
from data_access.rollup.unit_grains import at_all_grains
from data_access.rollup.unit_store import store_coded
from data_access.rollup.unit_times import counting_from, first_known_of, instants_of
from data_access.rollup_tables import event_counts
from data_access.tables import case_events, cases
from metrics.counts import FACTS, Fact

COUNTS = FACTS[Fact.CASE_EVENTS].counts
TEXTS = ("unit_id", "grade", "track", "decided_by")
KNOWN_AT, RECEIVED_AT = "known_at", "received_at"


def store_events(
    connection: Connection, rows: Coded, partitions: Iterable[date] | None, fresh: dict[str, Table]
) -> None:
    """Nothing; the rows are those of the partitions; if None, those of the table in ``fresh`` that takes the place."""
    if partitions is None:
        fresh |= create_fresh(connection, [event_counts])
    else:
        connection.execute(delete(event_counts).where(event_counts.c.partition.in_(sorted(partitions))))
    store_coded(connection, fresh.get(event_counts.name, event_counts), rows)


def count_events(
    read: Read,
    hierarchy: Hierarchy,
    grid: Grid,
    partitions: Iterable[date] | None,
    numbers: CaseNumbers | None = None,
) -> Coded:
    """The rows of the rollup for the partitions (None: all), whose cases have those ``numbers``, if they are known."""
    batches = list(read(_decided(grid, partitions, numbers)))
    if not batches:
        return NO_ROWS
    return at_all_grains(_Decisions(pa.Table.from_batches(batches), grid).rows(), hierarchy, "segment")


def _decided(grid: Grid, partitions: Iterable[date] | None, numbers: CaseNumbers | None) -> Select[Any]:
    """One row per decision, with what is needed of its case."""
    wanted = true() if partitions is None else Cuts(grid).received_in(partitions)
    decided = decisions(true() if numbers is None else numbers.hold(case_events.c.case_no)).subquery("decided")
    return (
        select(
            decided.c.id,
            decided.c.case_no,
            decided.c[DECISION],
            decided.c[AT],
            decided.c.decided_by,
            placed_unit(deciding_unit(decided)).label("unit_id"),
            cases.c.grade,
            cases.c.track,
            cases.c.received_at.label(RECEIVED_AT),
            greatest(cases.c.recorded_at, cases.c.received_at).label(KNOWN_AT),
        )
        .select_from(cases.join(decided, decided.c.case_no == cases.c.case_no))
        .where(wanted)
    )


@dataclass(frozen=True, eq=False)
class _Decisions:
    """Decisions in columns."""

    table: pa.Table
    grid: Grid

    def rows(self) -> Coded:
        """Those in the grid's months that are the first of their kind in any period."""
        at, first_of = self._instants(AT), self._first_of()
        starts = [segment.start for segment in self.grid.segments]
        stretch = np.searchsorted(self._midnights(starts), at, side="right") - 1
        end = microseconds(midnight(self.grid.months[-1].end, self.grid.time_zone))
        kept = np.flatnonzero((stretch >= 0) & (at < end) & (first_of >= 0))
        months = [month.start for month in self.grid.months]
        partition = np.searchsorted(self._midnights(months[1:]), self._instants(RECEIVED_AT), side="right")
        since, instants = words_of(self._counts_from(at[kept], stretch[kept], kept), pa.int64())
        keys = {"partition": partition, "segment": stretch, "first_of": first_of}
        words = {
            "partition": pa.array(months, pa.date32()),
            "segment": pa.array(starts, pa.date32()),
            "first_of": pa.array(FIRST_OF),
        }
        for name in TEXTS:
            keys[name], words[name] = encoded(self.table.column(name))
        counts = {name: (self._decision == place).view(np.int8) for place, name in enumerate(COUNTS)}
        return Coded(keys, words, counts).take(kept).with_key("counts_from", since, instants_of(instants))

    @cached_property
    def _decision(self) -> Array:
        """The place of each decision among the counts."""
        places, words = encoded(self.table.column(DECISION))
        return np.array([COUNTS.index(word) for word in words.to_pylist()])[places]

    def _counts_from(self, at: Array, stretch: Array, kept: Array) -> Array:
        """When the case was known, if only after the decision; else from the first time on that knows of its month."""
        known = first_known_of(self.grid, (segment.month for segment in self.grid.segments))
        first, known_at = known[stretch], self._instants(KNOWN_AT)[kept]
        return counting_from(self.grid, np.where(known_at > at, known_at, first), first)

    def _first_of(self) -> Array:
        """The place in FIRST_OF of the longest period that each decision is the first of; -1 where it is of none."""
        at = self._instants(AT)
        case_no, _ = encoded(self.table.column("case_no"))
        before = ones_before(case_no * len(COUNTS) + self._decision, at, self.table.column("id"))
        months = self._months(at), self._months(np.where(before >= 0, at[before], 0))
        first_of = np.full(len(at), -1)
        for place, length in reversed(list(enumerate(FIRST_OF))):
            first_of[months[1] // length < months[0] // length] = place
        first_of[(before < 0) | (months[1] < 0)] = FIRST_OF.index(max(FIRST_OF))
        return first_of

    def _months(self, at: Array) -> Array:
        """The months since year 0; negative before the grid's."""
        first = self.grid.months[0].start
        place = np.searchsorted(self._midnights([month.start for month in self.grid.months]), at, side="right") - 1
        return np.where(place < 0, -1, place + first.year * 12 + first.month - 1)

    def _instants(self, name: str) -> Array:
        return cast(Array, self.table.column(name).cast(pa.int64()).to_numpy())

    def _midnights(self, days: list[date]) -> Array:
        return np.array([microseconds(midnight(day, self.grid.time_zone)) for day in days], dtype=np.int64)
