"""Who appealed to whom, when and about what: the part of a case that is known at receipt."""

import numpy as np
import pandas as pd

from metrics.counts import BRANCH, DEPARTMENT, TEAM
from sample_data.blocks import Block
from sample_data.chance import Flags, Floats, Instants, Integers, Texts, add_hours, as_texts, pick
from sample_data.rhythm import receipts
from sample_data.structure import Structure
from sample_data.words import CATEGORIES, CHANNELS, COMPANY_TRACK_CHANNELS, GRADES, OFFICE_CHANNELS
from sample_data.world import World

DEPARTMENT_SHARE = 0.13
BRANCH_OWN_WEIGHT = 1.2
FROM_OWN_BRANCH_SHARE = 0.72
UNKNOWN_ORIGIN_SHARE = 0.16
COMPANY_TRACK_SHARE = 0.2
REGISTERED_LATE_SHARE = 0.034
FLAG_SHARES = {"confidential": 0.07, "restricted": 0.012, "collective": 0.03}
TOO_SMALL_A_QUARTER = 2
"""How many cases the team that is too small to judge gets in a quarter."""
TOO_SMALL_DAYS = 55
"""They come within so many days of a quarter's first, so that they also fall due in it."""


def case_facts(block: Block) -> pd.DataFrame:
    """One row per case in order of receipt: the columns of the contract that are known at receipt."""
    world, size, generator = block.world, block.size, block.stream("case facts")
    channel = pick(generator, CHANNELS, size)
    received = _in_office_hours(
        generator, receipts(generator, block.days, block.weights, size), np.isin(channel, list(OFFICE_CHANNELS))
    )
    order = np.argsort(received, kind="stable")
    received, channel = received[order], channel[order]
    responsible = _responsible(generator, block, received)
    grade = pick(generator, GRADES, size)
    origin = _origin(generator, world, responsible)
    _move_to_successor(world, received, origin)
    return pd.DataFrame(
        {
            "case_no": case_numbers(received),
            "track": _track(generator, channel),
            "channel": channel,
            "category": pick(generator, CATEGORIES, size),
            "grade": grade,
            "received_at": received,
            "recorded_at": _recorded(generator, received, grade, world.until),
            "origin_unit_id": origin,
            "responsible_unit_id": responsible,
            **_flags(world, generator, responsible),
        }
    )


def case_numbers(received: Instants) -> Texts:
    """A number per case, from the day of receipt and the place within the day; times are in order."""
    days = received.astype("datetime64[D]")
    _, starts, counts = np.unique(days, return_index=True, return_counts=True)
    places = np.arange(len(days)) - np.repeat(starts, counts) + 1
    stems = days.astype(str).tolist()
    return as_texts(
        [f"SQ{stem.replace('-', '')}{place:04d}" for stem, place in zip(stems, places.tolist(), strict=True)]
    )


def _flags(world: World, generator: np.random.Generator, responsible: Texts) -> dict[str, Flags]:
    """The flags; nothing is restricted where the story fixes how many cases a team has."""
    drawn = {name: generator.random(len(responsible)) < share for name, share in FLAG_SHARES.items()}
    return drawn | {"restricted": drawn["restricted"] & (responsible != world.structure.parts.too_small)}


def _in_office_hours(generator: np.random.Generator, received: Instants, affected: Flags) -> Instants:
    days = received.astype("datetime64[D]").astype("datetime64[s]")
    return np.where(affected, add_hours(days, generator.uniform(8.5, 17.4, len(received))), received)


def _responsible(generator: np.random.Generator, block: Block, received: Instants) -> Texts:
    world = block.world
    units = [unit for unit in world.structure.units if unit.kind in (DEPARTMENT, BRANCH, TEAM)]
    chosen = generator.choice(len(units), size=len(received), p=_weights(world.structure))
    responsible = as_texts([unit.id for unit in units])[chosen]
    _move_to_successor(world, received, responsible)
    _give_to_small_team(block, received, responsible)
    return responsible


