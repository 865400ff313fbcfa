"""What it takes to count partitions, in this process or in one of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from data_access.question import Rules
from data_access.rollup.calendar_lookup import Calendar
from data_access.rollup.case_arrays import CaseReader, CaseSource
from data_access.rollup.codes import Codes
from data_access.rollup.cuts import Cuts
from data_access.rollup.grid import Grid
from data_access.rollup.partition import Counted, Counter
from data_access.rollup.rows import Array
from data_access.rollup.times import Times


@dataclass(frozen=True)
class Answer:
    """What a partition adds, with the texts of each dimension in the order of their numbers."""

    counted: Counted
    words: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, eq=False)
class CountingJob:
    """How partitions are counted; ``units`` are the numbers of the units, ``anchors`` see ``partition.Counter``."""

    rules: Rules
    grid: Grid
    calendar: Calendar
    units: Mapping[str, int]
    anchors: Array

    def counter(self) -> Counter:
        """Counts what was read."""
        return Counter(self.rules, Times(self.grid), self.calendar, self.anchors)

    def reader(self, source: CaseSource, codes: Mapping[str, Codes]) -> CaseReader:
        """Makes columns of the cases; their texts get numbers in ``codes``."""
        return CaseReader(source, self.calendar, self.units, codes)


def fetch(source: CaseSource, grid: Grid, partition: date) -> list[pa.RecordBatch]:
    """The cases of a partition."""
    return source.fetch(Cuts(grid).received_in([partition]))
