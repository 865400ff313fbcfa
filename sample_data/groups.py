"""The chat groups and the liaisons of a sample company."""

from datetime import date

import numpy as np
import pandas as pd

from metrics.counts import BRANCH, TEAM
from metrics.period import add_months
from sample_data.chance import pick
from sample_data.structure import Unit
from sample_data.units import FOUNDED_ON
from sample_data.world import World

PLATFORMS = {"wechat": 0.8, "wecom": 0.16, "qq": 0.04}
TEAM_GROUP_SHARE = 0.96
"""The share of teams with a group in a branch that has groups."""
OLDEST_GROUP_MONTHS = (30, 70)
QUIET_SHARE = 0.1
QUIET_DAYS, LIVELY_DAYS = (0, 4), (6, 26)
MEMBERS_SHARE = (0.82, 1.0)
WITHOUT_NETWORK_SHARE = 0.03
CHANGED_LIAISON_SHARE = 0.15


def chat_groups(world: World) -> pd.DataFrame:
    """One row per group: in branches that have groups one of the branch and one of nearly each team."""
    generator = world.stream("groups")
    rows: list[tuple[str, date, date | None]] = []
    for place, branch in enumerate(_branches_with_groups(world, generator)):
        gained = place < world.plan.groups_gained
        back = int(generator.integers(1, 11)) if gained else int(generator.integers(*OLDEST_GROUP_MONTHS))
        created = add_months(world.dates.last_quarter.start, -back)
        rows += [(unit.id, created, unit.closed_on) for unit in _with_group(world, branch, generator)]
    frame = pd.DataFrame(rows, columns=["unit_id", "created_on", "closed_on"])
    frame.insert(0, "platform", pick(generator, PLATFORMS, len(frame)))
    frame.insert(0, "id", [f"QZ{number:04d}" for number in range(1, len(frame) + 1)])
    return frame


def _branches_with_groups(world: World, generator: np.random.Generator) -> list[Unit]:
    """The branches that have groups, the ones that gained them last in front; larger ones more often."""
    branches = world.structure.of_kind(BRANCH)
    weights = np.array([sum(team.employees for team in world.structure.teams_of(branch.id)) for branch in branches])
    order = np.argsort(generator.exponential(1.0, len(branches)) / weights)
    chosen = [branches[place] for place in order[: world.plan.branches_with_groups]]
    silent = world.structure.unit(world.structure.parts.silent_groups)
    old = [branch for branch in chosen if branch != silent]
    return [*reversed(old), silent][-world.plan.branches_with_groups :]


def _with_group(world: World, branch: Unit, generator: np.random.Generator) -> list[Unit]:
    every = branch.id == world.structure.parts.silent_groups
    teams = world.structure.teams_of(branch.id)
    return [branch, *(team for team in teams if generator.random() < TEAM_GROUP_SHARE or every)]


def chat_group_months(world: World) -> pd.DataFrame:
    """One row per group and month: members and active days; the silent branch's groups fall silent."""
    generator = world.stream("group months")
    frame = chat_groups(world).merge(pd.DataFrame({"month": world.dates.months}), how="cross")
    open_then = (frame["created_on"] <= frame["month"]) & ~(frame["closed_on"] <= frame["month"])
    frame = frame[open_then & (frame["platform"] != "qq")]
    size, sizes = len(frame), _sizes(world)
    members = frame["unit_id"].map(sizes).to_numpy() * generator.uniform(*MEMBERS_SHARE, size)
    quiet = generator.random(size) < QUIET_SHARE
    days = np.where(quiet, generator.integers(*QUIET_DAYS, size), generator.integers(*LIVELY_DAYS, size))
    silent = world.in_branch(frame["unit_id"].to_numpy(dtype=object), world.structure.parts.silent_groups)
    silent &= (frame["month"] >= world.dates.silent_since).to_numpy()
    return pd.DataFrame(
        {
            "group_id": frame["id"],
            "month": frame["month"],
            "members": np.maximum(members.astype(int), 2),
            "active_days": np.where(silent, 0, days),
        }
    ).reset_index(drop=True)


def _sizes(world: World) -> dict[str, int]:
    """Whom a group is for: a team's staff; a branch's group is its staff's and the team leaders'."""
    teams = {team.id: team.employees for team in world.structure.of_kind(TEAM)}
    branches = world.structure.of_kind(BRANCH)
    leaders = {each.id: each.employees + 3 * len(world.structure.teams_of(each.id)) for each in branches}
    return teams | leaders


def liaisons(world: World) -> pd.DataFrame:
    """One row per liaison: each branch one in nearly each network, and most teams one of their own."""
    generator = world.stream("liaisons")
    networks = world.rules.networks
    places = [
        (network, branch)
        for branch in world.structure.of_kind(BRANCH)
        for network in networks
        if generator.random() >= WITHOUT_NETWORK_SHARE
    ]
    places += [
        (networks[place % len(networks)], team)
        for place, team in enumerate(world.structure.of_kind(TEAM))
        if networks and generator.random() < world.plan.team_liaison_share
    ]
    turn_of_year = date(world.dates.until.year, 1, 1)
    rows: list[tuple[str, str, date, date | None]] = []
    for network, unit in places:
        changed = generator.random() < CHANGED_LIAISON_SHARE and unit.closed_on is None
        rows.append((network, unit.id, FOUNDED_ON, turn_of_year if changed else unit.closed_on))
        if changed:
            rows.append((network, unit.id, turn_of_year, None))
    frame = pd.DataFrame(rows, columns=["network", "unit_id", "valid_from", "valid_to"])
    frame.insert(0, "id", [f"XX{number:04d}" for number in range(1, len(frame) + 1)])
    return frame
