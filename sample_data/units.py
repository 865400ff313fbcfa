"""The units of a sample company as rows: units, their parents, their staff by month."""

from datetime import date

import numpy as np
import pandas as pd

from metrics.counts import TEAM
from sample_data.chance import Integers
from sample_data.structure import Unit
from sample_data.world import World

FOUNDED_ON = date(2008, 7, 1)
"""Since when the sample companies' units are under their parents."""
STAFF_CHANGE_SHARE = 0.12
"""How often a team's staff grows or shrinks by one from one month to the next."""


def org_units(world: World) -> pd.DataFrame:
    """One row per unit."""
    return pd.DataFrame(
        {
            "id": unit.id,
            "name": unit.name,
            "kind": unit.kind,
            "function": unit.function,
            "founded_on": FOUNDED_ON,
            "closed_on": unit.closed_on,
            "successor_id": unit.successor_id,
            "party_lead": unit.party_lead,
            "administrative_lead": unit.administrative_lead,
        }
        for unit in world.structure.units
    )


def unit_parents(world: World) -> pd.DataFrame:
    """One row per unit and parent; the team that moved has two."""
    parts, moved_on = world.structure.parts, world.dates.moved_on
    rows: list[tuple[str, str, date, date | None]] = []
    for unit in world.structure.units:
        if unit.id == parts.moved:
            rows += [(unit.id, parts.moved_from, FOUNDED_ON, moved_on), (unit.id, parts.moved_to, moved_on, None)]
        elif unit.parent_id is not None:
            rows.append((unit.id, unit.parent_id, FOUNDED_ON, unit.closed_on))
    return pd.DataFrame(rows, columns=["unit_id", "parent_id", "valid_from", "valid_to"])


def headcounts(world: World) -> pd.DataFrame:
    """One row per unit and month: its own staff, and the families of the teams' staff."""
    months = world.dates.months
    frames = [_staff(world, unit, months) for unit in world.structure.units]
    staff = pd.concat(frames, ignore_index=True)
    total = sum(unit.employees for unit in world.structure.units)
    families = (staff["employees"] * world.plan.family_members / total).round().astype(object)
    return staff.assign(family_members=families.where(staff["employees"] > 0, None))


def _staff(world: World, unit: Unit, months: tuple[date, ...]) -> pd.DataFrame:
    """A unit's staff by month; that of a closed unit is its successor's from then on."""
    employees = np.full(len(months), unit.employees)
    if unit.kind == TEAM and unit.id != world.structure.parts.too_small:
        employees = employees + _changes(world, unit.id, len(months))
    after = np.array([month >= world.dates.merged_on for month in months])
    if unit.id == world.structure.parts.merged_into:
        employees = employees + after * world.structure.unit(world.structure.parts.merged).employees
    rows = pd.DataFrame({"unit_id": unit.id, "month": months, "employees": employees})
    return rows[~after] if unit.closed_on else rows


def _changes(world: World, unit_id: str, months: int) -> Integers:
    """Differences from the staff at the end, which is the plan's."""
    generator = world.stream(f"staff of {unit_id}")
    changing = generator.random(months) < STAFF_CHANGE_SHARE
    walk = np.cumsum(np.where(changing, generator.choice([-1, 1], months), 0))
    return np.asarray(walk - walk[-1])
