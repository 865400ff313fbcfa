"""The state of the rollups: when they were last made, and what they hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection, exists, select

from data_access.hierarchy import Hierarchy
from data_access.question import Question, Rules
from data_access.rollup.configuration import configuration
from data_access.rollup.grid import Grid
from data_access.rollup.words import Words, known_words
from data_access.rollup_tables import refresh_log, rollup_partitions
from metrics.counted_rows import CountedRows
from metrics.counts import Fact


@dataclass(frozen=True)
class State:
    """The last refresh. ``changed_until`` is the newest change of a source row that it saw, None without rows."""

    id: int
    finished_at: datetime
    known_until: datetime
    changed_until: datetime | None
    configuration: str
    calendar: str
    first_month: date
    settlement_days: int
    stamp: str

    def grid(self, rules: Rules, hierarchy: Hierarchy) -> Grid | None:
        """The grid of the rollups; None if they were made under other rules or other units."""
        if self.configuration != configuration(rules, hierarchy):
            return None
        return Grid(self.first_month, self.known_until, self.settlement_days, rules.time_zone, hierarchy.move_days)


def read_state(connection: Connection) -> State | None:
    """The last refresh; None if there was none, or if a crash of the server emptied the rollups since."""
    columns = [refresh_log.c[name] for name in State.__dataclass_fields__]
    statement = (
        select(*columns).where(exists(select(rollup_partitions.c.partition))).order_by(refresh_log.c.id.desc()).limit(1)
    )
    row = connection.execute(statement).first()
    return None if row is None else State(*row)


@dataclass(frozen=True, eq=False)
class Ready:
    """Rollups that can be read: their grid, the stamp of the refresh that made them, and the words of their codes."""

    grid: Grid
    stamp: str
    words: Words
    units: Mapping[tuple[Fact, Question], CountedRows] = field(default_factory=dict)
    """counts of units that were read beforehand; what isn't among them must be read"""


_LATEST: dict[tuple[str, str], Ready] = {}
"""The rollups that were last read, by the refresh's stamp and configuration: their grid takes time to cut."""


def read_ready(connection: Connection, hierarchy: Hierarchy, rules: Rules) -> Ready | None:
    """What can be read; None if there are no rollups that were made under these rules and units."""
    state = read_state(connection)
    if state is None or state.configuration != configuration(rules, hierarchy):
        return None
    key = state.stamp, state.configuration
    ready = _LATEST.get(key)
    if ready is None:
        grid = state.grid(rules, hierarchy)
        ready = None if grid is None else Ready(grid, state.stamp, known_words(connection, state.stamp))
        _LATEST.clear()
        if ready is not None:
            _LATEST[key] = ready
    return ready
