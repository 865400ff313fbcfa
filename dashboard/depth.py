"""How far down the units must be counted to know what of some of them is hidden.

A unit is hidden because it is small, because it protects one beside it, or because what is below it can't be
protected without it. Two members or more always can be: with all of them hidden nothing of them follows. So
what is below the units asked for needs no counting, except below a unit that may have a single member.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

import numpy as np

from data_access.roster import KINDS_DOWN_TO, NOWHERE, Flags, Places, Roster
from metrics.counts import TEAM
from metrics.definition import Indicator
from metrics.period import Period
from metrics.unit_tree import FEWEST_UNKNOWN


def needed_depth(
    roster: Roster, indicators: Iterable[Indicator], together: Sequence[Sequence[Period]], asked: str
) -> str:
    """The kind down to which every unit must be counted to know what is hidden of units of the kind asked for.

    ``together`` are the parts that are decided together.
    """
    judged = [roster.of_kinds(indicator.unit_kinds) for indicator in indicators]
    deeper = (kind for kind in list(KINDS_DOWN_TO)[list(KINDS_DOWN_TO).index(asked) :])
    return next(
        (
            kind
            for kind in deeper
            if all(_is_enough(roster, some, KINDS_DOWN_TO[kind], parts) for some in judged for parts in together)
        ),
        TEAM,
    )


def _is_enough(roster: Roster, judged: Flags, kinds: Iterable[str], parts: Sequence[Period]) -> bool:
    """Whether nothing below the kinds changes what is hidden of them.

    Units that aren't counted must stand together, two or more below a unit that is; others might be members too
    by their cases, though they didn't exist.
    """
    counted = judged & roster.of_kinds(kinds)
    left = judged & ~counted
    parents = roster.parents(max(part.end for part in parts) - timedelta(days=1))
    there = roster.there(min(part.start for part in parts), max(part.end for part in parts))
    above_left = _members(parents, left) > 0
    alone = above_left & (_members(parents, left & there) < FEWEST_UNKNOWN)
    mixed = above_left & (_members(parents, counted) > 0)
    below_left = (parents != NOWHERE) & left[parents]
    return not (counted & (alone | mixed | below_left)).any()


def _members(parents: Places, which: Flags) -> Places:
    """How many of the units stand directly under each unit."""
    above = parents[which]
    return np.bincount(above[above != NOWHERE], minlength=len(parents))
