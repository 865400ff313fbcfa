"""Worlds for tests that need no database."""

from datetime import date
from functools import cache

import pandas as pd

from metrics.working_time import statutory_schedule
from sample_data.companies import COMPANIES
from sample_data.make import built_in_rules
from sample_data.telling import tell
from sample_data.world import World, make_world

UNTIL = date(2026, 10, 8)


@cache
def world_of(company: str, seed: int = 1, until: date = UNTIL) -> World:
    return make_world(COMPANIES[company], seed, until, built_in_rules(), statutory_schedule())


@cache
def frames_of(company: str, seed: int = 1, until: date = UNTIL) -> dict[str, pd.DataFrame]:
    """The frames of a company; tests must not change them."""
    return tell(world_of(company, seed, until))
