"""The vocabulary: every code of the shared database with its names in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from metrics.problem import Problem, raise_if_any
from metrics.toml_table import TomlTable, read_toml

BUILT_IN = Path(__file__).parent / "vocabulary.toml"

OPEN_SECTIONS = ("channels", "categories", "networks", "duty_kinds", "activity_kinds")
"""A company's file puts its own list in place of such a section."""

ADDED_SECTIONS = ("refused_channels",)
"""A company's file can only add to such a section."""

CLOSED_SECTIONS = (
    "grades",
    "tracks",
    "outcomes",
    "exclusions",
    "rating_sources",
    "event_kinds",
    "unit_kinds",
    "functions",
    "platforms",
    "levels",
    "frequencies",
    "age_bands",
    "families",
)
"""The program knows these codes; a company's file can only rename them."""

SECTIONS = (*OPEN_SECTIONS, *ADDED_SECTIONS, *CLOSED_SECTIONS)

SECTION_OF_DIMENSION = {
    "grade": "grades",
    "track": "tracks",
    "channel": "channels",
    "category": "categories",
    "rating_source": "rating_sources",
    "age_band": "age_bands",
    "duty_kind": "duty_kinds",
    "activity_kind": "activity_kinds",
    "level": "levels",
}
"""Where the codes of a dimension are; ``decided_by`` holds post codes of the company's own."""


@dataclass(frozen=True)
class Word:
    """A code with its names, and other spellings under which it arrives in files."""

    code: str
    zh: str
    en: str
    also: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """The name in a language (``zh``, otherwise English)."""
        return self.zh if language == "zh" else self.en

    @property
    def spellings(self) -> tuple[str, ...]:
        """Everything that means this word."""
        return (self.code, self.zh, self.en, *self.also)


@dataclass(frozen=True)
class Vocabulary:
    """The words of each section, in the order of the file."""

    sections: tuple[tuple[str, tuple[Word, ...]], ...]

    def words(self, section: str) -> tuple[Word, ...]:
        """The words of a section; raises KeyError for an unknown one."""
        return dict(self.sections)[section]

    def codes(self, section: str) -> tuple[str, ...]:
        """The codes of a section, in order."""
        return tuple(word.code for word in self.words(section))

    def name(self, section: str, code: str, language: str) -> str:
        """The code's name in a language; the code itself where the section doesn't know it."""
        return next((word.name(language) for word in self.words(section) if word.code == code), code)

    def find(self, section: str, text: str) -> str | None:
        """The code that a text means: a code, a name in either language or another spelling, in any case."""
        wanted = text.strip().casefold()
        return next(
            (word.code for word in self.words(section) if wanted in [each.casefold() for each in word.spellings]), None
        )


def load(path: Path | None) -> Vocabulary:
    """The built-in vocabulary, changed by a company's own file where there is one.

    Its open sections replace the built-in ones whole, its refused channels are added, and its closed
    sections rename codes. Raises DefinitionError with every problem of the files.
    """
    problems: list[Problem] = []
    sections = _sections(BUILT_IN, problems)
    if path is not None:
        own = _sections(path, problems)
        problems += _unknown_codes(path, sections, own)
        sections = {name: _changed(name, words, own.get(name, ())) for name, words in sections.items()}
    raise_if_any(problems)
    return Vocabulary(tuple((name, sections[name]) for name in SECTIONS))


def _sections(path: Path, problems: list[Problem]) -> dict[str, tuple[Word, ...]]:
    table = read_toml(path, problems)
    if table is None:
        return {}
    sections = {name: _words(table.table(name)) for name in SECTIONS if name in table}
    table.finish()
    return sections


def _words(table: TomlTable) -> tuple[Word, ...]:
    words = tuple(_word(code, table.table(code)) for code in table)
    seen: dict[str, str] = {}
    for word in words:
        for spelling in {each.casefold() for each in word.spellings}:
            if seen.setdefault(spelling, word.code) != word.code:
                table.problem(word.code, f"{spelling!r} already means {seen[spelling]!r}")
    return words


def _word(code: str, table: TomlTable) -> Word:
    also = tuple(str(each) for each in table.entries("also", []))
    word = Word(code, table.text("zh"), table.text("en"), also)
    table.finish()
    return word


def _changed(name: str, words: tuple[Word, ...], own: tuple[Word, ...]) -> tuple[Word, ...]:
    if name in OPEN_SECTIONS:
        return own or words
    mine = {word.code: word for word in own}
    return tuple({**{word.code: word for word in words}, **mine}.values())


def _unknown_codes(
    path: Path, sections: Mapping[str, tuple[Word, ...]], own: Mapping[str, tuple[Word, ...]]
) -> list[Problem]:
    known = {name: {word.code for word in words} for name, words in sections.items()}
    return [
        Problem(str(path), f"{name}.{word.code}", "the program doesn't know this code; it can only be renamed")
        for name in CLOSED_SECTIONS
        for word in own.get(name, ())
        if word.code not in known.get(name, set())
    ]
