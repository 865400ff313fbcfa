"""The cases in blocks of days, each drawn by itself, so that ten million need no more memory than a few."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sample_data.chance import Flags, Floats, Instants, stream
from sample_data.rhythm import day_weights
from sample_data.world import World

CASES_A_BLOCK = 100_000
"""A company with no more cases than this is one block. Another number here makes other large companies."""


@dataclass(frozen=True, eq=False)
class Block:
    """The ``size`` cases received on a run of days; ``weights`` is how much comes in on each, relatively."""

    world: World
    number: int
    days: Instants
    weights: Floats
    size: int

    def stream(self, topic: str) -> np.random.Generator:
        """The block's own generator of a topic."""
        return stream(self.world.seed, topic, self.number)

    def holds(self, days: Instants) -> Flags:
        """Which of the days are the block's."""
        return np.asarray((days >= self.days[0]) & (days <= self.days[-1]))


def blocks(world: World, size: int) -> list[Block]:
    """The blocks in order of time; together they hold ``size`` cases and all days told."""
    days = np.arange(np.datetime64(world.dates.first_day), np.datetime64(world.dates.until)).astype("datetime64[s]")
    weights = day_weights(world.clock, days)
    edges = _edges(weights, -(-size // CASES_A_BLOCK))
    expected = np.add.reduceat(weights, edges[:-1])
    sizes = world.stream("blocks").multinomial(size, expected / expected.sum())
    return [
        Block(world, number, days[start:end], weights[start:end], int(sizes[number]))
        for number, (start, end) in enumerate(pairwise(edges))
    ]


def _edges(weights: Floats, count: int) -> np.ndarray:
    """The places of the days at which blocks of about equal weight begin, and the end."""
    reached = np.cumsum(weights)
    cuts = np.searchsorted(reached, reached[-1] * np.arange(1, count) / count)
    return np.unique([0, *cuts, len(weights)])
