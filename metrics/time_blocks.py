"""Parts of time that overlap, and so can be subtracted from each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from metrics.period import Period


@dataclass(frozen=True)
class Block:
    """Parts that overlap, directly or through others.

    ``outer`` holds all the others, ``inner``; it is None where no part does. ``leaves`` are inner parts that
    hold no other, empty if they overlap.
    """

    outer: Period | None
    inner: tuple[Period, ...]

    @property
    def leaves(self) -> tuple[Period, ...]:
        """The inner parts that hold no other part, in order; none if they overlap."""
        found = sorted(
            part for part in self.inner if not any(other != part and _holds(part, other) for other in self.inner)
        )
        apart = all(first.end <= second.start for first, second in pairwise(found))
        return tuple(found) if apart else ()


def blocks(parts: Sequence[Period]) -> tuple[Block, ...]:
    """The parts, each in the block with all that it overlaps."""
    connected: list[list[Period]] = []
    end = None
    for part in sorted(parts):
        if end is None or part.start >= end:
            connected.append([])
            end = part.end
        connected[-1].append(part)
        end = max(end, part.end)
    return tuple(_block(each) for each in connected)


def _block(parts: Sequence[Period]) -> Block:
    outer = next((part for part in parts if all(_holds(part, other) for other in parts)), None)
    return Block(outer, tuple(part for part in parts if part != outer))


def _holds(part: Period, other: Period) -> bool:
    return part.start <= other.start and other.end <= part.end
