"""By when each case is due: by rule, by a deadline of its own, after an extension."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sample_data.blocks import Block
from sample_data.chance import Flags, Instants, Integers, no_instants
from sample_data.clock import DAY, WorkingClock, deadlines

OWN_SHARE = 0.12
OWN_SHIFT = (-2, 4)
"""Working days (from, to below) by which the source system's own deadline differs from the rule's."""
EXTENDED_SHARE = 0.03
EXTENSION_DAYS = (3, 9)


@dataclass(frozen=True)
class Deadlines:
    """The deadlines of each case: its own ones (NaT where none), those in force, and what was extended."""

    own_response: Instants
    own_resolution: Instants
    response: Instants
    resolution: Instants
    before_extension: Instants
    extended: Flags


def set_deadlines(block: Block, facts: pd.DataFrame) -> Deadlines:
    """The deadlines of the block's cases."""
    world, generator, size = block.world, block.stream("deadlines"), len(facts)
    response, resolution = deadlines(
        world.clock, world.rules.deadlines, facts["grade"].to_numpy(), facts["received_at"].to_numpy()
    )
    own = generator.random(size) < OWN_SHARE
    extended = generator.random(size) < EXTENDED_SHARE
    shift = np.where(own, generator.integers(*OWN_SHIFT, size), 0)
    before = _shifted(world.clock, resolution, shift)
    after = _shifted(world.clock, before, np.where(extended, generator.integers(*EXTENSION_DAYS, size), 0))
    nothing = no_instants(size)
    return Deadlines(
        own_response=np.where(own, response, nothing),
        own_resolution=np.where(own | extended, after, nothing),
        response=response,
        resolution=after,
        before_extension=before,
        extended=extended,
    )


def _shifted(clock: WorkingClock, due: Instants, working_days: Integers) -> Instants:
    """Deadlines at the end of a day, moved by so many working days."""
    last_day = due - DAY
    moved = clock.working_day(clock.index(last_day) + working_days).astype("datetime64[s]") + DAY
    return np.where(working_days == 0, due, moved)
