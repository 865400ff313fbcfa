"""A refresh of the rollups: of what changed since the last one, or of everything."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, Connection, Engine, Table, delete, func, insert, select

from data_access.counts.placing import Stretch
from data_access.dialect import lift_timeout
from data_access.engine import begin
from data_access.hierarchy import Hierarchy, read_hierarchy
from data_access.question import Rules
from data_access.rollup.configuration import calendar_hash, configuration
from data_access.rollup.cuts import Cuts
from data_access.rollup.fill import Filler
from data_access.rollup.fold import fold
from data_access.rollup.grid import Grid, make_grid
from data_access.rollup.state import State, read_state
from data_access.rollup.touched import cases_by_partition, newest_change, touched_partitions
from data_access.rollup.unit_refresh import refresh_unit_facts
from data_access.rollup_tables import (
    case_counts,
    case_counts_ahead,
    case_durations,
    case_topics,
    open_case_counts,
    refresh_log,
    rollup_partitions,
    rollup_segments,
    rollup_slots,
    rollup_units,
)
from data_access.tables import cases

COUNTED = (case_counts, case_counts_ahead, case_topics, case_durations, open_case_counts)
_LOCK = 7_103_303
"""Number of the advisory lock that lets one refresh run at a time on PostgreSQL."""

FULL, INCREMENTAL = "full", "incremental"
Progress = Callable[[int, int], None]
"""Called with the steps done and the steps in all."""


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did: its kind, and how many months of receipt it counted anew."""

    kind: str
    partitions: int
    known_until: datetime


def refresh(
    engine: Engine,
    rules: Rules,
    settlement_days: int,
    *,
    full: bool = False,
    progress: Progress | None = None,
    now: datetime | None = None,
) -> Refreshed:
    """What was counted anew so that the rollups hold all that the source tables say.

    One transaction: pages see the rollups as before until it ends. A second refresh waits for the first.
    Raises DataAccessError.
    """
    with begin(engine) as connection:
        lift_timeout(connection)
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        return refresh_within(connection, rules, settlement_days, full=full, progress=progress, now=now)


def refresh_within(
    connection: Connection,
    rules: Rules,
    settlement_days: int,
    *,
    full: bool = False,
    progress: Progress | None = None,
    now: datetime | None = None,
) -> Refreshed:
    """The same within the caller's transaction."""
    started_at = now or datetime.now(UTC)
    hierarchy = read_hierarchy(connection)
    first_received = connection.execute(select(func.min(cases.c.received_at))).scalar_one() or started_at
    grid = make_grid(first_received, started_at, settlement_days, rules.time_zone, hierarchy.move_days)
    run = _Run(connection, rules, hierarchy, grid, progress or _silently)
    state = read_state(connection)
    before = None if full or state is None else run.usable(state)
    partitions = run.all_anew() if before is None else run.changed(before)
    refresh_unit_facts(connection, rules, hierarchy, grid, None if full else state)
    kind = FULL if before is None else INCREMENTAL
    run.log(kind, started_at, partitions)
    return Refreshed(kind, partitions, grid.known_until)


def _silently(_done: int, _steps: int) -> None:
    """Says nothing of the progress."""


