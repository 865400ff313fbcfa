"""How a case was answered and resolved: the first contact and the first closure."""

import numpy as np
import pandas as pd

from metrics.period import Period
from sample_data.blocks import Block
from sample_data.case_deadlines import Deadlines
from sample_data.chance import Flags, Floats, Instants, Integers, add_hours
from sample_data.world import World

URGENT_FACTOR = 0.5
FAST_BRANCH_CHANCE = 0.012
LATE_RESPONSE_HOURS = {"A": 3.0, "B": 13.0, "C": 26.0}
RESPONSE_SHAPE = (1.15, 3.6)
NEVER_CONTACTED_SHARE = 0.1

LATE_RESOLUTION = {"A": 0.11, "B": 0.092, "C": 0.07}
LATE_WORKING_DAYS = 14.0
RESOLUTION_SHAPE = (1.85, 1.98)
WORKING_HOURS = (8.4, 17.8)
MINIMUM_HANDLING = np.timedelta64(20, "m")

HARD_SHARE = 0.38
"""The share of cases that the branch which leaves hard ones open leaves open."""
HARD_WORKING_DAYS = (30, 70)
EASY_SHAPE = (1.2, 4.0)
"""Shape and scale of the gamma distribution of the working days of its other cases."""


def respond(block: Block, facts: pd.DataFrame, due: Deadlines) -> Instants:
    """When each appellant was first contacted; NaT for the few who never were."""
    world, generator, size = block.world, block.stream("responses"), len(facts)
    received = facts["received_at"].to_numpy()
    late = generator.random(size) < _late_response_chance(world, facts, due)
    share = generator.beta(*RESPONSE_SHAPE, size)
    in_time = received + ((due.response - received).astype(np.float64) * share).astype("timedelta64[s]")
    mean = facts["grade"].map(LATE_RESPONSE_HOURS).to_numpy(dtype=np.float64)
    overdue = add_hours(due.response, 0.1 + generator.exponential(mean))
    never = late & (generator.random(size) < NEVER_CONTACTED_SHARE)
    responded = np.where(late, overdue, in_time)
    responded[never] = np.datetime64("NaT")
    return responded


def _late_response_chance(world: World, facts: pd.DataFrame, due: Deadlines) -> Floats:
    units = facts["responsible_unit_id"].to_numpy()
    improved = due.response >= np.datetime64(world.dates.improved_quarter.start, "s")
    base = np.where(improved, world.plan.late_responses[1], world.plan.late_responses[0])
    base = base * np.where(facts["grade"].to_numpy() == "A", URGENT_FACTOR, 1.0)
    chance = np.minimum(base * world.effects("late responses", units), 0.5)
    return np.where(world.in_branch(units, world.structure.parts.hard_cases), FAST_BRANCH_CHANCE, chance)


def resolve(block: Block, facts: pd.DataFrame, due: Deadlines, responded: Instants) -> Instants:
    """When each case was closed for the first time, however long after the last day told that may be."""
    world, generator, size = block.world, block.stream("resolutions"), len(facts)
    received = facts["received_at"].to_numpy()
    allowed = world.clock.index(due.resolution - np.timedelta64(1, "s")) - world.clock.index(received)
    late = _late(world, generator, facts, due)
    days = _working_days(world, generator, facts, allowed, late)
    days = _leave_hard_ones(world, generator, facts, allowed, days)
    late = days > allowed
    closed = world.clock.later(received, days).astype("datetime64[s]")
    closed = add_hours(closed, generator.uniform(*WORKING_HOURS, size))
    soonest = np.fmax(responded, received) + MINIMUM_HANDLING
    latest = np.where(late, closed, np.maximum(due.resolution - MINIMUM_HANDLING, soonest))
    return np.asarray(np.minimum(np.maximum(closed, soonest), np.maximum(latest, soonest)))


def _late(world: World, generator: np.random.Generator, facts: pd.DataFrame, due: Deadlines) -> Flags:
    units = facts["responsible_unit_id"].to_numpy()
    base = facts["grade"].map(LATE_RESOLUTION).to_numpy(dtype=np.float64)
    effects = world.effects("late resolutions", units)
    fluctuating = world.in_branch(units, world.structure.parts.fluctuation)
    if world.plan.fluctuating_effect is not None:
        effects[fluctuating] = world.plan.fluctuating_effect
    late = generator.random(len(facts)) < np.minimum(base * effects, 0.6)
    last = world.dates.last_quarter
    for quarter, share in zip((last.previous(), last), world.plan.fluctuation, strict=True):
        cohort = np.flatnonzero(fluctuating & _falls_in(due.resolution, quarter))
        late[cohort] = False
        late[generator.permutation(cohort)[: round(len(cohort) * share)]] = True
    return late


def _falls_in(times: Instants, period: Period) -> Flags:
    """Which deadlines fall in the period; one at the end of its last day is the next period's."""
    return np.asarray((times >= np.datetime64(period.start, "s")) & (times < np.datetime64(period.end, "s")))


def _working_days(
    world: World, generator: np.random.Generator, facts: pd.DataFrame, allowed: Integers, late: Flags
) -> Integers:
    pace = world.effects("pace", facts["responsible_unit_id"].to_numpy())
    share = generator.beta(*RESOLUTION_SHAPE, len(facts)) ** pace
    in_time = np.minimum(np.floor((allowed + 1) * share).astype(np.int64), allowed)
    overrun = generator.geometric(1 / LATE_WORKING_DAYS, len(facts))
    return np.asarray(np.where(late, allowed + overrun, in_time))


def _leave_hard_ones(
    world: World, generator: np.random.Generator, facts: pd.DataFrame, allowed: Integers, days: Integers
) -> Integers:
    """The days with those of one branch replaced: easy cases at once, hard ones left open for months."""
    size = len(facts)
    easy = np.minimum(np.ceil(generator.gamma(*EASY_SHAPE, size)).astype(np.int64), np.maximum(allowed, 0))
    hard = allowed + generator.integers(*HARD_WORKING_DAYS, size)
    there = world.in_branch(facts["responsible_unit_id"].to_numpy(), world.structure.parts.hard_cases)
    reached = np.floor(np.cumsum(there) * HARD_SHARE)
    # Evenly spread, so that the share is the same in every quarter and the answer known for any seed.
    theirs = np.where(np.diff(reached, prepend=0) > 0, hard, easy)
    return np.asarray(np.where(there, theirs, days))
