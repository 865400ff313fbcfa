"""Suppression: protected figures with few cases behind them, and what would follow from others by subtraction.

The cells of an indicator form a table: units in a tree, parts of time. A total and its visible members give
the sum of the hidden ones away, and what a unit has itself besides the units below it is a member too, never
shown. So under each visible total the hidden members must be at least two and at least ten cases together.
Parts of time inside a longer shown one (the months of a quarter) are shown all together or not at all for a
unit: then each hidden cell is one unknown of several in both directions.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from metrics.counts import MINIMUM_PROTECTED_CELL
from metrics.period import Period
from metrics.result import Reason, Result, Status
from metrics.time_blocks import Block, blocks
from metrics.unit_tree import UnitTree

Counts = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int8]

REASONS = (Reason.NONE, Reason.OPEN_PERIOD, Reason.SMALL_CELL, Reason.SUBTRACTION)
"""Why a cell is hidden, by its code; the first isn't hidden."""

SHOWN, OPEN_PERIOD, SMALL_CELL, SUBTRACTION = range(len(REASONS))


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of one indicator: one row per unit of the tree, one column per part.

    ``counts`` are the cases behind the figures, ``empty`` the cells without data, ``companies`` the units that
    are a whole company. ``rests`` are cases that follow where a cell is visible (those a filter leaves out,
    say); they are protected as the cells are. ``telling`` are cells that, with others that are not among these,
    would tell of a small one; they are hidden and protected like small ones.
    """

    tree: UnitTree
    parts: tuple[Period, ...]
    companies: Flags
    counts: Counts
    empty: Flags
    telling: Flags
    rests: tuple[Counts, ...] = ()

    def of(self, parts: Sequence[Period]) -> Counts:
        """The counts of the parts, and the rests of them that hold any case."""
        rests = (rest[:, self._columns(parts)] for rest in self.rests)
        return np.column_stack([self.counts_of(parts), *(rest[:, rest.any(axis=0)] for rest in rests)])

    def counts_of(self, parts: Sequence[Period]) -> Counts:
        """The counts of the parts alone."""
        return self.counts[:, self._columns(parts)]

    def told(self, parts: Sequence[Period]) -> Flags:
        """The units of which a cell of the parts is telling."""
        return np.asarray(self.telling[:, self._columns(parts)].any(axis=1))

    def without_anybody(self, part: Period) -> bool:
        """Whether a whole company has no data in the part, and no other unit has."""
        empty = self.empty[:, self.parts.index(part)]
        return bool(empty[self.companies].any() and empty.all())

    def _columns(self, parts: Sequence[Period]) -> list[int]:
        return [self.parts.index(part) for part in parts]


def suppressed(cells: Cells, closed: Sequence[Period]) -> Codes:
    """Why each cell is hidden, as a code of REASONS: one row per unit, one column per part.

    The units must be all those of the company (its total included) and the parts all that are shown together:
    what isn't there can't be kept from being derived. Parts that aren't ``closed`` are hidden as a whole. A part
    in which the whole company has no case stays "no data": nobody is in it.
    """
    codes = np.zeros(cells.counts.shape, dtype=np.int8)
    known = [part for part in cells.parts if not cells.without_anybody(part)]
    for part in set(known) - set(closed):
        codes[:, cells.parts.index(part)] = OPEN_PERIOD
    for part, hidden in _hidden(cells, [part for part in known if part in closed]).items():
        column = cells.parts.index(part)
        small = cells.counts[:, column] < MINIMUM_PROTECTED_CELL
        codes[hidden, column] = np.where(small, SMALL_CELL, SUBTRACTION)[hidden]
    return codes


def _hidden(cells: Cells, closed: Sequence[Period]) -> dict[Period, Flags]:
    """For each part, which units are hidden."""
    hidden: dict[Period, Flags] = {}
    for block in blocks(closed):
        outer = np.zeros(len(cells.counts), dtype=bool)
        if block.outer is not None:
            outer = hidden[block.outer] = _layer(cells, cells.of([block.outer]), cells.told([block.outer]))
        if block.inner:
            told = outer | cells.told(block.inner)
            hidden |= dict.fromkeys(block.inner, _layer(cells, _inner_counts(cells, block), told))
    return hidden


def _inner_counts(cells: Cells, block: Block) -> Counts:
    """The counts of the parts inside a block, with what of the longer part they leave over."""
    counts = cells.of(block.inner)
    if block.outer is None or not block.leaves:
        return counts
    over = cells.counts_of([block.outer])[:, 0] - cells.counts_of(block.leaves).sum(axis=1)
    return np.column_stack([counts, over]) if over.any() else counts


def _layer(cells: Cells, counts: Counts, already: Flags) -> Flags:
    """The units to hide in parts that are shown together; ``already`` are hidden for another reason."""
    small = already | (counts < MINIMUM_PROTECTED_CELL).any(axis=1)
    return cells.tree.hidden(counts, small, MINIMUM_PROTECTED_CELL)


def hide(result: Result, reason: Reason) -> Result:
    """The result without anything that the cases behind it could be learned from."""
    return replace(
        result,
        status=Status.HIDDEN,
        reason=reason,
        value=None,
        numerator=None,
        denominator=None,
        low=None,
        high=None,
        at_least=None,
        tone=None,
        gap=None,
        beside=(),
    )
