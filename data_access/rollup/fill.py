"""The rollups filled from the cases, one partition after the other."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from sqlalchemy import Connection, Table

from data_access.hierarchy import Hierarchy
from data_access.question import Rules
from data_access.rollup.block_writer import BlockWriter
from data_access.rollup.calendar_lookup import read_calendar
from data_access.rollup.case_arrays import WORDS, CaseReader, Codes, Fetched, Read
from data_access.rollup.cuts import Cuts
from data_access.rollup.grid import Grid
from data_access.rollup.inline import Inline
from data_access.rollup.partition import Counted, Counter
from data_access.rollup.rows import Array
from data_access.rollup.times import Times
from data_access.rollup.words import read_words, write_words

Progress = Callable[[int, int], None]
"""Called with the partitions counted and the partitions to count."""


@dataclass(frozen=True, eq=False)
class Filler:
    """Counts partitions and writes what they add; their rows must be gone from the tables.

    ``into`` are the tables to write to in place of the rollups, by the rollups' names.
    """

    connection: Connection
    read: Read
    rules: Rules
    hierarchy: Hierarchy
    grid: Grid
    into: Mapping[str, Table] = field(default_factory=dict)
    read_here: bool = True
    """whether ``read`` uses ``connection``, which does one thing at a time"""
    keep_words: bool = False
    """whether codes keep the numbers that stand for them in blocks which are there already"""

    def fill(self, partitions: Iterable[date], progress: Progress) -> None:
        """Nothing; the partitions' rows are in the tables.

        Where another connection reads, the next partition is read and the last one written while one is counted.
        """
        ordered = sorted(partitions)
        counter, reader = self._counter, self._reader
        with Inline() if self.read_here else ThreadPoolExecutor(2) as pool:
            coming = deque([pool.submit(self._fetch, ordered[0])] if ordered else [])
            written: Future[None] | None = None
            for done, partition in enumerate(ordered):
                progress(done, len(ordered))
                fetched = coming.popleft().result()
                coming.extend(pool.submit(self._fetch, after) for after in ordered[done + 1 : done + 2])
                counted = counter.count(reader.batches(fetched))
                if written is not None:
                    written.result()
                written = pool.submit(self._write, partition, counted)
            if written is not None:
                written.result()
        write_words(self.connection, self._reader.codes, self.into)
        progress(len(ordered), len(ordered))

    def _fetch(self, partition: date) -> Fetched:
        return self._reader.fetch(Cuts(self.grid).received_in([partition]))

    def _write(self, partition: date, counted: Counted) -> None:
        self._writer.write(partition, counted)

    @cached_property
    def _writer(self) -> BlockWriter:
        codes = self._reader.codes
        return BlockWriter(self.connection, self.grid, self._unit_ids, self._anchors, self._counter, codes, self.into)

    @cached_property
    def _unit_ids(self) -> tuple[str | None, ...]:
        """The units by number, which is their place in the roster; nowhere comes last."""
        return (*self.hierarchy.roster.ids, None)

    @cached_property
    def _times(self) -> Times:
        return Times(self.grid)

    @cached_property
    def _reader(self) -> CaseReader:
        codes = read_words(self.connection) if self.keep_words else {name: Codes() for name in WORDS}
        return CaseReader(self.connection, self.read, self._calendar, self.hierarchy.roster.places, codes)

    @cached_property
    def _calendar(self) -> Any:  # noqa: ANN401
        return read_calendar(self.connection)

    @cached_property
    def _counter(self) -> Counter:
        return Counter(self.rules, self._times, self._calendar, self._anchors)

    @cached_property
    def _anchors(self) -> Array:
        """The number of the branch, department or company of each unit (a row) in each segment (a column)."""
        numbers = {unit_id: number for number, unit_id in enumerate(self._unit_ids)}
        days = [segment.start for segment in self.grid.segments]
        nowhere = len(self._unit_ids) - 1
        anchors = np.full((len(self._unit_ids), len(days) + 1), nowhere)
        for number, unit_id in enumerate(self.hierarchy.roster.ids):
            for place, day in enumerate(days):
                lineage = self.hierarchy.lineage(unit_id, day)
                anchor = lineage.branch_id or lineage.department_id or lineage.company_id
                anchors[number, place] = numbers.get(anchor, nowhere)
        return anchors
