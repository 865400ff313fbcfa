"""What every part of the generator needs to know: the company, its days, its rules and the seed."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from data_access.question import Rules
from metrics.counts import BRANCH
from metrics.working_time import Schedule
from sample_data.chance import Flags, Floats, Integers, Texts, stream
from sample_data.clock import WorkingClock
from sample_data.companies import CompanyPlan
from sample_data.dates import StoryDates, story_dates
from sample_data.structure import Structure, build

CLOCK_MARGIN = timedelta(days=500)
"""Working days are known for so long before and after the story: late cases end long after it."""
DEPARTMENT_EFFECT = 0.8
EFFECT_LIMITS = (0.45, 1.75)
"""No branch is so much better or worse by itself that it drowns the story."""


@dataclass(frozen=True)
class World:
    """A company at the time of its story. The same plan, seed and last day give the same world."""

    plan: CompanyPlan
    seed: int
    dates: StoryDates
    structure: Structure
    clock: WorkingClock
    rules: Rules
    schedule: Schedule

    def stream(self, topic: str) -> np.random.Generator:
        """The generator of a topic."""
        return stream(self.seed, topic)

    @property
    def until(self) -> np.datetime64:
        """The first instant of which nothing is known, in local time."""
        return np.datetime64(self.dates.until, "s")

    def branch_numbers(self, unit_ids: Texts) -> Integers:
        """The place of each unit's branch among the branches; -1 for a department."""
        places = {branch.id: place for place, branch in enumerate(self.structure.of_kind(BRANCH))}
        of_unit = {unit.id: places.get(unit.id, places.get(unit.parent_id or "", -1)) for unit in self.structure.units}
        return np.asarray(pd.Series(unit_ids).map(of_unit), dtype=np.int64)

    def in_branch(self, unit_ids: Texts, branch_id: str) -> Flags:
        """Which of the units are the branch or one of its teams."""
        ids = [branch.id for branch in self.structure.of_kind(BRANCH)]
        return np.asarray(self.branch_numbers(unit_ids) == ids.index(branch_id))

    def effects(self, topic: str, unit_ids: Texts) -> Floats:
        """For each unit a factor around one, the same for all units of a branch."""
        spread = self.plan.branch_spread
        drawn = self.stream(f"branch effects on {topic}").lognormal(-(spread**2) / 2, spread, self.plan.branch_count)
        drawn = np.clip(drawn, *EFFECT_LIMITS)
        return np.asarray(np.append(drawn, DEPARTMENT_EFFECT)[self.branch_numbers(unit_ids)])


def make_world(plan: CompanyPlan, seed: int, until: date, rules: Rules, schedule: Schedule) -> World:
    """The world of a company whose story is told up to (not including) a day."""
    dates = story_dates(until, plan.years)
    clock = WorkingClock(dates.first_day - CLOCK_MARGIN, until + CLOCK_MARGIN, schedule.is_working)
    return World(plan, seed, dates, build(plan, dates, seed), clock, rules, schedule)
