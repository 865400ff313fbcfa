"""Which units of a tree must be hidden, one total after the other: slow and plain, to compare ``UnitTree`` with."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

FEWEST_UNKNOWN = 2
"""Where only one member of a total is hidden, it is the total less the others."""


@dataclass(frozen=True)
class UnitTree:
    """Units by place; ``parents`` has the place of each unit's total, -1 for one that is in none."""

    parents: tuple[int, ...]

    @cached_property
    def members(self) -> dict[int, Places]:
        """The units directly below each unit that has any."""
        below: dict[int, list[int]] = {}
        for place, parent in enumerate(self.parents):
            below.setdefault(parent, []).append(place)
        return {parent: np.array(places, dtype=np.int64) for parent, places in below.items()}

    def from_the_top(self) -> Iterator[int]:
        """The units that have others below them, each after the one above it."""
        waiting = list(self.members.get(-1, ()))
        while waiting:
            place = int(waiting.pop())
            if place in self.members:
                yield place
                waiting.extend(self.members[place])

    def hidden(self, counts: Counts, small: Flags, minimum: int) -> Flags:
        """The units to hide: the small ones, what is below a hidden one, and what protects them.

        ``counts`` has one row per unit and one column for each part of time that is shown or hidden together.
        A unit whose members can't be protected otherwise is hidden itself.
        """
        hidden = small.copy()
        exposed = self._spread(counts, hidden, minimum)
        if exposed is None:
            return hidden
        return self.hidden(counts, small | (np.arange(len(small)) == exposed), minimum)

    def _spread(self, counts: Counts, hidden: Flags, minimum: int) -> int | None:
        """Hides what must be hidden below each unit; a unit for which that isn't enough, or None."""
        for place in self.from_the_top():
            members = self.members[place]
            if hidden[place]:
                hidden[members] = True
            elif not _protect(counts[place], counts[members], hidden, members, minimum):
                return place
        return None


def _protect(total: Counts, counts: Counts, hidden: Flags, members: Places, minimum: int) -> bool:
    """Hides the smallest members until none follows from the total; False if even all aren't enough."""
    order = [int(each) for each in np.argsort(counts.sum(axis=1), kind="stable")]
    while _exposed(total, counts, hidden[members], minimum):
        visible = [each for each in order if not hidden[members[each]]]
        if not visible:
            return False
        hidden[members[visible[0]]] = True
    return True


def _exposed(total: Counts, counts: Counts, hidden: Flags, minimum: int) -> bool:
    """Whether a small number follows from the total and the visible members in any part of time.

    What the total has besides its members is a hidden member wherever it isn't nothing.
    """
    own = total - counts.sum(axis=0)
    unseen = total - counts[~hidden].sum(axis=0)
    if not hidden.any():
        return bool(((own > 0) & (own < minimum)).any())
    unknown = hidden.sum() + (own > 0)
    return bool(((unseen < minimum) | (unknown < FEWEST_UNKNOWN)).any())
