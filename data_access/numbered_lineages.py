"""The lineages of all units as numbers, so that those of many rows are looked up at once."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Lock

import numpy as np
import numpy.typing as npt

from metrics.counted_rows import Lineage
from metrics.counts import BRANCH, COMPANY, DEPARTMENT, LINEAGE

Array = npt.NDArray[np.int64]

NEAREST = tuple(LINEAGE.index(f"{kind}_id") for kind in (BRANCH, DEPARTMENT, COMPANY))
"""Where in a lineage the unit stands at which a figure that doesn't tell teams apart counts, the nearest first."""


@dataclass(frozen=True, eq=False)
class NumberedLineages:
    """A number for each lineage that occurs, and by day the numbers of all units.

    ``places`` are those of the units, ``moving`` the units that stand elsewhere from one of the ``move_days`` on.
    ``lineage`` gives that of a unit on a day; of None that of whoever is no unit.
    """

    places: Mapping[str, int]
    moving: Sequence[str]
    move_days: Sequence[date]
    lineage: Callable[[str | None, date], Lineage]
    _known: list[Lineage] = field(default_factory=list)
    _numbers: dict[Lineage, int] = field(default_factory=dict)
    _of_units: dict[int, Array] = field(default_factory=dict)
    _of_nearest: dict[int, Array] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def places_of(self, unit_ids: Iterable[str | None]) -> Array:
        """The place of each unit; the last one of all for whoever is no unit."""
        places, nowhere = self.places, len(self.places)
        return np.array([places.get(unit_id or "", nowhere) for unit_id in unit_ids], dtype=np.int64)

    def of_units(self, day: date) -> Array:
        """The number of each unit's lineage that day, by place; the last is that of whoever is no unit."""
        epoch = bisect_right(self.move_days, day)
        found = self._of_units.get(epoch)
        if found is None:
            with self._lock:
                found = self._of_units[epoch] = self._made(day)
        return found

    def of_nearest(self, day: date) -> Array:
        """The same of the branch or department that is or stands above each unit, of the company where none does."""
        epoch = bisect_right(self.move_days, day)
        found = self._of_nearest.get(epoch)
        if found is None:
            own = self.of_units(day)
            nearest = [next((one[line] for line in NEAREST if one[line]), None) for one in self._known]
            found = self._of_nearest[epoch] = own[self.places_of(nearest)[own]]
        return found

    def compact(self, numbers: Array) -> tuple[list[Lineage], Array]:
        """The lineages that occur among the numbers, and the place of each number's lineage among these."""
        occurs = np.zeros(len(self._known), dtype=bool)
        occurs[numbers] = True
        places = np.cumsum(occurs) - 1
        return [self._known[number] for number in np.flatnonzero(occurs).tolist()], places[numbers]

    def _made(self, day: date) -> Array:
        """Like another day's, but for those that move."""
        other = next(iter(self._of_units.values()), None)
        if other is None:
            return np.array([self._number(unit_id, day) for unit_id in (*self.places, None)], dtype=np.int64)
        found = other.copy()
        for unit_id in self.moving:
            found[self.places[unit_id]] = self._number(unit_id, day)
        return found

    def _number(self, unit_id: str | None, day: date) -> int:
        lineage = self.lineage(unit_id, day)
        number = self._numbers.setdefault(lineage, len(self._known))
        if number == len(self._known):
            self._known.append(lineage)
        return number
