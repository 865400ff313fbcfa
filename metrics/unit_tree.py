"""Which units of a tree must be hidden so that no small one follows from the others."""

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

TOP = -1


@dataclass(frozen=True, eq=False)
class UnitTree:
    """Units by place; ``parents`` has the place of each unit's total, TOP for one that is in none."""

    parents: Places

    @cached_property
    def levels(self) -> "tuple[_Level, ...]":
        """The units that are in a total, from those of the highest totals down; a circle has none above it."""
        above = np.flatnonzero(self.parents == TOP)
        return tuple(self._downwards(above))

    def _downwards(self, above: Places) -> "Iterator[_Level]":
        while True:
            is_above = np.zeros(len(self.parents) + 1, dtype=bool)  # the last one stands for TOP
            is_above[above] = True
            members = np.flatnonzero(is_above[self.parents])
            if not len(members):
                return
            yield _level(self.parents, members)
            above = members

    def hidden(self, counts: Counts, small: Flags, minimum: int) -> Flags:
        """The units to hide: the small ones, what is below a hidden one, and what protects them.

        ``counts`` has one row per unit and one column for each part of time that is shown or hidden together.
        A unit whose members can't be protected otherwise is hidden itself.
        """
        small, open_ = small.copy(), np.zeros(len(small), dtype=bool)
        hidden = np.zeros(len(small), dtype=bool)
        for level in reversed(self.levels):
            open_[level.parents] = level.protect(counts, small, open_, hidden, minimum)
        top = self.parents == TOP
        hidden[top] = (small | open_)[top]
        hidden |= small
        for level in self.levels:
            hidden[level.members] |= hidden[self.parents[level.members]]
        return hidden


@dataclass(frozen=True, eq=False)
class _Level:
    """Families: the members of one total each. ``families`` has the family of each member, ``starts`` its first.

    Members are in the order of their families, and of their places within a family.
    """

    parents: Places
    members: Places
    families: Places
    starts: Places

    def protect(self, counts: Counts, small: Flags, exposed: Flags, hidden: Flags, minimum: int) -> Flags:
        """The families of which something small follows even if all are hidden; sets ``hidden`` of the members.

        All totals are taken as visible. A visible member whose own members are ``exposed`` becomes ``small``,
        the last one first, and then the family is seen to anew: others need not be hidden any more.
        """
        while True:
            hide = small[self.members]
            failed = self._hide(counts, hide, minimum)
            visible = np.flatnonzero(~hide & exposed[self.members] & ~failed[self.families])
            if not len(visible):
                hidden[self.members] = hide
                return failed
            last = np.full(len(self.parents), TOP)
            last[self.families[visible]] = self.members[visible]
            small[last[last != TOP]] = True

    def _hide(self, counts: Counts, hide: Flags, minimum: int) -> Flags:
        """Hides the smallest members of each family until none follows from the total; where that fails."""
        inside, totals = counts[self.members], counts[self.parents]
        own = totals - np.add.reduceat(inside, self.starts)
        unseen = totals - np.add.reduceat(np.where(hide[:, np.newaxis], 0.0, inside), self.starts)
        unknown = np.add.reduceat(hide.astype(np.int64), self.starts)
        exposed = _exposed(own, unseen, unknown, minimum)
        failed = np.zeros(len(exposed), dtype=bool)
        if not exposed.any():
            return failed
        waiting = self._smallest_first(inside, exposed[self.families] & ~hide)
        every, waiting_families = np.arange(len(exposed)), self.families[waiting]
        upcoming = np.searchsorted(waiting_families, every, side="left")
        end = np.searchsorted(waiting_families, every, side="right")
        while exposed.any():
            failed |= exposed & (upcoming == end)
            some = np.flatnonzero(exposed & ~failed)
            chosen = waiting[upcoming[some]]
            hide[chosen] = True
            unseen[some] += inside[chosen]
            unknown[some] += 1
            upcoming[some] += 1
            exposed[:] = False
            exposed[some] = _exposed(own[some], unseen[some], unknown[some], minimum)
        return failed

    def _smallest_first(self, inside: Counts, which: Flags) -> Places:
        """The chosen members (by their place in ``members``) family by family, the smallest first."""
        some = np.flatnonzero(which)
        return some[np.lexsort((inside[some].sum(axis=1), self.families[some]))]


def _level(parents: Places, members: Places) -> _Level:
    members = members[np.argsort(parents[members], kind="stable")]
    totals, starts, sizes = np.unique(parents[members], return_index=True, return_counts=True)
    return _Level(totals, members, np.repeat(np.arange(len(totals)), sizes), starts)


def _exposed(own: Counts, unseen: Counts, hidden: Places, minimum: int) -> Flags:
    """Of which families a small number follows from the total and the visible members in any part of time.

    What the total has besides its members is a hidden member wherever it isn't nothing.
    """
    some = (own > 0) & (own < minimum)
    more = (unseen < minimum) | (hidden[:, np.newaxis] + (own > 0) < FEWEST_UNKNOWN)
    return np.asarray(np.where(hidden[:, np.newaxis] == 0, some, more).any(axis=1))
