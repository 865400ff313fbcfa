"""Problems found in the company's files: each located, all reported at once."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """Something wrong in a file: where it is and what would be right."""

    file: str
    key: str
    message: str

    def __str__(self) -> str:
        """One line: file, key, message."""
        place = f"{self.file}: {self.key}" if self.key else self.file
        return f"{place}: {self.message}"


class DefinitionError(ValueError):
    """Files that can't be used; the message lists every problem of every file, one a line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def raise_if_any(problems: Iterable[Problem]) -> None:
    """Nothing, if there is no problem; otherwise raises DefinitionError with all of them."""
    found = tuple(problems)
    if found:
        raise DefinitionError(found)
