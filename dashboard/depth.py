"""How far down the units must be counted to know what of some of them is hidden.

A unit is hidden because it is small, because it protects one beside it, or because what is below it can't be
protected without it. Two members or more always can be: with all of them hidden nothing of them follows. So
what is below the units asked for needs no counting, except below a unit that may have a single member. And of
units that stand under one branch, those under the other branches needn't be counted either.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from data_access.hierarchy import Hierarchy
from data_access.roster import KINDS_DOWN_TO, NOWHERE, Flags, Places, Roster, finest_of
from metrics.counts import BRANCH, COMPANY, TEAM
from metrics.definition import Indicator
from metrics.period import Period
from metrics.result import Group
from metrics.unit_tree import FEWEST_UNKNOWN


@dataclass(frozen=True, eq=False)
class Depth:
    """Which units are counted one by one: all down to the finest kind, and everything under one unit (``below``)."""

    finest: str
    roster: Roster
    below: str | None = None


def needed_depth(
    hierarchy: Hierarchy,
    indicators: Sequence[Indicator],
    together: Sequence[Sequence[Period]],
    groups: Sequence[Group],
) -> Depth:
    """The units that must be counted to know what is hidden of the groups.

    ``together`` are the parts that are decided together. Raises KeyError for a group that is no unit of the hierarchy.
    """
    roster = hierarchy.roster
    asked = finest_of(roster.kinds[roster.places[group.unit_id]] for group in groups)
    needs = _Needs([roster.of_kinds(one.unit_kinds) for one in indicators], roster, together)
    below = _unit_above(hierarchy, groups, together) if asked == TEAM else None
    if below is not None:
        units = roster.of_kinds(KINDS_DOWN_TO[BRANCH]) | _standing_below(roster, below, _last_day(together[-1]))
        if needs.are_met_by(units):
            return Depth(BRANCH, roster.only(units), below)
    kinds = list(KINDS_DOWN_TO)[list(KINDS_DOWN_TO).index(asked) :]
    finest = next((kind for kind in kinds if needs.are_met_by(roster.of_kinds(KINDS_DOWN_TO[kind]))), TEAM)
    return Depth(finest, roster.down_to(finest))


@dataclass(frozen=True, eq=False)
class _Needs:
    """What must be counted of the units for which indicators have a meaning, in parts that are decided together."""

    judged: Sequence[Flags]
    roster: Roster
    together: Sequence[Sequence[Period]]

    def are_met_by(self, units: Flags) -> bool:
        """Whether nothing besides these units changes what is hidden of them."""
        return all(
            self._are_enough(some & units, some & ~units, parts) for some in self.judged for parts in self.together
        )

    def _are_enough(self, counted: Flags, left: Flags, parts: Sequence[Period]) -> bool:
        """Units that aren't counted must stand together, two or more below a unit that is.

        Others might be members too by their cases, though they didn't exist.
        """
        parents = self.roster.parents(_last_day(parts))
        there = self.roster.there(min(part.start for part in parts), max(part.end for part in parts))
        above_left = _members(parents, left) > 0
        alone = above_left & (_members(parents, left & there) < FEWEST_UNKNOWN)
        mixed = above_left & (_members(parents, counted) > 0)
        below_left = (parents != NOWHERE) & left[parents]
        return not (counted & (alone | mixed | below_left)).any()


def _members(parents: Places, which: Flags) -> Places:
    """How many of the units stand directly under each unit."""
    above = parents[which]
    return np.bincount(above[above != NOWHERE], minlength=len(parents))


def _unit_above(hierarchy: Hierarchy, groups: Iterable[Group], together: Sequence[Sequence[Period]]) -> str | None:
    """The one branch or department over all finer groups, if no unit comes to it or leaves it in the parts."""
    day = _last_day(together[-1])
    finer = (group.unit_id for group in groups if hierarchy.units[group.unit_id].kind not in KINDS_DOWN_TO[BRANCH])
    found = {_nearest(hierarchy, unit_id, day) for unit_id in finer}
    if len(found) != 1:
        return None
    (above,) = found
    parts = tuple(part for parts in together for part in parts)
    if above is None or hierarchy.units[above].kind == COMPANY or hierarchy.membership(above, parts).sometimes:
        return None
    return above


def _nearest(hierarchy: Hierarchy, unit_id: str, day: date) -> str | None:
    """The nearest unit above that isn't finer than a branch."""
    path = reversed(hierarchy.path(unit_id, day))
    return next((unit.id for unit in path if unit.kind in KINDS_DOWN_TO[BRANCH]), None)


def _standing_below(roster: Roster, unit_id: str, day: date) -> Flags:
    """The finer units that stand under a unit that day, with none between that isn't as fine."""
    parents, finer = roster.parents(day), ~roster.of_kinds(KINDS_DOWN_TO[BRANCH])
    reached = np.zeros(len(parents) + 1, dtype=bool)  # the last one stands for NOWHERE
    reached[roster.places[unit_id]] = True
    below = finer & reached[parents]
    while (below & ~reached[:-1]).any():
        reached[:-1] |= below
        below = finer & reached[parents]
    return below


def _last_day(parts: Sequence[Period]) -> date:
    return max(part.end for part in parts) - timedelta(days=1)
