"""Units and decisions counted while cases are."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Table

from data_access.hierarchy import Hierarchy
from data_access.question import Rules
from data_access.rollup.case_numbers import CaseNumbers
from data_access.rollup.coded import Coded
from data_access.rollup.event_rows import count_events, store_events
from data_access.rollup.fresh import index_early
from data_access.rollup.grid import Grid
from data_access.rollup.inline import Inline
from data_access.rollup.state import State
from data_access.rollup.unit_refresh import UnitFacts, count_unit_facts
from data_access.rollup.unit_sources import UnitSources, sources_of


@dataclass(eq=False)
class Aside:
    """What is being counted; None where it is stored already, or not asked for yet.

    ``partitions`` are those whose decisions are counted, None for all. ``fresh`` are tables that are to take the
    place of rollups, by the rollups' names; those that are filled here are put there. ``indexed`` names those that
    have their indexes.
    """

    pool: Executor
    sources: UnitSources
    hierarchy: Hierarchy
    grid: Grid
    fresh: dict[str, Table]
    units: Future[UnitFacts] | None
    decisions: Future[Coded] | None = None
    partitions: tuple[date, ...] | None = None
    indexed: frozenset[str] = frozenset()

    def count_decisions(self, partitions: Iterable[date] | None, numbers: CaseNumbers | None = None) -> None:
        """Nothing; the decisions on the cases of the partitions (None: all) are being counted.

        ``numbers`` are those of the cases, if they are known.
        """
        self.partitions = None if partitions is None else tuple(sorted(partitions))
        self.decisions = self.pool.submit(
            count_events, self.sources.read, self.hierarchy, self.grid, self.partitions, numbers
        )

    def store_counted(self, connection: Connection) -> None:
        """Nothing; what has been counted by now is stored, so that less is left at the end."""
        if self.units is not None and self.units.done():
            self._store_units(connection, self.units)
            if self.partitions is None:
                return  # all of them take seconds each, for which counting would wait
        if self.decisions is not None and self.decisions.done():
            self._store_decisions(connection, self.decisions)

    def store(self, connection: Connection) -> None:
        """Nothing; the rollups of units and of decisions, or what takes their place, are up to date."""
        if self.units is not None:
            self._store_units(connection, self.units)
        if self.decisions is not None:
            self._store_decisions(connection, self.decisions)

    def _store_units(self, connection: Connection, units: Future[UnitFacts]) -> None:
        self.units = None
        fresh: dict[str, Table] = {}
        units.result().store(connection, fresh)
        self._index(connection, fresh)

    def _store_decisions(self, connection: Connection, decisions: Future[Coded]) -> None:
        self.decisions = None
        fresh: dict[str, Table] = {}
        store_events(connection, decisions.result(), self.partitions, fresh)
        self._index(connection, fresh)

    def _index(self, connection: Connection, fresh: Mapping[str, Table]) -> None:
        """Nothing; the full tables have their indexes, which nothing else would be done beside at the end."""
        self.indexed |= index_early(connection, fresh)
        self.fresh.update(fresh)


@contextmanager
def counting_aside(
    connection: Connection,
    beside: UnitSources | None,
    rules: Rules,
    hierarchy: Hierarchy,
    grid: Grid,
    state: State | None,
) -> Iterator[Aside]:
    """What is counted in a thread of its own with ``beside``; without it, at once over the connection."""
    sources = beside or sources_of(connection, None)
    with ThreadPoolExecutor(1) if beside else Inline() as pool:
        units = pool.submit(count_unit_facts, sources, rules, hierarchy, grid, state)
        yield Aside(pool, sources, hierarchy, grid, {}, units)
