"""The registry: every indicator, read from its file, checked, in the order in which readers see them."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from metrics import vocabulary as vocabulary_module
from metrics.definition import FAMILIES, Indicator
from metrics.definition_file import read_indicator
from metrics.problem import Problem, raise_if_any
from metrics.toml_table import read_toml
from metrics.vocabulary import Vocabulary

BUILT_IN = Path(__file__).parent / "definitions"


class Registry:
    """All indicators, ordered by family and order. Iterates over them; ``registry["id"]`` is one."""

    def __init__(self, indicators: Sequence[Indicator]) -> None:
        ordered = sorted(indicators, key=lambda each: (FAMILIES.index(each.family), each.order, each.id))
        self._indicators = {each.id: each for each in ordered}

    def __iter__(self) -> Iterator[Indicator]:
        """The indicators in order."""
        return iter(self._indicators.values())

    def __len__(self) -> int:
        """How many there are."""
        return len(self._indicators)

    def __contains__(self, indicator_id: object) -> bool:
        """Whether there is an indicator with the id."""
        return indicator_id in self._indicators

    def __getitem__(self, indicator_id: str) -> Indicator:
        """The indicator with the id; raises KeyError if there is none."""
        return self._indicators[indicator_id]

    def get(self, indicator_id: str) -> Indicator | None:
        """The indicator with the id, or None."""
        return self._indicators.get(indicator_id)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids in order."""
        return tuple(self._indicators)

    def headlines(self) -> tuple[Indicator, ...]:
        """The indicators of the overview's tiles, in order."""
        return tuple(each for each in self if each.headline)

    def families(self) -> tuple[tuple[str, tuple[Indicator, ...]], ...]:
        """The families that have indicators, with them, in order."""
        present = {each.family for each in self}
        return tuple(
            (family, tuple(each for each in self if each.family == family)) for family in FAMILIES if family in present
        )

    @property
    def hash(self) -> str:
        """SHA-256 over all definitions: the same for the same definitions, whatever file order or machine."""
        return hashlib.sha256("\n".join(repr(each) for each in self).encode()).hexdigest()


def load(folder: Path | None, vocabulary: Vocabulary | None = None) -> Registry:
    """The built-in indicators, with a company's own files added or put in place of those of the same id.

    ``folder`` holds the company's files. ``vocabulary`` holds the codes that ``where`` may name; it is the
    built-in one where left out. Raises DefinitionError with all problems of all files.
    """
    problems: list[Problem] = []
    words = vocabulary or vocabulary_module.load(None)
    indicators: dict[str, Indicator] = {}
    paths = _files(BUILT_IN, problems) + (_files(folder, problems) if folder else [])
    ids = tuple(dict.fromkeys(path.stem for path in paths))
    for path in paths:
        table = read_toml(path, problems)
        indicator = read_indicator(table, words, ids) if table else None
        if indicator:
            indicators[indicator.id] = indicator
    raise_if_any(problems)
    return Registry(tuple(indicators.values()))


def _files(folder: Path, problems: list[Problem]) -> list[Path]:
    if not folder.is_dir():
        problems.append(Problem(str(folder), "", "is not a folder"))
        return []
    return sorted(folder.glob("*.toml"))
