"""``huiyin template`` and ``huiyin import``: files into the shared database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from dashboard.company import Company, read_company
from dashboard.import_report import print_report
from dashboard.preparation import prepare
from dashboard.refreshing import refresh_after_writing
from dashboard.wrong_use import WrongUseError
from data_access.engine import Engine, writer
from data_access.ingest.annotate import write_annotated
from data_access.ingest.importer import Options, check_file, import_file
from data_access.ingest.mapping import FileMapping
from data_access.ingest.mapping_file import MappingError, load_mapping
from data_access.ingest.report import Progress as Position
from data_access.ingest.report import ProgressCallback, Report, Step
from data_access.ingest.source import Source, from_path
from data_access.ingest.template import write_template
from data_access.ingest.undo import undo
from data_access.settings import Settings, read_settings

FOUND_PROBLEMS = 1

STEPS = {Step.READING: "reading", Step.CHECKING: "checking", Step.WRITING: "writing"}

Files = Annotated[list[Path] | None, typer.Argument(help="Workbooks and CSV files, imported in this order.")]
MappingOption = Annotated[
    str | None, typer.Option("--mapping", help="boston311, nyc311, servicenow, or a mapping file of your own.")
]
AcceptValid = Annotated[
    bool, typer.Option("--accept-valid", help="Write the good rows of a file that also has bad ones.")
]
CheckOnly = Annotated[bool, typer.Option("--check", help="Report what would happen and write nothing.")]
Annotated_ = Annotated[
    Path | None, typer.Option("--annotated", help="Write a copy of the file with its problems marked to this .xlsx.")
]
Undo = Annotated[int | None, typer.Option("--undo", help="Take the newest import back; give its batch number.")]
Language = Annotated[str, typer.Option("--lang", help="Language of messages: zh or en.")]
TemplatePath = Annotated[Path, typer.Argument(help="Where to write the workbook.")]


def template(path: TemplatePath = Path("huiyin-template.xlsx"), language: Language = "zh") -> None:
    """Write an empty workbook to fill in: one sheet for each kind of data, with explanations."""
    if path.exists():
        raise WrongUseError(f"{path} is there already. Name another file.")
    try:
        write_template(path, read_company(read_settings()).vocabulary, _language(language))
    except OSError as error:
        raise WrongUseError(f"{path} can't be written: {error.strerror}") from error
    typer.echo(f"Written: {path}. Fill it in, then: huiyin import {path}")


def import_files(
    files: Files = None,
    mapping: MappingOption = None,
    accept_valid: AcceptValid = False,
    check: CheckOnly = False,
    annotated: Annotated_ = None,
    undo_batch: Undo = None,
    language: Language = "zh",
) -> None:
    """Import workbooks and CSV files, each in one transaction: all of it, or nothing if it has an error."""
    company = read_company(read_settings())
    settings, words = company.settings, _language(language)
    if undo_batch is not None:
        _undo(company, undo_batch, files)
        return
    paths = _chosen(files, annotated)
    options = _options(company, mapping, accept_valid)
    prepare(settings)
    reports = []
    for source in map(from_path, paths):
        reports.append(_run(settings, source, options, check_file if check else import_file))
        print_report(reports[-1], words, check_only=check)
        if annotated is not None:
            _annotate(annotated, source, reports[-1], words)
    if any(report.written for report in reports) and not check:
        _refresh(company)
    if not all(report.ok for report in reports):
        raise typer.Exit(FOUND_PROBLEMS)


def _annotate(path: Path, source: Source, report: Report, language: str) -> None:
    try:
        write_annotated(path, source, report, language)
    except OSError as error:
        raise WrongUseError(f"{path} can't be written: {error.strerror}") from error
    typer.echo(f"Annotated copy: {path}")


def _chosen(files: list[Path] | None, annotated: Path | None) -> list[Path]:
    if not files:
        raise WrongUseError("Name the file to import. An empty workbook to fill in: huiyin template")
    if annotated is not None and len(files) > 1:
        raise WrongUseError("--annotated marks one file at a time.")
    return files


def _language(text: str) -> str:
    if text not in ("zh", "en"):
        raise WrongUseError(f"--lang {text} is unknown. Use zh or en.")
    return text


def _refresh(company: Company) -> None:
    with writer(company.settings) as engine:
        refresh_after_writing(engine, company.rules, lambda text: typer.echo(text, err=True))


def _undo(company: Company, batch: int, files: list[Path] | None) -> None:
    if files:
        raise WrongUseError("--undo takes no file: it takes the newest import back.")
    with writer(company.settings) as engine:
        done = undo(engine, batch, company.settings.user)
    _refresh(company)
    typer.echo(
        f"Batch {done.batch} ({done.file_name}) is taken back: "
        f"{done.removed:,} new rows removed, {done.restored:,} changed rows restored."
    )


def _run(
    settings: Settings, source: Source, options: Options, run: Callable[[Engine, Source, Options], Report]
) -> Report:
    """The file's report, with a progress bar while it is made; an interruption writes nothing and ends with 1."""
    try:
        with writer(settings) as engine, _shown(source.name) as progress:
            return run(engine, source, replace(options, progress=progress))
    except KeyboardInterrupt:
        typer.echo(f"{source.name}: stopped; nothing of it was written.", err=True)
        raise typer.Exit(FOUND_PROBLEMS) from None


def _options(company: Company, mapping: str | None, accept_valid: bool) -> Options:
    return Options(
        user=company.settings.user,
        time_zone=company.settings.time_zone,
        vocabulary=company.vocabulary,
        mapping=_mapping(mapping),
        accept_valid=accept_valid,
    )


def _mapping(name: str | None) -> FileMapping | None:
    try:
        return None if name is None else load_mapping(name)
    except MappingError as error:
        raise WrongUseError(str(error)) from error


@contextmanager
def _shown(name: str) -> Iterator[ProgressCallback]:
    """A progress bar on the terminal's error output, gone when the file is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(name, total=None)

        def tell(position: Position) -> None:
            total = position.total if position.step is Step.READING else None
            description = f"{name}: {STEPS[position.step]}, {position.rows:,} rows"
            bar.update(task, description=description, completed=position.done, total=total)

        yield tell