@dataclass(frozen=True)
class _Run:
    connection: Connection
    rules: Rules
    hierarchy: Hierarchy
    grid: Grid
    progress: Progress

    @property
    def cuts(self) -> Cuts:
        return Cuts(self.grid)

    def usable(self, state: State) -> State | None:
        """The state if what it left can be brought up to date; None if everything must be counted anew.

        A month that was settled since changes rows of every partition.
        """
        old = state.grid(self.rules, self.hierarchy)
        same = (
            old is not None
            and state.calendar == calendar_hash(self.connection)
            and (old.first_month, old.settlement_days) == (self.grid.first_month, self.grid.settlement_days)
            and (old.settlements, old.months) == (self.grid.settlements, self.grid.months)
            and old.known_until <= self.grid.known_until
        )
        return state if same else None

    def all_anew(self) -> int:
        for table in COUNTED:
            self.connection.execute(delete(table))
        self._write_cuts()
        self._fill(None)
        return len(self.grid.months)

    def changed(self, state: State) -> int:
        """How many partitions were counted anew."""
        touched = touched_partitions(self.connection, self.cuts, state.changed_until)
        folded: frozenset[date] = frozenset()
        if state.known_until < self.grid.known_until:
            folded = fold(self.connection, state.known_until, self.grid.known_until)
        self._write_cuts()
        for table in COUNTED:
            self._delete(table, touched)
        for table in (case_counts,):
            self._delete(table, folded - touched, above_units=True)
        if folded - touched:
            Filler(self.connection, self.rules, self.cuts, folded - touched).add_up_cases()
        if touched:
            self._fill(touched)
        return len(touched)

    def _fill(self, partitions: Iterable[date] | None) -> None:
        filler = Filler(self.connection, self.rules, self.cuts, partitions)
        steps = filler.steps()
        for done, step in enumerate(steps):
            self.progress(done, len(steps))
            step()
        self.progress(len(steps), len(steps))

    def _delete(self, table: Table, partitions: Iterable[date], *, above_units: bool = False) -> None:
        conditions: list[ColumnElement[bool]] = [table.c.partition.in_(sorted(partitions))]
        if above_units:
            conditions.append(table.c.grain != "unit")
        self.connection.execute(delete(table).where(*conditions))

    def _write_cuts(self) -> None:
        """Nothing; segments, slots and the places of units are those of the grid."""
        slots = [
            {
                "slot": slot.number,
                "before": slot.before,
                "as_of": slot.as_of,
                "day": slot.as_of.astimezone(self.grid.time_zone).date(),
                "settled": int(slot.settled),
            }
            for slot in self.grid.slots
        ]
        segments = [
            {"segment": each.start, "as_of": each.as_of, "settled": int(each.settled)} for each in self.grid.segments
        ]
        for table, rows in ((rollup_slots, slots), (rollup_segments, segments), (rollup_units, self._anchors())):
            self.connection.execute(delete(table))
            if rows:
                self.connection.execute(insert(table), rows)

    def _anchors(self) -> list[dict[str, object]]:
        """For each unit the one it counts for at the grain of branches, by stretches of segments."""
        stretches = self.grid.stretches
        return [row for unit_id in self.hierarchy.units for row in _anchors_of(self.hierarchy, unit_id, stretches)]

    def log(self, kind: str, started_at: datetime, partitions: int) -> None:
        """Nothing; the refresh is recorded, and how many cases each partition has."""
        counts = cases_by_partition(self.connection, self.cuts)
        self.connection.execute(delete(rollup_partitions))
        if counts:
            rows = [{"partition": partition, "cases": number} for partition, number in counts.items()]
            self.connection.execute(insert(rollup_partitions), rows)
        values = {
            "kind": kind,
            "started_at": started_at,
            "finished_at": max(datetime.now(UTC), started_at),
            "known_until": self.grid.known_until,
            "changed_until": newest_change(self.connection),
            "configuration": configuration(self.rules, self.hierarchy),
            "calendar": calendar_hash(self.connection),
            "first_month": self.grid.first_month,
            "settlement_days": self.grid.settlement_days,
            "partitions": partitions,
        }
        self.connection.execute(insert(refresh_log).values(**values))


def _anchors_of(hierarchy: Hierarchy, unit_id: str, stretches: tuple[Stretch, ...]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for stretch in stretches:
        lineage = hierarchy.lineage(unit_id, stretch.start)
        anchor = lineage.branch_id or lineage.department_id or lineage.company_id
        if rows and rows[-1]["anchor_id"] == anchor and rows[-1]["end_segment"] == stretch.start:
            rows[-1]["end_segment"] = stretch.end
        elif anchor is not None:
            rows.append(
                {"unit_id": unit_id, "anchor_id": anchor, "first_segment": stretch.start, "end_segment": stretch.end}
            )
    return rows
