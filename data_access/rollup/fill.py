"""The rollups filled from the cases, one partition after the other."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from sqlalchemy import Connection, Table, func, literal, select

from data_access.hierarchy import Hierarchy
from data_access.question import Rules, View
from data_access.rollup.calendar_lookup import read_calendar
from data_access.rollup.case_arrays import WORDS, CaseReader, Codes, Read
from data_access.rollup.columns_from_server import SnapshotReader
from data_access.rollup.counting_job import CountingJob, fetch
from data_access.rollup.cuts import Cuts
from data_access.rollup.grid import Grid
from data_access.rollup.inline import Inline
from data_access.rollup.partition import Ahead, Counted, Counter
from data_access.rollup.rows import Array
from data_access.rollup.store import store
from data_access.rollup.sums import Sums
from data_access.rollup.times import Times
from data_access.rollup.workers import counted_by_workers
from data_access.rollup_tables import (
    case_counts,
    case_counts_ahead,
    case_durations,
    case_topics,
    open_case_counts,
)
from metrics.counts import AGE_BANDS

MANY = 300_000
"""Cases from which on it pays to start processes, which takes a second."""

UNIT, BRANCH, COMPANY = "unit", "branch", "company"
Progress = Callable[[int, int], None]
"""Called with the partitions counted and the partitions to count."""

VIEWS = (View.SCORED.value, View.FULL.value)


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

    def fill(self, partitions: Iterable[date], progress: Progress) -> None:
        """Nothing; the partitions' rows are in the tables. The last one is written while others are counted."""
        ordered = sorted(partitions)
        with Inline() if self.read_here else ThreadPoolExecutor(1) as pool, closing(self._counted(ordered)) as counted:
            written: Future[None] | None = None
            for done, (partition, found) in enumerate(counted):
                progress(done, len(ordered))
                if written is not None:
                    written.result()
                written = pool.submit(self._write, partition, found)
            if written is not None:
                written.result()
        progress(len(ordered), len(ordered))

    def _counted(self, partitions: Sequence[date]) -> Generator[tuple[date, Counted]]:
        """Each partition with what it adds; many cases are counted by processes of their own."""
        if isinstance(self.read, SnapshotReader) and self._are_many(partitions):
            yield from counted_by_workers(self.read.snapshot, self._job, self._reader.codes, partitions)
            return
        with Inline() if self.read_here else ThreadPoolExecutor(1) as pool:
            coming = deque(pool.submit(fetch, self._reader, self.grid, each) for each in partitions[:1])
            for done, partition in enumerate(partitions):
                fetched = coming.popleft().result()
                coming.extend(pool.submit(fetch, self._reader, self.grid, each) for each in partitions[done + 1 :][:1])
                yield partition, self._counter.count(self._reader.batches(fetched))

    def _are_many(self, partitions: Sequence[date]) -> bool:
        """Whether there are so many cases that it pays to start processes."""
        some = select(literal(1)).where(Cuts(self.grid).received_in(partitions)).limit(MANY).subquery()
        found = self.connection.execute(select(func.count()).select_from(some)).scalar_one()
        return len(partitions) > 1 and found >= MANY

    def _write(self, partition: date, counted: Counted) -> None:
        self._write_cases(partition, counted)
        self._write_anchored(partition, counted)
        self._write_open(partition, counted.open)
        for each in counted.ahead:
            self._write_ahead(partition, each)

    @cached_property
    def _unit_ids(self) -> tuple[str | None, ...]:
        """The units by number; nowhere comes last."""
        return (*self.hierarchy.units, None)

    @cached_property
    def _times(self) -> Times:
        return Times(self.grid)

    @cached_property
    def _job(self) -> CountingJob:
        numbers = {unit_id: number for number, unit_id in enumerate(self.hierarchy.units)}
        return CountingJob(self.rules, self.grid, read_calendar(self.connection), numbers, self._anchors())

    @cached_property
    def _reader(self) -> CaseReader:
        return self._job.reader(self.read, {name: Codes() for name in WORDS})

    @cached_property
    def _counter(self) -> Counter:
        return self._job.counter()

    def _anchors(self) -> Array:
        """The number of the branch, department or company of each unit (a row) in each segment (a column)."""
        numbers = {unit_id: number for number, unit_id in enumerate(self._unit_ids)}
        days = [segment.start for segment in self.grid.segments]
        nowhere = len(self._unit_ids) - 1
        anchors = np.full((len(self._unit_ids), len(days) + 1), nowhere)
        for number, unit_id in enumerate(self.hierarchy.units):
            for place, day in enumerate(days):
                lineage = self.hierarchy.lineage(unit_id, day)
                anchor = lineage.branch_id or lineage.department_id or lineage.company_id
                anchors[number, place] = numbers.get(anchor, nowhere)
        return anchors

    def _write_cases(self, partition: date, counted: Counted) -> None:
        branches = self._counter.of_branches(counted.cases)
        for grain, sums in ((UNIT, counted.cases), (BRANCH, branches), (COMPANY, self._counter.of_company(branches))):
            self._store(
                case_counts, self._placed(partition, grain, sums) | self._graded(sums, third=True) | _counts(sums)
            )

    def _write_anchored(self, partition: date, counted: Counted) -> None:
        for grain, topics in ((BRANCH, counted.topics), (COMPANY, self._counter.of_company(counted.topics))):
            words = {
                "channel": self._coded("channel", topics, "first"),
                "category": self._coded("category", topics, "second"),
            }
            self._store(case_topics, self._placed(partition, grain, topics) | words | _counts(topics))
        for grain, lasted in ((BRANCH, counted.durations), (COMPANY, self._counter.of_company(counted.durations))):
            values = {name: pa.array(lasted.parts[name]) for name in ("duration", "observed")}
            placed = self._placed(partition, grain, lasted) | self._graded(lasted)
            self._store(case_durations, placed | values | _counts(lasted))

    def _write_open(self, partition: date, sums: Sums) -> None:
        branches = self._counter.of_branches(sums)
        for grain, each in ((UNIT, sums), (BRANCH, branches), (COMPANY, self._counter.of_company(branches))):
            placed = self._placed(partition, grain, each)
            del placed["segment"]
            placed["as_of"] = placed.pop("counts_from")
            days = [slot.as_of.astimezone(self.grid.time_zone).date() for slot in self.grid.slots]
            own = {
                "day": self._days(days, each.parts["moment"]),
                "age_band": _texts(each.parts["age"], [code for code, _ in AGE_BANDS]),
            }
            self._store(open_case_counts, placed | self._graded(each) | own | _counts(each))

    def _write_ahead(self, partition: date, ahead: Ahead) -> None:
        placed = self._placed(partition, UNIT, ahead.sums, ahead.instants)
        self._store(case_counts_ahead, placed | self._graded(ahead.sums, third=True) | _counts(ahead.sums))

    def _placed(self, partition: date, grain: str, sums: Sums, instants: Array | None = None) -> dict[str, Any]:
        moments = self._times.as_of if instants is None else instants
        count, parts = len(sums.keys), sums.parts
        return {
            "grain": pa.repeat(grain, count),
            "unit_id": _texts(parts["unit"], self._unit_ids),
            "partition": pa.repeat(pa.scalar(partition, pa.date32()), count),
            "segment": self._days([segment.start for segment in self.grid.segments], parts["segment"]),
            "counts_from": pa.array(moments[parts["moment"]]).cast(pa.timestamp("us", tz="UTC")),
            "view": _texts(parts["view"], VIEWS),
        }

    def _graded(self, sums: Sums, *, third: bool = False) -> dict[str, Any]:
        columns = {"grade": self._coded("grade", sums, "first"), "track": self._coded("track", sums, "second")}
        return columns | ({"rating_source": self._coded("rating_source", sums, "third")} if third else {})

    def _coded(self, name: str, sums: Sums, part: str) -> Any:  # noqa: ANN401
        """The codes of a dimension; its last number says that there is none."""
        codes = list(self._reader.codes[name].words)
        missing = [None] * (sums.packing.sizes[part] - len(codes))
        return _texts(sums.parts[part], (*codes, *missing))

    def _days(self, days: list[date], places: Array) -> Any:  # noqa: ANN401
        return pa.array(days, pa.date32()).take(pa.array(places))

    def _store(self, table: Table, columns: dict[str, Any]) -> None:
        store(self.connection, self.into.get(table.name, table), columns)


def _texts(places: Array, texts: Iterable[str | None]) -> Any:  # noqa: ANN401
    return pa.array(texts, pa.string()).take(pa.array(places))


def _counts(sums: Sums) -> dict[str, Any]:
    """The counts, empty where they are 0: most of them are."""
    columns = ((name, sums.counts[:, place]) for place, name in enumerate(sums.names))
    return {name: pa.array(column, pa.int64(), mask=column == 0) for name, column in columns}
