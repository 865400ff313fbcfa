"""Blocks: rows of counts in columns, packed into a few bytes.

Millions of rows of a rollup are some ten thousand blocks: each holds what the units under one branch, or all units
of a grain, count in one stretch of a month by one month of receipt. A block has columns of whole numbers: first the
keys that tell its rows apart, then the counts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np

from data_access.rollup.narrow import Columns, narrowed
from data_access.rollup.rows import Array
from data_access.rollup.sums import Sums
from data_access.rollup_tables import COUNTED_CASES
from metrics.counts import FACTS, Fact

UNIT, SLOT, VIEW = "unit", "slot", "view"
DURATION, OBSERVED, AGE_BAND = "duration", "observed", "age_band"


@dataclass(frozen=True, eq=False)
class BlockKind:
    """What the rows of a block are told apart by, and what they count.

    ``keys`` names the keys and the part of the sums' keys that each comes from: ``unit`` is the place of the unit
    among all ids in order (one more: nowhere), ``slot`` the number of the as-of time from which the row counts,
    ``view`` 0 for the scored view and 1 for what the full view has besides. Codes are numbers of ``case_words``.
    """

    name: str
    keys: Mapping[str, str]
    counts: tuple[str, ...]

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each column."""
        return {name: place for place, name in enumerate((*self.keys, *self.counts))}

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The keys that a question may ask for or restrict."""
        return tuple(name for name in self.keys if name not in (UNIT, SLOT, VIEW, DURATION, OBSERVED))


_ALWAYS = {UNIT: "unit", SLOT: "moment", VIEW: "view"}
_GRADED = {"grade": "first", "track": "second"}

BY_DATE = BlockKind(
    "by_date",
    {**_ALWAYS, **_GRADED, "rating_source": "third"},
    tuple(name for fact in COUNTED_CASES for name in FACTS[fact].counts),
)
BY_TOPIC = BlockKind(
    "by_topic", {**_ALWAYS, "channel": "first", "category": "second"}, FACTS[Fact.CASES_RECEIVED].counts
)
IN_DAYS, IN_MINUTES = (Fact.RESOLUTION_WORKING_DAYS,), (Fact.RESPONSE_MINUTES, Fact.RESOLUTION_MINUTES)
"""The facts that are durations, in working days and in minutes."""

_LASTING = {DURATION: "duration", OBSERVED: "observed"}
BY_DURATION: Mapping[Fact, BlockKind] = MappingProxyType(
    {
        **{fact: BlockKind(fact.value, {**_ALWAYS, **_GRADED, **_LASTING}, ("cases",)) for fact in IN_DAYS},
        **{fact: BlockKind(fact.value, {**_ALWAYS, "track": "third", **_LASTING}, ("cases",)) for fact in IN_MINUTES},
    }
)
"""Durations; those in minutes aren't told apart by grade, or there would be as many as there are cases."""

BY_THE_MINUTE = tuple(BY_DURATION[fact] for fact in IN_MINUTES)
"""The kinds whose ``duration``, where ``observed`` is 0, is the minute of the segment in which it began."""

OPEN = BlockKind("open", {**_ALWAYS, **_GRADED, AGE_BAND: "age"}, FACTS[Fact.OPEN_CASES].counts)

BLOCK_KINDS = (BY_DATE, BY_TOPIC, *BY_DURATION.values(), OPEN)


UNIT_GRAIN, BRANCH, COMPANY = "unit", "branch", "company"


@dataclass(frozen=True, eq=False)
class Block:
    """The rows of one anchor and day, both by their number."""

    anchor: int
    day: int
    columns: Columns


def cut(kind: BlockKind, sums: Sums, anchors: Array, days: Array) -> Iterator[Block]:
    """The sums in blocks; ``anchors`` and ``days`` are numbers that say to which block each row belongs."""
    if not len(sums.keys):
        return
    order = np.argsort(_block_numbers(anchors, days), kind="stable")
    columns = narrowed(_matrix(kind, sums)).take(order)
    anchors, days = anchors[order], days[order]
    starts = np.flatnonzero(np.r_[True, (np.diff(anchors) != 0) | (np.diff(days) != 0)])
    for first, end in zip(starts.tolist(), [*starts[1:].tolist(), len(order)], strict=True):
        yield Block(int(anchors[first]), int(days[first]), columns.part(first, end))


def _block_numbers(anchors: Array, days: Array) -> Array:
    """The number of each row's block, as small as it can be: short numbers are sorted in a tenth of the time."""
    numbers = anchors.astype(np.int64) * (int(days.max(initial=0)) + 1) + days
    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))


def _matrix(kind: BlockKind, sums: Sums) -> Array:
    matrix = np.empty((len(kind.places), len(sums.keys)), dtype=np.int32)
    for line, part in enumerate(kind.keys.values()):
        matrix[line] = sums.parts[part]
    matrix[len(kind.keys) :] = sums.counts.T
    return matrix
