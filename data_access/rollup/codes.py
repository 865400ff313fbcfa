"""Codes of cases as numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from data_access.rollup.rows import Array, Values

TOGETHER = (
    ("track", "channel", "category", "grade"),
    ("outcome", "resolved_level", "exclusion", "rating_source"),
)
"""Codes that are read as one text: of four there are some hundred different ones, so that few are taken apart."""

WORDS = tuple(name for names in TOGETHER for name in names)
SEPARATOR, MISSING = "\x1f", "\x1e"
"""Control characters that no code holds: one between codes, and one for none."""


@dataclass(frozen=True, eq=False)
class Codes:
    """Texts numbered as they come; the same text keeps its number."""

    words: dict[str, int] = field(default_factory=dict)

    def number(self, word: str) -> int:
        """The number of a text; a new one for a new text."""
        return self.words.setdefault(word, len(self.words))

    def values(self, texts: Sequence[str], places: Array) -> Values:
        """The numbers of the texts at the places; NULL where there is none."""
        missing = np.array([text == MISSING for text in texts], dtype=bool)
        numbers = np.array([0 if text == MISSING else self.number(text) for text in texts], dtype=np.int32)
        # Others may add texts while these values are looked at.
        return Values(numbers.take(places), missing.take(places) if missing.any() else None, dict(self.words))
