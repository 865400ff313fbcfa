"""What follows a case's first closure: reopening, outcome, feedback, rating, publication, exclusion."""

import numpy as np
import pandas as pd

from sample_data.blocks import Block
from sample_data.case_deadlines import Deadlines
from sample_data.chance import Flags, Instants, Integers, Texts, add_hours, keep, no_instants, pick
from sample_data.clock import DAY
from sample_data.words import EXCLUSIONS, OUTCOMES, RATINGS_WHEN_CONTENT, RATINGS_WHEN_NOT
from sample_data.world import World

REOPENED_SHARE = 0.026
REOPENED_AFTER_DAYS = (1, 40)
CLOSED_AGAIN_WORKING_DAYS = (2, 9)
REPEAT_SHARE = 0.04
ESCALATED_SHARE = 0.035
OUTCOME_UNKNOWN_SHARE = 0.01
TOLD_DAYS = ((0, 1, 2, 3, 5, 8), (0.36, 0.33, 0.17, 0.1, 0.03, 0.01))
NEVER_TOLD_SHARE = 0.012
RATED_SHARE = 0.645
RATED_WITHIN_DAYS = 6.5
CALLBACK_SHARE = 0.62
PUBLISHED_SHARE = 0.66
PUBLISHED_AFTER_DAYS = (2, 18)
EXCLUDED_AFTER_DAYS = (0.2, 5)
OFFICE_HOURS = (8.5, 17.7)


def follow_up(block: Block, facts: pd.DataFrame, due: Deadlines, responded: Instants, closed: Instants) -> pd.DataFrame:
    """The cases whole: every column of the contract, times after the last day told included."""
    world, generator, size = block.world, block.stream("follow-up"), len(facts)
    cases = facts.assign(
        response_due_at=due.own_response,
        responded_at=responded,
        resolution_due_at=due.own_resolution,
        first_resolved_at=closed,
        **_reopening(world, generator, facts, closed),
        outcome=_outcomes(generator, size),
        repeat_of=_repeats(generator, facts),
        **_exclusions(world, generator, facts),
    )
    cases = cases.assign(**_escalation(world, generator, cases, due.resolution))
    cases = cases.assign(**_feedback(world, generator, cases, due))
    return cases.assign(sla_met=_own_flag(cases, due))


def _reopening(
    world: World, generator: np.random.Generator, facts: pd.DataFrame, closed: Instants
) -> dict[str, Instants]:
    """Nothing is reopened where the story fixes how many cases are late."""
    size, fixed = len(closed), world.structure.parts.fluctuation
    happens = generator.random(size) < REOPENED_SHARE
    happens &= ~world.in_branch(facts["responsible_unit_id"].to_numpy(), fixed)
    reopened = add_hours(closed, generator.uniform(*REOPENED_AFTER_DAYS, size) * 24)
    reopened = np.where(happens & (reopened < world.until), reopened, no_instants(size))
    again = _office_time(world, generator, reopened, generator.integers(*CLOSED_AGAIN_WORKING_DAYS, size))
    return {"reopened_at": reopened, "resolved_at": np.where(np.isnat(reopened), closed, again)}


def _office_time(world: World, generator: np.random.Generator, times: Instants, working_days: Integers) -> Instants:
    """A time in office hours so many working days later; never before the time itself."""
    start = np.where(np.isnat(times), world.until, times)
    later = world.clock.later(start, working_days).astype("datetime64[s]")
    later = np.maximum(add_hours(later, generator.uniform(*OFFICE_HOURS, len(times))), start + np.timedelta64(10, "m"))
    return np.where(np.isnat(times), no_instants(len(times)), later)


def _outcomes(generator: np.random.Generator, size: int) -> Texts:
    outcome = pick(generator, OUTCOMES, size)
    outcome[generator.random(size) < OUTCOME_UNKNOWN_SHARE] = None
    return outcome


def _repeats(generator: np.random.Generator, facts: pd.DataFrame) -> Texts:
    """For a few cases the number of the case before, of the same unit and category."""
    previous = facts.groupby(["responsible_unit_id", "category"])["case_no"].shift(1).to_numpy(dtype=object)
    chosen = (generator.random(len(facts)) < REPEAT_SHARE) & ~pd.isna(previous)
    return keep(chosen, previous)


