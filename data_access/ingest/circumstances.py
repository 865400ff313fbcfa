"""What the reading of all sheets of a file has in common."""

from dataclasses import dataclass
from datetime import datetime

from data_access.ingest.instants import Clock
from data_access.ingest.mapping import FileMapping
from data_access.ingest.problems import ProblemLog
from metrics.vocabulary import Vocabulary


@dataclass(frozen=True)
class Circumstances:
    """The file's mapping and clock, the company's words, the present, and where problems go."""

    file: FileMapping
    clock: Clock
    vocabulary: Vocabulary
    now: datetime
    log: ProblemLog