def _move_to_successor(world: World, received: Instants, unit_ids: Texts) -> None:
    after = received >= np.datetime64(world.dates.merged_on, "s")
    unit_ids[after & (unit_ids == world.structure.parts.merged)] = world.structure.parts.merged_into


def _weights(structure: Structure) -> Floats:
    departments = len(structure.of_kind(DEPARTMENT))
    branches = np.array([branch.appeals * BRANCH_OWN_WEIGHT for branch in structure.of_kind(BRANCH)])
    teams = np.array([_team_weight(structure, team.id) for team in structure.of_kind(TEAM)])
    below = np.concatenate([branches, teams])
    shares = below / below.sum() * (1 - DEPARTMENT_SHARE)
    return np.concatenate([np.full(departments, DEPARTMENT_SHARE / departments), shares])


def _team_weight(structure: Structure, team_id: str) -> float:
    team = structure.unit(team_id)
    if team_id == structure.parts.too_small:
        return 0.0
    return team.appeals / len(structure.teams_of(team.parent_id or ""))


def _give_to_small_team(block: Block, received: Instants, responsible: Texts) -> None:
    """Hands the small team the first cases of the departments in each quarter, a known number of them.

    They are found in the block in which the quarter begins: where there is another one, they are many.
    """
    world = block.world
    of_department = world.branch_numbers(responsible) < 0
    quarters = np.array(world.dates.months[::3], dtype="datetime64[s]")
    for start in quarters[block.holds(quarters)]:
        early = (received >= start) & (received < start + np.timedelta64(TOO_SMALL_DAYS, "D"))
        responsible[np.flatnonzero(of_department & early)[:TOO_SMALL_A_QUARTER]] = world.structure.parts.too_small


def _track(generator: np.random.Generator, channel: Texts) -> Texts:
    company = np.isin(channel, list(COMPANY_TRACK_CHANNELS)) | (generator.random(len(channel)) < COMPANY_TRACK_SHARE)
    return np.where(company, "company", "branch").astype(object)


def _recorded(generator: np.random.Generator, received: Instants, grade: Texts, until: np.datetime64) -> Instants:
    """When each case was registered: minutes for grade A, hours otherwise, a few after days."""
    size = len(received)
    median = np.where(grade == "A", 0.2, 1.6)
    delay = np.minimum(median * generator.lognormal(0, 0.8, size), 20.0)
    late = generator.random(size) < REGISTERED_LATE_SHARE
    delay = np.where(late, generator.uniform(25, 90, size), delay)
    return np.minimum(add_hours(received, delay), until - np.timedelta64(1, "s"))


def _origin(generator: np.random.Generator, world: World, responsible: Texts) -> Texts:
    """The team each case came from: mostly of the responsible branch, by size otherwise, some unknown."""
    teams = world.structure.of_kind(TEAM)
    anywhere = generator.choice(len(teams), size=len(responsible), p=_by_employees(world.structure))
    own = _within_branch(generator, world, world.branch_numbers(responsible))
    own = np.where(generator.random(len(responsible)) < FROM_OWN_BRANCH_SHARE, own, -1)
    origin = as_texts([team.id for team in teams])[np.where(own >= 0, own, anywhere)]
    origin[generator.random(len(responsible)) < UNKNOWN_ORIGIN_SHARE] = None
    return origin


def _by_employees(structure: Structure) -> Floats:
    employees = np.array([team.employees * (team.closed_on is None) for team in structure.of_kind(TEAM)], dtype=float)
    return np.asarray(employees / employees.sum())


def _within_branch(generator: np.random.Generator, world: World, branches: Integers) -> Integers:
    """A team of each branch, by place among all teams; -1 where there is no branch."""
    team_branches = world.branch_numbers(as_texts([team.id for team in world.structure.of_kind(TEAM)]))
    order = np.argsort(team_branches, kind="stable")
    starts = np.searchsorted(team_branches[order], np.arange(team_branches.max() + 1))
    counts = np.bincount(team_branches)
    place = starts[branches] + (generator.random(len(branches)) * counts[branches]).astype(np.int64)
    return np.asarray(np.where(branches >= 0, order[np.minimum(place, len(order) - 1)], -1))
