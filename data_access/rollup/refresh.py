"""A refresh of the rollups: of what changed since the last one, or of everything."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from uuid import uuid4

from sqlalchemy import Connection, Engine, Table, delete, func, insert, select, text

from data_access.dialect import lift_timeout
from data_access.engine import begin
from data_access.hierarchy import Hierarchy, read_hierarchy
from data_access.question import Rules
from data_access.rollup.aside import Aside, counting_aside
from data_access.rollup.case_arrays import Read, over_connection
from data_access.rollup.case_numbers import CaseNumbers, read_case_numbers
from data_access.rollup.columns_from_server import over_snapshot
from data_access.rollup.configuration import calendar_hash, configuration
from data_access.rollup.cuts import Cuts
from data_access.rollup.fill import Filler
from data_access.rollup.fresh import create_fresh, put_in_place
from data_access.rollup.grid import Grid, make_grid
from data_access.rollup.state import State, read_state
from data_access.rollup.touched import cases_by_partition, newest_change, reached_partitions, touched_partitions
from data_access.rollup.unit_sources import UnitSources, sources_beside
from data_access.rollup_tables import ROLLUP_TABLES, case_blocks, case_counts_ahead, refresh_log, rollup_partitions
from data_access.tables import cases

_LOCK = 7_103_303
"""Number of the advisory lock that lets one refresh run at a time on PostgreSQL."""

ROLLUPS_THEMSELVES: Mapping[str, Table] = {}

FULL, INCREMENTAL = "full", "incremental"
Progress = Callable[[int, int], None]
"""Called with the months counted and the months to count."""


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did: its kind, and how many months of receipt it counted anew."""

    kind: str
    partitions: int
    known_until: datetime


def refresh(
    engine: Engine,
    rules: Rules,
    *,
    full: bool = False,
    progress: Progress | None = None,
    now: datetime | None = None,
    sparingly: bool = False,
) -> Refreshed:
    """What was counted anew so that the rollups hold all that the source tables say.

    One transaction: pages see the rollups as before until it ends. A second refresh waits for the first.
    ``sparingly`` takes longer for many cases, and a third of the memory. Raises DataAccessError.
    """
    with begin(engine) as connection:
        lift_timeout(connection)
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        with over_snapshot(connection) as read, sources_beside(connection) as beside:
            refreshed = refresh_within(
                connection,
                rules,
                full=full,
                progress=progress,
                now=now,
                read=read,
                beside=beside,
                sparingly=sparingly,
            )
    if connection.dialect.name == "postgresql" and refreshed.kind == FULL:
        _analyze(engine)
    return refreshed


def _analyze(engine: Engine) -> None:
    """Nothing; PostgreSQL knows how many rows there are, from a sample that is large enough for our plain questions."""
    with begin(engine) as connection:
        lift_timeout(connection)
        connection.execute(text("SET LOCAL default_statistics_target = 10"))
        for table in ROLLUP_TABLES:
            connection.execute(text(f"ANALYZE {table.fullname}"))


def refresh_within(
    connection: Connection,
    rules: Rules,
    *,
    full: bool = False,
    progress: Progress | None = None,
    now: datetime | None = None,
    read: Read | None = None,
    beside: UnitSources | None = None,
    sparingly: bool = False,
) -> Refreshed:
    """The same within the caller's transaction.

    ``read`` reads cases over another connection, if given, and ``beside`` units and decisions.
    """
    started_at = now or datetime.now(UTC)
    hierarchy = read_hierarchy(connection)
    first_received = connection.execute(select(func.min(cases.c.received_at))).scalar_one() or started_at
    grid = make_grid(first_received, started_at, rules.settlement_days, rules.time_zone, hierarchy.move_days)
    state = None if full else read_state(connection)
    run = _Run(connection, rules, hierarchy, grid, progress or _silently, read, sparingly)
    run.take_stock()
    before = None if state is None else run.usable(state)
    with counting_aside(connection, beside, rules, hierarchy, grid, state) as aside:
        partitions = run.all_anew(aside) if before is None else run.changed(before, aside)
        aside.store(connection)
        # Whatever takes time comes before the tables are locked.
        put_in_place(connection, aside.fresh, aside.indexed)
    kind = FULL if before is None else INCREMENTAL
    run.log(kind, started_at, len(partitions))
    return Refreshed(kind, len(partitions), grid.known_until)


