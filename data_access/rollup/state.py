"""The state of the rollups: when they were last made, and what they hold."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, exists, select

from data_access.hierarchy import Hierarchy
from data_access.question import Rules
from data_access.rollup.configuration import configuration
from data_access.rollup.grid import Grid
from data_access.rollup_tables import refresh_log, rollup_partitions


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


def usable_grid(connection: Connection, hierarchy: Hierarchy, rules: Rules) -> Grid | None:
    """The grid of the rollups; None if there are none that were made under these rules and units."""
    state = read_state(connection)
    return None if state is None else state.grid(rules, hierarchy)
