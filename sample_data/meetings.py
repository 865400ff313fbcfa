"""Contact points, joint consultations, activities and scores given elsewhere."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from metrics.counts import BRANCH, TEAM
from metrics.period import add_months
from sample_data.chance import Floats, pick
from sample_data.world import World
from sample_data.zones import sponsor_of

STEPS = ("contacted_at", "registered_at", "reported_at", "implemented_at", "fed_back_at")
STEP_SHARES = (0.985, 0.995, 0.99, 0.965, 0.985)
"""How often each step follows the one before."""
ITEMS_RAISED = {"weekly": 2.2, "monthly": 5.0, "quarterly": 9.0}
SETTLED_SHARE = 0.87
ACTIVITIES_A_MONTH = 0.9
ACTIVITIES = {
    "hardship_visit": 0.16,
    "heart_to_heart": 0.2,
    "psychological_support": 0.08,
    "health": 0.08,
    "family_outreach": 0.12,
    "culture_and_sport": 0.14,
    "skills_contest": 0.08,
    "policy_talk": 0.09,
    "volunteering": 0.05,
}
SCORES = {"safety": (100.0, 93.0, 3.0), "democratic_appraisal": (100.0, 91.0, 3.5)}
"""Item: highest possible score, mean, spread."""


def contact_points(world: World) -> pd.DataFrame:
    """One row per department, branch it sponsors and month, with the steps done so far."""
    generator, parts = world.stream("contact points"), world.structure.parts
    pairs = pd.DataFrame(
        [(sponsor_of(world, branch).id, branch.id) for branch in world.structure.of_kind(BRANCH)],
        columns=["department_id", "unit_id"],
    )
    rows = pairs.merge(pd.DataFrame({"month": world.dates.months}), how="cross")
    ended = (rows["unit_id"] == parts.lost_sponsors) & (rows["month"] >= world.dates.sponsors_lost_on)
    rows = rows[~ended].reset_index(drop=True)
    done = np.cumprod(generator.random((len(rows), len(STEPS))) < STEP_SHARES, axis=1).astype(bool)
    hours = 8.5 + generator.uniform(24, 9 * 24, len(rows))[:, None]
    times = rows["month"].to_numpy(dtype="datetime64[s]")[:, None] + _minutes(hours + _lags(generator, len(rows)))
    for place, step in enumerate(STEPS):
        happened = done[:, place] & (times[:, place] < world.until)
        rows[step] = pd.Series(times[:, place]).where(happened)
    return rows[rows["contacted_at"].notna()].reset_index(drop=True)


def _lags(generator: np.random.Generator, size: int) -> Floats:
    """Hours from the contact to each step."""
    between = generator.uniform(0.5, (1, 24, 48, 120, 72), (size, len(STEPS)))
    between[:, 0] = 0
    return np.asarray(np.cumsum(between, axis=1))


def _minutes(hours: Floats) -> np.ndarray:
    return np.asarray(np.round(hours * 60), dtype="timedelta64[m]")


def consultations(world: World) -> pd.DataFrame:
    """One row per session: branches weekly or monthly in turn, the company each quarter."""
    generator = world.stream("consultations")
    held = [(level, unit_id, day) for level, unit_id, day in _sessions(world) if day < world.dates.until]
    frame = pd.DataFrame(held, columns=["level", "unit_id", "held_on"])
    raised = generator.poisson(frame["level"].map(ITEMS_RAISED).to_numpy()) + 1
    size = len(frame)
    frame = frame.assign(
        items_raised=raised,
        items_settled=generator.binomial(raised, SETTLED_SHARE),
        cadres=generator.integers(2, 7, size),
        workers=generator.integers(3, 16, size),
    )
    frame.insert(0, "id", [f"HZ{number:05d}" for number in range(1, size + 1)])
    return frame


def _sessions(world: World) -> list[tuple[str, str, date]]:
    generator = world.stream("sessions")
    company = world.structure.units[0].id
    months = world.dates.months
    sessions = [("quarterly", company, month + timedelta(days=int(generator.integers(9, 20)))) for month in months[::3]]
    for branch in world.structure.of_kind(BRANCH):
        sessions += [("monthly", branch.id, month + timedelta(days=int(generator.integers(4, 26)))) for month in months]
    weeks = (world.dates.until - world.dates.first_day).days // 7
    sessions += [("weekly", company, world.dates.first_day + timedelta(days=7 * week + 1)) for week in range(weeks)]
    return sorted(sessions, key=lambda session: (session[2], session[1]))


def activities(world: World) -> pd.DataFrame:
    """One row per activity; each branch holds nearly one a month, a team now and then."""
    generator = world.stream("activities")
    units = [unit for unit in world.structure.units if unit.kind in (BRANCH, TEAM) and unit.closed_on is None]
    days = (world.dates.until - world.dates.first_day).days
    rates = np.array([ACTIVITIES_A_MONTH if unit.kind == BRANCH else 0.05 for unit in units]) * days / 30
    counts = generator.poisson(rates)
    frame = pd.DataFrame(
        {
            "kind": pick(generator, ACTIVITIES, int(counts.sum())),
            "unit_id": np.repeat(np.array([unit.id for unit in units], dtype=object), counts),
            "held_on": np.datetime64(world.dates.first_day) + generator.integers(0, days, counts.sum()),
            "participants": np.round(generator.lognormal(2.9, 0.6, counts.sum())).astype(int) + 2,
        }
    )
    frame = frame.sort_values(["held_on", "unit_id"], kind="stable", ignore_index=True)
    frame.insert(0, "id", [f"HD{number:05d}" for number in range(1, len(frame) + 1)])
    return frame


def external_scores(world: World) -> pd.DataFrame:
    """One row per branch, item and quarter that has ended, with the document that gave the score."""
    generator = world.stream("external scores")
    quarters = [month for month in world.dates.months[::3] if add_months(month, 3) <= world.dates.until]
    rows = [
        (branch.id, item, quarter, min(maximum, round(float(generator.normal(mean, spread)), 1)), maximum)
        for branch in world.structure.of_kind(BRANCH)
        for item, (maximum, mean, spread) in SCORES.items()
        for quarter in quarters
    ]
    frame = pd.DataFrame(rows, columns=["unit_id", "item", "period_start", "score", "maximum"])
    names = frame["item"].map({"safety": "安考", "democratic_appraisal": "民评"})
    quarter = pd.to_datetime(frame["period_start"])
    return frame.assign(evidence=names + quarter.dt.strftime("〔%Y〕") + quarter.dt.quarter.astype(str) + "号")
