"""The rollups filled from the cases, one partition after the other."""

from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
from sqlalchemy import Connection, Table

from data_access.hierarchy import Hierarchy
from data_access.question import Rules
from data_access.rollup.block_writer import BlockWriter
from data_access.rollup.calendar_lookup import read_calendar
from data_access.rollup.case_arrays import CaseSource, Read
from data_access.rollup.case_numbers import CaseNumbers
from data_access.rollup.codes import Codes
from data_access.rollup.columns_from_server import SnapshotReader
from data_access.rollup.counting_job import CountingJob, fetch
from data_access.rollup.grid import Grid
from data_access.rollup.inline import Inline
from data_access.rollup.partition import Counted, Counter
from data_access.rollup.rows import Array
from data_access.rollup.words import read_words, write_words
from data_access.rollup.workers import counted_by_workers

MANY = 1_500_000
"""Cases from which on it pays to start processes, which takes two seconds of both cores."""

AT_ONCE = 2
"""Partitions counted at the same time by threads: NumPy lets two of them work on two cores, but for short steps."""

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
    cases: int = 0
    """how many cases there are in all partitions; many are counted by processes of their own"""
    sparingly: bool = False
    """whether one partition at a time is counted, by this process, however many cases there are"""
    numbers: CaseNumbers | None = None
    """the numbers of the cases, where they are few"""
    between: Callable[[Connection], None] | None = None
    """writes something else, if given; called after each partition by the thread that writes"""

    def fill(self, partitions: Iterable[date], progress: Progress) -> None:
        """Nothing; the partitions' rows are in the tables. The last one is written while others are counted.

        The newest come first: most of what lies ahead is theirs, so that they take longest to count.
        """
        ordered = sorted(partitions, reverse=True)
        with self._beside() as pool, closing(self._counted(ordered)) as counted:
            written: Future[None] | None = None
            for done, (partition, found) in enumerate(counted):
                progress(done, len(ordered))
                if written is not None:
                    written.result()
                written = pool.submit(self._write, partition, found)
            if written is not None:
                written.result()
        write_words(self.connection, self._codes, self.into)
        progress(len(ordered), len(ordered))

    def _counted(self, partitions: Sequence[date]) -> Generator[tuple[date, Counted]]:
        """Each partition with what it adds; many cases are counted by processes of their own."""
        many = self.cases >= MANY and len(partitions) > 1
        if many and isinstance(self.read, SnapshotReader) and not self.sparingly:
            return counted_by_workers(self.read.snapshot, self._job, self._codes, partitions)
        return self._counted_here(partitions)

    def _counted_here(self, partitions: Sequence[date]) -> Generator[tuple[date, Counted]]:
        at_once = 1 if self.sparingly or self.read_here else AT_ONCE
        source = CaseSource(self.read, self.numbers)
        with self._beside() as fetching, Inline() if at_once == 1 else ThreadPoolExecutor(at_once) as counting:
            fetched = deque(fetching.submit(fetch, source, self.grid, each) for each in partitions[:1])
            # Made while the first cases come.
            reader, counter = self._job.reader(source, self._codes), self._counter
            counted: deque[tuple[date, Future[Counted]]] = deque()
            for done, partition in enumerate(partitions):
                rows = list(reader.batches(fetched.popleft().result()))
                following = partitions[done + 1 :][:1]
                fetched.extend(fetching.submit(fetch, source, self.grid, each) for each in following)
                counted.append((partition, counting.submit(counter.count, rows)))
                if len(counted) == at_once:
                    yield _found(*counted.popleft())
            yield from (_found(*each) for each in counted)

    def _beside(self) -> Executor:
        """What reads or writes beside the counting; nothing does where all have one connection."""
        return Inline() if self.read_here else ThreadPoolExecutor(1)

    def _write(self, partition: date, counted: Counted) -> None:
        self._writer.write(partition, counted)
        if self.between is not None:
            self.between(self.connection)

    @cached_property
    def _writer(self) -> BlockWriter:
        return BlockWriter(self.connection, self.grid, self._unit_ids, self._anchors, self._counter, self.into)

    @cached_property
    def _unit_ids(self) -> tuple[str | None, ...]:
        """The units by number, which is their place in the roster; nowhere comes last."""
        return (*self.hierarchy.roster.ids, None)

    @cached_property
    def _job(self) -> CountingJob:
        units = self.hierarchy.roster.places
        return CountingJob(self.rules, self.grid, read_calendar(self.connection), units, self._anchors)

    @cached_property
    def _codes(self) -> dict[str, Codes]:
        """The codes with the numbers that stand for them in blocks which are there already."""
        return read_words(self.connection)

    @cached_property
    def _counter(self) -> Counter:
        return self._job.counter()

    @cached_property
    def _anchors(self) -> Array:
        """The number of the branch, department or company of each unit (a row) in each segment (a column)."""
        moves = self.hierarchy.move_days
        epochs = [bisect_right(moves, segment.start) for segment in self.grid.segments]
        days = dict(zip(epochs, (segment.start for segment in self.grid.segments), strict=True))
        of_epoch = {epoch: self._anchors_on(day) for epoch, day in days.items()}
        nowhere = np.full(len(self._unit_ids), len(self._unit_ids) - 1)
        return np.column_stack([*(of_epoch[epoch] for epoch in epochs), nowhere])

    def _anchors_on(self, day: date) -> Array:
        """The number of the branch, department or company of each unit on a day."""
        numbers = {unit_id: number for number, unit_id in enumerate(self._unit_ids)}
        nowhere = len(self._unit_ids) - 1
        lineages = (self.hierarchy.lineage(unit_id, day) for unit_id in self.hierarchy.roster.ids)
        anchors = (one.branch_id or one.department_id or one.company_id for one in lineages)
        return np.array([*(numbers.get(anchor, nowhere) for anchor in anchors), nowhere], dtype=np.int64)


def _found(partition: date, counted: Future[Counted]) -> tuple[date, Counted]:
    return partition, counted.result()