def _exclusions(world: World, generator: np.random.Generator, facts: pd.DataFrame) -> dict[str, Texts | Instants]:
    """Decisions to exclude; none where the story fixes how many cases a team has."""
    received, size = facts["received_at"].to_numpy(), len(facts)
    exclusion = pick(generator, {**EXCLUSIONS, "": 1 - sum(EXCLUSIONS.values())}, size)
    excluded = add_hours(received, generator.uniform(*EXCLUDED_AFTER_DAYS, size) * 24)
    none = (exclusion == "") | (facts["responsible_unit_id"].to_numpy() == world.structure.parts.too_small)
    exclusion[none] = None
    return {"exclusion": exclusion, "excluded_at": np.where(none, no_instants(size), excluded)}


def _escalation(
    world: World, generator: np.random.Generator, cases: pd.DataFrame, due: Instants
) -> dict[str, Texts | Instants]:
    """When a case was passed up, and on which level it was settled."""
    size = len(cases)
    received, closed = cases["received_at"].to_numpy(), cases["first_resolved_at"].to_numpy()
    escalated = received + ((np.minimum(due, closed) - received) * generator.uniform(0.2, 0.9, size))
    passed_up = generator.random(size) < ESCALATED_SHARE
    escalated = np.where(passed_up, escalated.astype("datetime64[s]"), no_instants(size))
    own_level = cases["responsible_unit_id"].map({unit.id: unit.kind for unit in world.structure.units})
    helped = generator.random(size)
    level = np.where((own_level == "team") & (helped < 0.3), "branch", own_level.to_numpy(dtype=object))
    level = np.where(passed_up, np.where(helped < 0.25, "company", "department"), level)
    return {"escalated_at": escalated, "resolved_level": level.astype(object)}


def _feedback(
    world: World, generator: np.random.Generator, cases: pd.DataFrame, due: Deadlines
) -> dict[str, Texts | Instants]:
    size, closed = len(cases), cases["resolved_at"].to_numpy()
    told = _office_time(world, generator, closed, generator.choice(TOLD_DAYS[0], size, p=TOLD_DAYS[1]))
    told[generator.random(size) < NEVER_TOLD_SHARE] = np.datetime64("NaT")
    content = (cases["outcome"].to_numpy() == "solved") & (closed <= due.resolution)
    drawn = [generator.choice(len(shares), size, p=shares) + 1 for shares in (RATINGS_WHEN_CONTENT, RATINGS_WHEN_NOT)]
    rating = np.where(content, *drawn).astype(object)
    rates = (generator.random(size) < RATED_SHARE) & ~np.isnat(told)
    rated = add_hours(told, generator.uniform(0.1, RATED_WITHIN_DAYS, size) * 24)
    return {
        "fed_back_at": told,
        "rating": keep(rates, rating),
        "rating_source": np.where(generator.random(size) < CALLBACK_SHARE, "callback", "self_service").astype(object),
        "rated_at": np.where(rates, rated, no_instants(size)),
        "published_at": _published(generator, cases, closed),
    }


def _published(generator: np.random.Generator, cases: pd.DataFrame, closed: Instants) -> Instants:
    size = len(cases)
    open_to_all: Flags = ~(cases["confidential"] | cases["restricted"]).to_numpy(dtype=bool)
    published = closed + generator.integers(*PUBLISHED_AFTER_DAYS, size) * DAY
    shown = open_to_all & (generator.random(size) < PUBLISHED_SHARE)
    return np.where(shown, published, no_instants(size))


def _own_flag(cases: pd.DataFrame, due: Deadlines) -> Texts:
    """The source system's own flag, which only the company's track has: resolved by the deadline."""
    met = (cases["resolved_at"].to_numpy() <= due.resolution).astype(object)
    return keep(cases["track"].to_numpy() == "company", met)


def as_known(world: World, cases: pd.DataFrame) -> pd.DataFrame:
    """The cases as the database knows them when the last day begins: nothing later has happened."""
    known = cases.copy()
    for column in known.columns:
        if known[column].dtype.kind == "M" and not column.endswith("_due_at"):
            known[column] = known[column].where(known[column] < world.until)
    known.loc[known["first_resolved_at"].isna(), ["outcome", "resolved_level", "sla_met"]] = None
    known.loc[known["resolved_at"].isna(), ["outcome", "sla_met"]] = None
    known.loc[known["rated_at"].isna(), ["rating", "rating_source"]] = None
    known.loc[known["excluded_at"].isna(), "exclusion"] = None
    return known
