"""The codes that a column may hold and how files may spell them, from the company's vocabulary."""

from dataclasses import dataclass

from data_access.ingest.personal import is_against_persons
from data_access.ingest.problems import Fault
from data_access.ingest.text import fold
from metrics.vocabulary import Vocabulary, Word

REFUSED_SECTION = "refused_channels"


@dataclass(frozen=True)
class CodeList:
    """The codes of a vocabulary's section, in order."""

    words: tuple[Word, ...]

    def spellings(self) -> dict[str, str]:
        """The code of every spelling, folded for comparison."""
        return {fold(spelling): word.code for word in self.words for spelling in word.spellings}

    def listing(self) -> tuple[str, ...]:
        """Each code with its Chinese name, for messages and lists of choices."""
        return tuple(word.code if word.code == word.zh else f"{word.zh} {word.code}" for word in self.words)


def code_list(vocabulary: Vocabulary, section: str) -> CodeList:
    """The section's codes; raises KeyError for an unknown section."""
    return CodeList(vocabulary.words(section))


@dataclass(frozen=True)
class Refusals:
    """The channels through which reports against persons come; their rows are never read further."""

    spellings: frozenset[str]

    def fault(self, text: str) -> Fault | None:
        """The reason to refuse a row for its channel or category; None if there is none."""
        if fold(text) in self.spellings or is_against_persons(text):
            return Fault("against_persons", secret=True)
        return None


def refusals(vocabulary: Vocabulary) -> Refusals:
    """What the vocabulary refuses."""
    return Refusals(frozenset(CodeList(vocabulary.words(REFUSED_SECTION)).spellings()))
