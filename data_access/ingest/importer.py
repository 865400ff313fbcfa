"""Import, check and undo: what the page and the command line call."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from data_access.ingest.circumstances import Circumstances
from data_access.ingest.exclusive import exclusive
from data_access.ingest.instants import Clock
from data_access.ingest.mapping import FileMapping, own_layout
from data_access.ingest.problems import Problem, ProblemLog, UnreadableFile
from data_access.ingest.reader import read_file
from data_access.ingest.report import ProgressCallback, Report
from data_access.ingest.source import Source
from data_access.ingest.transaction import FileImport
from metrics.vocabulary import Vocabulary


@dataclass(frozen=True)
class Options:
    """How to import. ``accept_valid`` writes the good rows of a file that also has bad ones."""

    user: str
    time_zone: ZoneInfo
    vocabulary: Vocabulary
    mapping: FileMapping | None = None
    accept_valid: bool = False
    progress: ProgressCallback | None = None
    now: datetime | None = None
    """the present, for tests"""

    @property
    def file(self) -> FileMapping:
        """The mapping, or the project's own layout."""
        return self.mapping or own_layout()


class _NotWritten(Exception):  # noqa: N818
    """Leaves the transaction without writing."""


def check_file(engine: Engine, source: Source, options: Options) -> Report:
    """What importing the file would do, with every problem; nothing is written. Raises DataAccessError."""
    return _run(engine, source, options, write=False)


def import_file(engine: Engine, source: Source, options: Options) -> Report:
    """The file's import: in one transaction, all of it or, with an error, nothing.

    With ``accept_valid`` the good rows are written and the others kept in ``import_rejects``. Raises
    ImportBusy if another import is running, and DataAccessError if the database fails.
    """
    return _run(engine, source, options, write=True)


def _run(engine: Engine, source: Source, options: Options, *, write: bool) -> Report:
    circumstances = _circumstances(options)
    try:
        run = FileImport(circumstances, source, read_file(source), options.user, options.accept_valid, options.progress)
        with exclusive(engine) as connection:
            report = run.execute(connection)
            if not write or not report.written:
                raise _NotWritten
    except UnreadableFile as error:
        return _unreadable(source, options, circumstances.log, error.problem)
    except _NotWritten:
        return run.report_unwritten(report)
    return report


def _circumstances(options: Options) -> Circumstances:
    file = options.file
    clock = Clock(file.time_zone or options.time_zone, file.date_order, file.whole_days_are_midnights)
    return Circumstances(file, clock, options.vocabulary, options.now or datetime.now(UTC), ProblemLog())


def _unreadable(source: Source, options: Options, log: ProblemLog, problem: Problem) -> Report:
    log.add(problem)
    return Report(source.name, options.file.name, problems=log.in_order(), kinds=tuple(log.counts.items()))
