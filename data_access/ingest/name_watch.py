"""A watch on columns of codes and posts that turn out to hold persons' names."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from data_access.ingest.personal import looks_like_name

MINIMUM_NAMES = 3
SHARE_OF_NAMES = 0.6
MAXIMUM_WATCHED = 500


@dataclass
class NameWatch:
    """The distinct texts of each watched column, up to a limit."""

    texts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def look(self, name: str, values: Sequence[object]) -> None:
        """Take note of a column's texts."""
        seen = self.texts[name]
        if len(seen) < MAXIMUM_WATCHED:
            seen.update(value for value in set(values) if isinstance(value, str) and not value.isascii())

    def columns_of_names(self) -> list[str]:
        """The columns most of whose texts are written like persons' names."""
        return [name for name, texts in self.texts.items() if _are_names(texts)]


def _are_names(texts: set[str]) -> bool:
    names = sum(looks_like_name(text) for text in texts)
    return names >= MINIMUM_NAMES and names >= SHARE_OF_NAMES * len(texts)
