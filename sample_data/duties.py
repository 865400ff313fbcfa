"""The duties that units recorded: most of what the plan owes, some late, some in part, some not at all."""

from datetime import timedelta

import numpy as np
import pandas as pd

from metrics.counts import BRANCH
from metrics.obligations import plan
from sample_data.chance import Floats, Instants, add_hours, no_instants
from sample_data.clock import DAY
from sample_data.units import org_units
from sample_data.world import World

LATE_SHARE, MISSING_SHARE, IN_PART_SHARE = 0.028, 0.018, 0.05
CAREFUL_KINDS = {"opinion_report": 0.45, "daily_report": 0.6, "responsibility_letter": 0.7, "safety_day": 0.6}
"""Kinds that are late or missing less often, and how much less."""
DAYS_AHEAD = 31
DAYS_EARLY = 5
DAYS_LATE = (1, 7)
OFFICE_HOURS = (8.3, 18.0)
SINGLE_KIND = "violation_mentoring"
SINGLE_A_QUARTER = 1.2
SINGLE_DAYS = 7


def duties(world: World) -> pd.DataFrame:
    """One row per duty recorded; what was not done at all has no row, nor has the branch that records nothing."""
    frame = pd.concat([_planned(world), _single(world)], ignore_index=True)
    silent = world.in_branch(frame["unit_id"].to_numpy(dtype=object), world.structure.parts.records_nothing)
    frame = frame[~silent & (frame["done_at"] < world.until).to_numpy()]
    frame = frame.sort_values(["done_at", "unit_id", "kind"], kind="stable", ignore_index=True)
    frame.insert(0, "id", [f"LZ{number:06d}" for number in range(1, len(frame) + 1)])
    return frame


def _planned(world: World) -> pd.DataFrame:
    """What the plan owes until a month after the last day told, with what became of it."""
    last_day = world.dates.until + timedelta(days=DAYS_AHEAD)
    owed = plan(world.rules.obligations, org_units(world), world.dates.first_day, last_day, world.schedule)
    generator, size = world.stream("duties"), len(owed)
    weight = _weights(world, owed)
    drawn = generator.random(size)
    late = drawn < LATE_SHARE * weight
    missing = ~late & (drawn < (LATE_SHARE + MISSING_SHARE) * weight)
    in_part = (owed["planned"].to_numpy() > 1) & (generator.random(size) < IN_PART_SHARE * weight)
    done_at = _done_at(generator, owed, late)
    return pd.DataFrame(
        {
            "kind": owed["kind"],
            "unit_id": owed["unit_id"],
            "period_start": owed["period_start"],
            "due_at": no_instants(size),
            "planned": owed["planned"],
            "done": owed["planned"] - in_part,
            "done_at": np.where(missing, no_instants(size), done_at),
        }
    )


def _weights(world: World, owed: pd.DataFrame) -> Floats:
    careful = owed["kind"].map(CAREFUL_KINDS).fillna(1.0).to_numpy(dtype=np.float64)
    return np.asarray(careful * world.effects("duties", owed["unit_id"].to_numpy(dtype=object)))


def _done_at(generator: np.random.Generator, owed: pd.DataFrame, late: np.ndarray) -> Instants:
    """When each duty was done: on the due day or some days before, or some days after it."""
    due = owed["due_day"].to_numpy(dtype="datetime64[D]")
    whole_weeks = (due - owed["period_start"].to_numpy(dtype="datetime64[D]")).astype(np.int64) // 7
    early = generator.integers(0, np.minimum(whole_weeks, DAYS_EARLY) + 1)
    shift = np.where(late, generator.integers(*DAYS_LATE, len(owed)), -early)
    return add_hours((due + shift).astype("datetime64[s]"), generator.uniform(*OFFICE_HOURS, len(owed)))


def _single(world: World) -> pd.DataFrame:
    """Duties outside the plan: mentoring ordered after a violation, due within a week, nearly always done."""
    generator = world.stream("single duties")
    branches = world.structure.of_kind(BRANCH)
    days = (world.dates.until - world.dates.first_day).days
    counts = generator.poisson(SINGLE_A_QUARTER * days / 91, len(branches))
    start = np.datetime64(world.dates.first_day) + generator.integers(0, days, counts.sum())
    start = np.where(start == start.astype("datetime64[M]"), start + DAY, start)
    due = (start + SINGLE_DAYS * DAY).astype("datetime64[s]")
    return pd.DataFrame(
        {
            "kind": SINGLE_KIND,
            "unit_id": np.repeat(np.array([branch.id for branch in branches], dtype=object), counts),
            "period_start": start.astype(object),
            "due_at": due,
            "planned": 1,
            "done": 1,
            "done_at": add_hours(start.astype("datetime64[s]"), generator.uniform(20, 24 * SINGLE_DAYS, len(start))),
        }
    )
