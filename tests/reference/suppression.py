"""Suppression by Results, one by one: slow and plain, to compare ``metrics.suppression`` with.

The cells of an indicator form a table: units in a tree, parts of time. A total and its visible members give
the sum of the hidden ones away, and what a unit has itself besides the units below it is a member too, never
shown. So under each visible total the hidden members must be at least two and at least ten cases together.
Parts of time inside a longer shown one (the months of a quarter) are shown all together or not at all for a
unit: then each hidden cell is one unknown of several in both directions.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from metrics.counts import COMPANY, MINIMUM_PROTECTED_CELL
from metrics.definition import Indicator
from metrics.period import Period
from metrics.result import Group, Reason, Result, Status
from metrics.time_blocks import Block, blocks
from tests.reference.unit_tree import UnitTree

Counts = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Cells = frozenset[tuple[str, Period]]
"""Cells by unit id and part."""

NO_CELLS: Cells = frozenset()

Cases = Mapping[tuple[str, Period], float]
"""How many cases there are, by unit id and part."""


def suppress(
    indicator: Indicator,
    results: Sequence[Result],
    time_zone: ZoneInfo,
    supervises: bool = False,
    telling: Cells = NO_CELLS,
    rests: Sequence[Cases] = (),
) -> list[Result]:
    """The same Results in the same order, those that must not be shown without value and counts.

    ``results`` are those of ``compute`` for one indicator. They must hold every unit of the company (its total
    included) and every part of time that is shown together: what isn't there can't be kept from being
    derived. Filter for display afterwards. ``telling`` are cells that, with others that are not among the
    results, would tell of a small one; they are hidden and protected like small ones. ``rests`` are cases that
    follow where a cell is visible (those a filter leaves out, say); they are protected as the cells are.
    Viewers who don't supervise see whole closed months only.
    A part in which the whole company has no case stays "no data": nobody is in it.
    """
    if not indicator.protected:
        return list(results)
    table = _table(indicator, results, rests)
    reasons = {
        part: Reason.OPEN_PERIOD for part in table.parts if not (supervises or _closed(part, results, time_zone))
    }
    closed = [part for part in table.parts if part not in reasons]
    hidden = _hidden(table, closed, telling)
    return [_shown(result, table, reasons, hidden) for result in results]


@dataclass(frozen=True, eq=False)
class _Table:
    """The case counts of the cells: one row per unit, one column per part that has any data; rests likewise."""

    units: dict[str, int]
    tree: UnitTree
    parts: list[Period]
    counts: Counts
    rests: tuple[Counts, ...]

    def count(self, unit_id: str, part: Period) -> float:
        """The cases in a cell."""
        return float(self.counts[self.units[unit_id], self.parts.index(part)])

    def of(self, parts: Sequence[Period]) -> Counts:
        """The counts of the parts, and the rests of them that hold any case."""
        rests = (rest[:, self._columns(parts)] for rest in self.rests)
        return np.column_stack([self.counts_of(parts), *(rest[:, rest.any(axis=0)] for rest in rests)])

    def counts_of(self, parts: Sequence[Period]) -> Counts:
        """The counts of the parts alone."""
        return self.counts[:, self._columns(parts)]

    def _columns(self, parts: Sequence[Period]) -> list[int]:
        return [self.parts.index(part) for part in parts]

    def flags(self, cells: Cells, parts: Sequence[Period]) -> Flags:
        """Which units have one of the cells in one of the parts."""
        return np.array([any((unit_id, part) in cells for part in parts) for unit_id in self.units], dtype=bool)


def _table(indicator: Indicator, results: Sequence[Result], rests: Sequence[Cases]) -> _Table:
    judged = [result for result in results if result.reason is not Reason.NOT_FOR_KIND]
    groups = sorted({result.group for result in judged}, key=lambda group: group.unit_id)
    parts = sorted({result.period for result in judged} - _parts_without_anybody(judged))
    units = {group.unit_id: place for place, group in enumerate(groups)}
    cases = {(result.group.unit_id, result.period): cases_behind(indicator, result) for result in judged}
    return _Table(
        units,
        _tree(groups, units),
        parts,
        _grid(cases, units, parts),
        tuple(_grid(rest, units, parts) for rest in rests),
    )


def _grid(cases: Cases, units: Iterable[str], parts: Sequence[Period]) -> Counts:
    """One row per unit, one column per part; a cell without cases holds 0."""
    return np.array([[cases.get((unit_id, part), 0.0) for part in parts] for unit_id in units], dtype=float)


def _parts_without_anybody(judged: Sequence[Result]) -> set[Period]:
    """The parts in which a whole company has no data."""
    empty = {result.period for result in judged if result.group.kind == COMPANY and result.status is Status.NO_DATA}
    return empty - {result.period for result in judged if result.status is not Status.NO_DATA}


def cases_behind(indicator: Indicator, result: Result) -> float:
    """The persons behind a figure: its cases; for a rate per head, cases or heads, whichever are fewer."""
    denominator = result.denominator or 0.0
    if indicator.numerator_fact is indicator.denominator_fact:
        return denominator
    numerator = result.numerator or 0.0
    return min(numerator, denominator) if denominator < MINIMUM_PROTECTED_CELL else numerator


def _tree(groups: Sequence[Group], units: dict[str, int]) -> UnitTree:
    return UnitTree(tuple(units.get(group.parent_id or "", -1) for group in groups))


def _closed(part: Period, results: Sequence[Result], time_zone: ZoneInfo) -> bool:
    return part.whole_months() and part.ends_at(time_zone) <= results[0].as_of


def _hidden(table: _Table, closed: Sequence[Period], telling: Cells) -> dict[Period, Flags]:
    """For each part, which units are hidden."""
    hidden: dict[Period, Flags] = {}
    for block in blocks(closed):
        outer = np.zeros(len(table.units), dtype=bool)
        if block.outer is not None:
            told = table.flags(telling, [block.outer])
            outer = hidden[block.outer] = _layer(table, table.of([block.outer]), told)
        if block.inner:
            told = outer | table.flags(telling, block.inner)
            hidden |= dict.fromkeys(block.inner, _layer(table, _inner_counts(table, block), told))
    return hidden


def _inner_counts(table: _Table, block: Block) -> Counts:
    """The counts of the parts inside a block, with what of the longer part they leave over."""
    counts = table.of(block.inner)
    if block.outer is None or not block.leaves:
        return counts
    over = table.counts_of([block.outer])[:, 0] - table.counts_of(block.leaves).sum(axis=1)
    return np.column_stack([counts, over]) if over.any() else counts


def _layer(table: _Table, counts: Counts, already: Flags) -> Flags:
    """The units to hide in parts that are shown together; ``already`` are hidden for another reason."""
    return table.tree.hidden(counts, already | (counts < MINIMUM_PROTECTED_CELL).any(axis=1), MINIMUM_PROTECTED_CELL)


def _shown(result: Result, table: _Table, reasons: dict[Period, Reason], hidden: dict[Period, Flags]) -> Result:
    if result.reason is Reason.NOT_FOR_KIND or result.period not in table.parts:
        return result
    reason = reasons.get(result.period)
    if reason is None and hidden[result.period][table.units[result.group.unit_id]]:
        small = table.count(result.group.unit_id, result.period) < MINIMUM_PROTECTED_CELL
        reason = Reason.SMALL_CELL if small else Reason.SUBTRACTION
    return result if reason is None else _emptied(result, reason)


def _emptied(result: Result, reason: Reason) -> Result:
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
