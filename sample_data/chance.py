"""Seeded chance: one independent stream per topic, so that a change in one leaves the others alone."""

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Instants = npt.NDArray[np.datetime64]
"""Local wall-clock times in whole seconds, without zone; NaT where there is none."""
Texts = npt.NDArray[np.object_]
"""Text or None."""


def stream(seed: int, topic: str, block: int = 0) -> np.random.Generator:
    """The generator of a topic; the same seed, topic and number of a block always give the same numbers."""
    key = [seed, zlib.crc32(topic.encode())]
    return np.random.default_rng([*key, block] if block else key)


def pick(generator: np.random.Generator, shares: dict[str, float], size: int) -> Texts:
    """``size`` of the keys, drawn by their shares (which need not add up to one)."""
    weights = np.array(list(shares.values()))
    chosen = generator.choice(len(weights), size=size, p=weights / weights.sum())
    return as_texts(list(shares))[chosen]


def as_texts(values: Sequence[str | None]) -> Texts:
    """The values as an array of objects."""
    return np.array(values, dtype=object)


def add_hours(times: Instants, values: Floats) -> Instants:
    """The times so many hours later, in whole seconds."""
    spans = np.asarray(np.round(values * 3600), dtype="timedelta64[s]")
    return np.asarray(times + spans, dtype="datetime64[s]")


def keep(flags: Flags, values: Texts) -> Texts:
    """The values where the flag is set, None elsewhere."""
    kept = as_texts([None] * len(values))
    kept[flags] = values[flags]
    return kept


def no_instants(size: int) -> Instants:
    """``size`` times that never happened."""
    return np.full(size, np.datetime64("NaT", "s"))
