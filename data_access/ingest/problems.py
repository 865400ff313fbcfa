"""What is wrong with a file: each problem with its place, kept in bounded memory and counted exactly."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

MAXIMUM_PER_KIND = 100
"""How many problems of one kind in one column of one sheet are kept with their place; all are counted."""

MAXIMUM_KEPT = 2_000
"""How many problems of one level are kept with their place."""

MAXIMUM_VALUE_LENGTH = 60


class Level(StrEnum):
    """An error stops the file; a warning is written and counted; a note only tells what was done."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


FATAL = frozenset(
    {
        "no_header",
        "no_rows",
        "second_header",
        "repeated_header",
        "missing_column",
        "other_columns",
        "personal_header",
        "personal_column",
        "parents_in_circle",
    }
)
"""Errors that aren't a matter of single rows: the good rows of such a file can't be written either."""

Parameters = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Fault:
    """Why a cell can't be used: a message's code and parameters. ``secret`` values are never shown."""

    code: str
    parameters: Parameters = ()
    secret: bool = False


@dataclass(frozen=True)
class Problem:
    """One located problem.

    ``row`` counts from 1 as a spreadsheet does, None for a whole sheet or file. ``column`` is the header as
    the file spells it. ``value`` is the cell as text, None where it is blank or may not be repeated.
    """

    level: Level
    code: str
    sheet: str = ""
    row: int | None = None
    column: str | None = None
    value: str | None = None
    parameters: Parameters = ()


@dataclass(frozen=True)
class Kind:
    """What problems are counted by."""

    level: Level
    code: str
    sheet: str
    column: str | None


def _kind(problem: Problem) -> Kind:
    return Kind(problem.level, problem.code, problem.sheet, problem.column)


@dataclass
class ProblemLog:
    """Problems as they are found: exact counts by kind, and the first ones of each kind in full."""

    counts: Counter[Kind] = field(default_factory=Counter)
    kept: list[Problem] = field(default_factory=list)
    _kept_by_level: Counter[Level] = field(default_factory=Counter)

    def add(self, problem: Problem, times: int = 1) -> None:
        """Count the problem ``times`` times and keep it if it is among the first of its kind."""
        kind = _kind(problem)
        if self.counts[kind] < MAXIMUM_PER_KIND and self._kept_by_level[problem.level] < MAXIMUM_KEPT:
            self.kept.append(problem)
            self._kept_by_level[problem.level] += 1
        self.counts[kind] += times

    def add_rows(self, problem: Problem, rows: Sequence[int], values: Callable[[int], str | None]) -> None:
        """Count a problem of several rows and keep the first; ``values`` gives the cell of the nth of them."""
        room = max(0, MAXIMUM_PER_KIND - self.counts[_kind(problem)])
        for position, row in enumerate(rows[:room]):
            self.add(replace(problem, row=row, value=values(position)))
        if len(rows) > room:
            self.counts[_kind(problem)] += len(rows) - room

    def total(self, level: Level) -> int:
        """How many problems of a level there are, kept or not."""
        return sum(count for kind, count in self.counts.items() if kind.level is level)

    @property
    def fatal(self) -> bool:
        """Whether there is an error that isn't a matter of single rows."""
        return any(kind.code in FATAL for kind in self.counts)

    @property
    def failed(self) -> bool:
        """Whether there is an error."""
        return self.total(Level.ERROR) > 0

    def in_order(self) -> tuple[Problem, ...]:
        """The kept problems: whole files and sheets first, then by sheet, row and column."""
        places = {problem.sheet: index for index, problem in reversed(list(enumerate(self.kept)))}
        return tuple(sorted(self.kept, key=lambda problem: (places[problem.sheet], problem.row or 0)))


class UnreadableFile(Exception):  # noqa: N818 - a state of the file
    """The file, or what is left of it, can't be read; the problem says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def unreadable(code: str, sheet: str = "", row: int | None = None, **parameters: str) -> UnreadableFile:
    """The error that stops reading, with its message's code and parameters."""
    return UnreadableFile(Problem(Level.ERROR, code, sheet, row, parameters=tuple(parameters.items())))


def shown(value: object) -> str | None:
    """The cell as a message repeats it: as text, shortened; None if blank."""
    if value is None:
        return None
    text = str(value).strip()
    return text if len(text) <= MAXIMUM_VALUE_LENGTH else text[: MAXIMUM_VALUE_LENGTH - 1] + "…"
