"""The responsibility zones: departments for branches, branches for teams, teams for their employees."""

from datetime import date

import numpy as np
import pandas as pd

from metrics.counts import BRANCH, DEPARTMENT, TEAM
from sample_data.structure import Unit
from sample_data.units import FOUNDED_ON
from sample_data.world import World

UNSPONSORED_TEAMS_SHARE = 0.012
PARTLY_COVERED_SHARE = 0.13
PARTLY_COVERED = (0.75, 0.95)
EMPLOYEES_A_POST = 12
HANDED_OVER_SHARE = 0.35
"""The share of tier 1 zones that passed from one post to another at the last turn of the year."""

COLUMNS = ("tier", "sponsor_unit_id", "sponsor_post", "target_unit_id", "employees_covered", "valid_from", "valid_to")
Row = tuple[int, str, str, str, int | None, date, date | None]


def zones(world: World) -> pd.DataFrame:
    """One row per post and target, for a time; post codes are a unit's code and a number."""
    rows = [*_first_tier(world), *_second_tier(world), *_third_tier(world)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame.insert(0, "id", [f"BB{number:05d}" for number in range(1, len(frame) + 1)])
    return frame


def sponsor_of(world: World, branch: Unit) -> Unit:
    """The department that sponsors a branch."""
    departments = world.structure.of_kind(DEPARTMENT)
    branches = world.structure.of_kind(BRANCH)
    return departments[branches.index(branch) % len(departments)]


def _first_tier(world: World) -> list[Row]:
    """Each branch has a department's post; one branch lost it in spring."""
    generator, rows = world.stream("zones of departments"), list[Row]()
    turn_of_year = date(world.dates.until.year, 1, 1)
    for branch in world.structure.of_kind(BRANCH):
        department = sponsor_of(world, branch).id
        lost = world.dates.sponsors_lost_on if branch.id == world.structure.parts.lost_sponsors else None
        first, second = (f"{department}-{number:02d}" for number in generator.permutation(5)[:2] + 1)
        handed_over = lost is None and generator.random() < HANDED_OVER_SHARE
        end = turn_of_year if handed_over else lost
        rows.append((1, department, first, branch.id, None, FOUNDED_ON, end))
        if handed_over:
            rows.append((1, department, second, branch.id, None, turn_of_year, None))
    return rows


def _second_tier(world: World) -> list[Row]:
    """Nearly each team has a post of its branch; the teams of the branch that lost its sponsors don't."""
    generator, parts, rows = world.stream("zones of branches"), world.structure.parts, list[Row]()
    for place, team in enumerate(world.structure.of_kind(TEAM)):
        if generator.random() < UNSPONSORED_TEAMS_SHARE and team.id not in (parts.moved, parts.too_small):
            continue
        branch = team.parent_id or ""
        end = world.dates.sponsors_lost_on if branch == parts.lost_sponsors else team.closed_on
        post = f"{branch}-{place % 4 + 1:02d}"
        if team.id == parts.moved:
            moved_on = world.dates.moved_on
            rows.append((2, parts.moved_from, f"{parts.moved_from}-01", team.id, None, FOUNDED_ON, moved_on))
            rows.append((2, branch, post, team.id, None, moved_on, None))
        else:
            rows.append((2, branch, post, team.id, None, FOUNDED_ON, end))
    return rows


def _third_tier(world: World) -> list[Row]:
    """Each team's posts cover its employees, about a dozen each; in some teams not all of them."""
    generator, rows = world.stream("zones of teams"), list[Row]()
    merged_into, merged = world.structure.parts.merged_into, world.structure.parts.merged
    for team in world.structure.of_kind(TEAM):
        employees = team.employees
        if team.id == merged_into:
            employees += world.structure.unit(merged).employees
        share = generator.uniform(*PARTLY_COVERED) if generator.random() < PARTLY_COVERED_SHARE else 1.0
        posts = max(1, round(employees / EMPLOYEES_A_POST))
        covered = np.array_split(np.arange(round(employees * share)), posts)
        rows += [
            (3, team.id, f"{team.id}-{number:02d}", team.id, len(each), FOUNDED_ON, team.closed_on)
            for number, each in enumerate(covered, 1)
        ]
    return rows