def _silently(_done: int, _steps: int) -> None:
    """Says nothing of the progress."""


@dataclass(frozen=True, eq=False)
class _Run:
    connection: Connection
    rules: Rules
    hierarchy: Hierarchy
    grid: Grid
    progress: Progress
    read_elsewhere: Read | None
    sparingly: bool

    @cached_property
    def _cuts(self) -> Cuts:
        return Cuts(self.grid)

    @cached_property
    def _counts(self) -> Mapping[date, int]:
        return cases_by_partition(self.connection, self._cuts)

    @cached_property
    def _changed_until(self) -> datetime | None:
        return newest_change(self.connection)

    def take_stock(self) -> None:
        """Nothing; how many cases there are and what changed last is known, before anything is counted.

        What changes while counting goes on is found by the next refresh.
        """
        _ = self._counts, self._changed_until

    def usable(self, state: State) -> State | None:
        """The state if what it left can be brought up to date; None if everything must be counted anew.

        A month that was settled since changes rows of every partition; so does the first day after a settlement,
        when the newest slot is one more.
        """
        old = state.grid(self.rules, self.hierarchy)
        same = (
            old is not None
            and state.calendar == calendar_hash(self.connection)
            and (old.settlements, old.months) == (self.grid.settlements, self.grid.months)
            and len(old.slots) == len(self.grid.slots)
            and old.known_until <= self.grid.known_until
        )
        return state if same else None

    def all_anew(self, aside: Aside) -> frozenset[date]:
        """The partitions, all of them counted into fresh tables; what is counted aside is stored between them."""
        aside.count_decisions(None)
        partitions = frozenset(month.start for month in self.grid.months)
        fresh = create_fresh(self.connection)
        aside.fresh.update(fresh)
        self._fill(partitions, aside, fresh)
        return partitions

    def changed(self, state: State, aside: Aside) -> frozenset[date]:
        """The partitions that were counted anew: those touched, and those that time has brought something."""
        found = touched_partitions(self.connection, self._cuts, state.changed_until, self._counts)
        if state.known_until < self.grid.known_until:
            # The newest slot keeps its number, so that what is known by it needs no change.
            found |= reached_partitions(self.connection, self.grid.known_until)
        # Those of most months would be found by looking through all cases, and spare little of the events.
        few = 2 * len(found) < len(self.grid.months)
        numbers = read_case_numbers(self.connection, self._cuts.received_in(found)) if few else None
        aside.count_decisions(found, numbers)
        for table in (case_blocks, case_counts_ahead):
            self.connection.execute(delete(table).where(table.c.partition.in_(sorted(found))))
        self._fill(found, aside, numbers=numbers)
        return found

    def _fill(
        self,
        partitions: Collection[date],
        aside: Aside,
        into: Mapping[str, Table] = ROLLUPS_THEMSELVES,
        numbers: CaseNumbers | None = None,
    ) -> None:
        here = self.read_elsewhere is None
        read = self.read_elsewhere or over_connection(self.connection)
        cases = sum(self._counts.get(partition, 0) for partition in partitions)
        filler = Filler(
            self.connection,
            read,
            self.rules,
            self.hierarchy,
            self.grid,
            into,
            here,
            cases,
            self.sparingly,
            numbers,
            aside.store_counted,
        )
        filler.fill(partitions, self.progress)

    def log(self, kind: str, started_at: datetime, partitions: int) -> None:
        """Nothing; the refresh is recorded, and how many cases each partition has."""
        self.connection.execute(delete(rollup_partitions))
        rows = [{"partition": month.start, "cases": self._counts.get(month.start, 0)} for month in self.grid.months]
        self.connection.execute(insert(rollup_partitions), rows)
        values = {
            "kind": kind,
            "started_at": started_at,
            "finished_at": max(datetime.now(UTC), started_at),
            "known_until": self.grid.known_until,
            "changed_until": self._changed_until,
            "configuration": configuration(self.rules, self.hierarchy),
            "calendar": calendar_hash(self.connection),
            "first_month": self.grid.first_month,
            "settlement_days": self.grid.settlement_days,
            "partitions": partitions,
            "stamp": uuid4().hex,
        }
        self.connection.execute(insert(refresh_log).values(**values))
