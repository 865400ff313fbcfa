"""Import, check and undo for the browser: plain functions, with an engine of their own each time."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from dashboard.company import Company
from dashboard.preparation import prepare_embedded
from dashboard.refreshing import refresh_after_writing
from data_access.engine import Engine, writer
from data_access.ingest.annotate import annotated_copy
from data_access.ingest.importer import Options, check_file, import_file
from data_access.ingest.mapping_file import load_mapping, shipped_mappings
from data_access.ingest.report import Progress, Report
from data_access.ingest.source import Source
from data_access.ingest.template import write_template
from data_access.ingest.undo import Undone, undo

_log = logging.getLogger(__name__)

OWN_LAYOUT = ""
MAPPINGS = (OWN_LAYOUT, *shipped_mappings())
"""The mappings that can be chosen: the project's own layout, and those that come with the program."""


@dataclass(frozen=True)
class Upload:
    """A file that somebody chose, and how it is to be read. ``key`` tells it from any other."""

    key: str
    name: str
    content: bytes
    mapping: str = OWN_LAYOUT
    accept_valid: bool = False

    @property
    def source(self) -> Source:
        """The file as the importer takes it."""
        return Source(self.name, self.content)


def check_upload(company: Company, user: str, upload: Upload, progress: Callable[[Progress], None]) -> Report:
    """What importing would do, with every problem; nothing is written."""
    with _writer(company) as engine:
        return check_file(engine, upload.source, _options(company, user, upload, progress))


def import_upload(company: Company, user: str, upload: Upload, progress: Callable[[Progress], None]) -> Report:
    """What was imported; raises DataAccessError where the database fails, and then nothing was."""
    with _writer(company) as engine:
        report = import_file(engine, upload.source, _options(company, user, upload, progress))
        if report.written:
            refresh_after_writing(engine, company.rules, _log.warning)
        return report


def undo_batch(company: Company, user: str, batch: int) -> Undone:
    """What taking the newest batch back did; raises DataAccessError where it can't be."""
    with _writer(company) as engine:
        undone = undo(engine, batch, user)
        refresh_after_writing(engine, company.rules, _log.warning)
        return undone


def annotated(upload: Upload, report: Report, language: str) -> bytes:
    """A workbook that shows the problems where they are."""
    return annotated_copy(upload.source, report, language)


def template(company: Company, language: str) -> bytes:
    """The empty workbook that people fill in."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        write_template(path, company.vocabulary, language)
        return path.read_bytes()


@contextmanager
def _writer(company: Company) -> Iterator[Engine]:
    prepare_embedded(company.settings)
    with writer(company.settings) as engine:
        yield engine


def _options(company: Company, user: str, upload: Upload, progress: Callable[[Progress], None]) -> Options:
    return Options(
        user=user,
        time_zone=company.settings.time_zone,
        vocabulary=company.vocabulary,
        mapping=load_mapping(upload.mapping) if upload.mapping else None,
        accept_valid=upload.accept_valid,
        progress=progress,
    )
