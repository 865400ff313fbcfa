"""Local days and working days for whole arrays of times."""

from collections.abc import Callable
from datetime import date

import numpy as np
import numpy.typing as npt

from metrics.deadlines import DeadlineRule, Limit
from sample_data.chance import Flags, Instants, Integers, Texts, no_instants

DAY = np.timedelta64(1, "D")


class WorkingClock:
    """The working days from ``first`` to ``last``, for arithmetic on arrays of local times."""

    def __init__(self, first: date, last: date, is_working: Callable[[date], bool]) -> None:
        self.first = np.datetime64(first, "D")
        days = np.arange(self.first, np.datetime64(last, "D") + DAY)
        working = np.array([is_working(day) for day in days.astype(object)])
        self._index = np.cumsum(working)
        self._working_days = days[working]

    def index(self, times: Instants) -> Integers:
        """How many working days there were up to the local day of each time, itself included."""
        offset = (times.astype("datetime64[D]") - self.first).astype(np.int64)
        return np.asarray(self._index[np.clip(offset, 0, len(self._index) - 1)], dtype=np.int64)

    def working_day(self, index: Integers) -> npt.NDArray[np.datetime64]:
        """The working day that has each index."""
        return np.asarray(self._working_days[np.clip(index, 1, len(self._working_days)) - 1])

    def is_working(self, times: Instants) -> Flags:
        """Whether the local day of each time is a working day."""
        days = times.astype("datetime64[D]")
        return np.asarray(self.working_day(self.index(times)) == days)

    def later(self, times: Instants, working_days: Integers) -> npt.NDArray[np.datetime64]:
        """The day that is so many working days after the local day of each time; the day itself for none."""
        moved = self.working_day(self.index(times) + working_days)
        return np.where(working_days > 0, moved, times.astype("datetime64[D]"))

    def due(self, times: Instants, limit: Limit) -> Instants:
        """When a limit that starts at each time runs out."""
        if limit.hours is not None:
            return times + np.timedelta64(limit.hours, "h")
        allowed = np.full(len(times), limit.working_days, dtype=np.int64)
        return (self.later(times, allowed) + DAY).astype("datetime64[s]")


def deadlines(
    clock: WorkingClock, rules: tuple[DeadlineRule, ...], grades: Texts, received: Instants
) -> tuple[Instants, Instants]:
    """The response and the resolution deadline of each case by the rule in force; NaT without a rule."""
    response, resolution = no_instants(len(received)), no_instants(len(received))
    for rule in sorted(rules, key=lambda rule: rule.effective_from):
        under = (grades == rule.grade) & (received >= np.datetime64(rule.effective_from, "s"))
        response[under] = clock.due(received[under], rule.response)
        resolution[under] = clock.due(received[under], rule.resolution)
    return response, resolution
