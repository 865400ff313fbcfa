"""What an import did, or would do: counts, and every problem with its place."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from data_access.ingest.problems import Kind, Level, Problem
from data_access.ingest.write import Written


class Step(StrEnum):
    """What an import is doing."""

    READING = "reading"
    CHECKING = "checking"
    WRITING = "writing"


@dataclass(frozen=True)
class Progress:
    """How far an import is: rows read so far, and bytes of the file read out of all."""

    step: Step
    rows: int
    done: int
    total: int


ProgressCallback = Callable[[Progress], None]


@dataclass(frozen=True)
class SheetReport:
    """A sheet that was read; ``ignored`` are headers that nothing reads."""

    sheet: str
    table: str
    rows: int
    ignored: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """One file's import.

    ``written`` says whether the database now has it; a check and a file with errors leave it False.
    ``rows`` counts the rows read, ``repeated`` those that a later row of the same key replaced,
    ``rejected`` those left out for their errors. ``problems`` are the first of each kind, ``kinds`` how many
    there are of each. ``changed_keys`` are some of the rows that replaced others, as table and key.
    """

    file_name: str
    mapping: str
    written: bool = False
    batch: int | None = None
    rows: int = 0
    inserted: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    repeated: int = 0
    tables: tuple[Written, ...] = ()
    sheets: tuple[SheetReport, ...] = ()
    changed_keys: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()
    kinds: tuple[tuple[Kind, int], ...] = ()

    @property
    def errors(self) -> int:
        """How many errors there are."""
        return self._count(Level.ERROR)

    @property
    def warnings(self) -> int:
        """How many warnings there are."""
        return self._count(Level.WARNING)

    @property
    def ok(self) -> bool:
        """Whether the file has no error."""
        return self.errors == 0

    def _count(self, level: Level) -> int:
        return sum(count for kind, count in self.kinds if kind.level is level)
