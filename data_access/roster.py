"""All units as columns, for what is decided about every unit at once."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from metrics.counts import BRANCH, COMPANY, DEPARTMENT, TEAM, UNIT_KINDS

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

NOWHERE = -1

KINDS_DOWN_TO = {COMPANY: (COMPANY,), BRANCH: (COMPANY, DEPARTMENT, BRANCH), TEAM: UNIT_KINDS}
"""The kinds of unit that are told apart, by the finest of them; branches and departments stand side by side."""

ParentsByDay = Sequence[tuple[date, str | None]]
"""A unit's parents, each from its day on; the first holds always."""


@dataclass(frozen=True, eq=False)
class Roster:
    """The units in the order of their ids, and where each is; days are ordinals, ends not included."""

    ids: tuple[str, ...]
    places: Mapping[str, int]
    kinds: npt.NDArray[np.object_]
    founded: Places
    closed: Places
    first_parents: Places
    moving: Mapping[int, tuple[tuple[date, int], ...]]
    """the units that move, by place, with the places of their parents"""

    @cached_property
    def places_by_kind(self) -> dict[str, dict[Hashable, int]]:
        """The place of each unit, by kind and id."""
        found: dict[str, dict[Hashable, int]] = {}
        for place, (unit_id, kind) in enumerate(zip(self.ids, self.kinds, strict=True)):
            found.setdefault(kind, {})[unit_id] = place
        return found

    def down_to(self, finest: str) -> "Roster":
        """The units of the kinds that are told apart down to the finest; a parent of another kind is left out."""
        if finest == TEAM:
            return self
        if finest not in self._narrower:
            self._narrower[finest] = self.only(self.of_kinds(KINDS_DOWN_TO[finest]))
        return self._narrower[finest]

    @cached_property
    def _narrower(self) -> "dict[str, Roster]":
        return {}

    def only(self, which: Flags) -> "Roster":
        """Some of the units; a parent that isn't among them is left out."""
        units = np.flatnonzero(which)
        now_at = np.full(len(self.ids) + 1, NOWHERE)  # the last one stands for NOWHERE
        now_at[units] = np.arange(len(units))
        ids = tuple(self.ids[place] for place in units.tolist())
        return Roster(
            ids=ids,
            places={unit_id: place for place, unit_id in enumerate(ids)},
            kinds=self.kinds[units],
            founded=self.founded[units],
            closed=self.closed[units],
            first_parents=now_at[self.first_parents[units]],
            moving={
                int(now_at[place]): tuple((since, int(now_at[parent])) for since, parent in parents)
                for place, parents in self.moving.items()
                if now_at[place] != NOWHERE
            },
        )

    def there(self, first: date, end: date) -> Flags:
        """Which units existed on a day from ``first`` to before ``end``."""
        return (self.founded < end.toordinal()) & (first.toordinal() < self.closed)

    def parents(self, day: date) -> Places:
        """The place of the unit directly above each unit that day, NOWHERE where there is none."""
        found = self.first_parents.copy()
        for place, parents in self.moving.items():
            found[place] = next((parent for since, parent in reversed(parents) if since <= day), found[place])
        return found

    def of_kinds(self, kinds: Iterable[str]) -> Flags:
        """Which units are of one of the kinds."""
        found = np.zeros(len(self.ids), dtype=bool)
        for kind in kinds:
            found |= self._of_kind.get(kind, False)
        return found

    @cached_property
    def _of_kind(self) -> dict[str, Flags]:
        return {kind: self.kinds == kind for kind in self.places_by_kind}


def finest_of(kinds: Iterable[str]) -> str:
    """The kind down to which units must be told apart, so that those of all these kinds are."""
    wanted = set(kinds)
    return next((kind for kind, told_apart in KINDS_DOWN_TO.items() if wanted <= {*told_apart}), TEAM)


def roster(
    kinds: Mapping[str, str], days: Mapping[str, tuple[date, date]], parents: Mapping[str, ParentsByDay]
) -> Roster:
    """The roster of the units that ``kinds`` names, with the days on which each began and ceased to exist."""
    ids = tuple(sorted(kinds))
    places = {unit_id: place for place, unit_id in enumerate(ids)}
    firsts = [places.get(parents[one][0][1] or "", NOWHERE) for one in ids]
    moving = [(place, parents[one]) for place, one in enumerate(ids) if len(parents[one]) > 1]
    return Roster(
        ids=ids,
        places=places,
        kinds=np.array([kinds[one] for one in ids], dtype=object),
        founded=np.array([days[one][0].toordinal() for one in ids], dtype=np.int64),
        closed=np.array([days[one][1].toordinal() for one in ids], dtype=np.int64),
        first_parents=np.array(firsts, dtype=np.int64),
        moving={
            place: tuple((day, places.get(parent or "", NOWHERE)) for day, parent in of_unit)
            for place, of_unit in moving
        },
    )
