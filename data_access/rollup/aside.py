"""Units and decisions counted while cases are."""

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from data_access.hierarchy import Hierarchy
from data_access.question import Rules
from data_access.rollup.coded import Coded
from data_access.rollup.event_rows import count_events, store_events
from data_access.rollup.grid import Grid
from data_access.rollup.inline import Inline
from data_access.rollup.state import State
from data_access.rollup.unit_refresh import UnitFacts, count_unit_facts
from data_access.rollup.unit_sources import UnitSources, sources_of


@dataclass(eq=False)
class Aside:
    """What is being counted. ``decisions`` are those of all cases, None if only some are to be counted anew."""

    sources: UnitSources
    hierarchy: Hierarchy
    grid: Grid
    units: Future[UnitFacts] | None
    decisions: Future[Coded] | None
    everything: bool

    def store_counted(self, connection: Connection) -> None:
        """Nothing; what has been counted by now is stored, so that less is left at the end."""
        if self.units is not None and self.units.done():
            self._store_units(connection, self.units)
        elif self.decisions is not None and self.decisions.done():
            self._store_decisions(connection, self.decisions)

    def store(self, connection: Connection, partitions: Iterable[date]) -> None:
        """Nothing; the rollups of units and of decisions are up to date. ``partitions`` were counted anew."""
        if self.units is not None:
            self._store_units(connection, self.units)
        if self.decisions is not None:
            self._store_decisions(connection, self.decisions)
        elif not self.everything:
            anew = sorted(partitions)
            store_events(connection, count_events(self.sources.read, self.hierarchy, self.grid, anew), anew)

    def _store_units(self, connection: Connection, units: Future[UnitFacts]) -> None:
        self.units = None
        units.result().store(connection)

    def _store_decisions(self, connection: Connection, decisions: Future[Coded]) -> None:
        self.decisions = None
        store_events(connection, decisions.result(), None)


@contextmanager
def counting_aside(
    connection: Connection,
    beside: UnitSources | None,
    rules: Rules,
    hierarchy: Hierarchy,
    grid: Grid,
    state: State | None,
    *,
    everything: bool,
) -> Iterator[Aside]:
    """What is counted in a thread of its own with ``beside``; without it, at once over the connection."""
    sources = beside or sources_of(connection, None)
    with ThreadPoolExecutor(1) if beside else Inline() as pool:
        units = pool.submit(count_unit_facts, sources, rules, hierarchy, grid, state)
        decisions = pool.submit(count_events, sources.read, hierarchy, grid, None) if everything else None
        yield Aside(sources, hierarchy, grid, units, decisions, everything)
