"""Rollups brought up to date after something was written."""

from collections.abc import Callable

from data_access.engine import Engine
from data_access.errors import DataAccessError
from data_access.question import Rules
from data_access.rollup.refresh import refresh


def refresh_after_writing(engine: Engine, rules: Rules, tell: Callable[[str], None]) -> None:
    """Nothing; the rollups hold what was written, or ``tell`` is told why they don't.

    What was written stays, whatever happens here: pages show how old the rollups are. Memory is spared, for it
    happens in the server of the pages too.
    """
    try:
        refresh(engine, rules, sparingly=True)
    except DataAccessError as error:
        tell(f"It is written, but the figures kept ready are still the old ones: {error} Run: huiyin refresh")
