"""Worlds for tests that need no database."""

from collections import defaultdict
from datetime import date
from functools import cache

import pandas as pd

from data_access.tables import SOURCE_TABLES
from metrics.working_time import statutory_schedule
from sample_data.companies import COMPANIES
from sample_data.make import built_in_rules
from sample_data.telling import tell
from sample_data.world import World, make_world

UNTIL = date(2026, 10, 8)
STORIES = ("small", "changping", "xingtai")
"""The companies that are told for their stories; the other one is there for its size."""


@cache
def world_of(company: str, seed: int = 1, until: date = UNTIL) -> World:
    return make_world(COMPANIES[company], seed, until, built_in_rules(), statutory_schedule())


@cache
def frames_of(company: str, seed: int = 1, until: date = UNTIL, cases: int | None = None) -> dict[str, pd.DataFrame]:
    """The frames of a company, one per table; tests must not change them."""
    return frames(world_of(company, seed, until), cases)


def frames(world: World, cases: int | None = None) -> dict[str, pd.DataFrame]:
    """The frames that a world tells, one per table."""
    pieces = defaultdict[str, list[pd.DataFrame]](list)
    for piece in tell(world, cases):
        pieces[piece.table.name].append(piece.rows)
    return {table.name: pd.concat(pieces[table.name], ignore_index=True) for table in SOURCE_TABLES}
