"""What many questions need of the same data, read once."""

from dataclasses import dataclass

from sqlalchemy import Connection

from data_access.circumstances import Givens, read_givens
from data_access.hierarchy import Hierarchy
from data_access.question import Rules
from data_access.rollup.state import Ready, read_ready


@dataclass(frozen=True, eq=False)
class Known:
    """The rollups (None: there are none that can be used) and the givens of one version of the data."""

    ready: Ready | None
    givens: Givens


def read_known(connection: Connection, hierarchy: Hierarchy, rules: Rules) -> Known:
    """What the database says now."""
    return Known(read_ready(connection, hierarchy, rules), read_givens(connection))
