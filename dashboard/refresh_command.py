"""``huiyin refresh``: brings the figures kept ready up to date, or checks them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from dashboard.company import Company, read_company
from dashboard.preparation import prepare_existing
from dashboard.wrong_use import WrongUseError
from data_access.engine import writer
from data_access.rollup.check import check_rollups
from data_access.rollup.refresh import FULL
from data_access.rollup.refresh import refresh as refresh_rollups
from data_access.settings import read_settings

FOUND_PROBLEMS = 1

Full = Annotated[bool, typer.Option("--full", help="Count everything anew, not only what changed.")]
Check = Annotated[bool, typer.Option("--check", help="Compare with the source tables and write nothing.")]


def refresh(full: Full = False, check: Check = False) -> None:
    """Bring the figures kept ready up to date with what changed; --check exits with 1 if they differ."""
    if full and check:
        raise WrongUseError("Use --full or --check, not both.")
    company = read_company(read_settings())
    prepare_existing(company.settings)
    if check:
        _check(company)
    else:
        _refresh(company, full)


def _refresh(company: Company, full: bool) -> None:
    with writer(company.settings) as engine, _shown("counting") as progress:
        done = refresh_rollups(engine, company.rules, full=full, progress=progress)
    kind = "everything" if done.kind == FULL else "what changed"
    typer.echo(f"Counted {kind}: {done.partitions:,} months of receipt.")


def _check(company: Company) -> None:
    with writer(company.settings) as engine, _shown("comparing") as progress:
        differences = check_rollups(engine, company.rules, progress)
    if differences is None:
        typer.echo("Nothing is kept ready under these rules. Run: huiyin refresh", err=True)
        raise typer.Exit(FOUND_PROBLEMS)
    for each in differences:
        typer.echo(f"{each.table}: {each.rows:,} rows differ")
    if any(each.rows for each in differences):
        typer.echo("Run: huiyin refresh --full", err=True)
        raise typer.Exit(FOUND_PROBLEMS)
    typer.echo("No difference.")


@contextmanager
def _shown(name: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on the terminal's error output, gone at the end."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(name, total=None)
        yield lambda done, steps: bar.update(task, completed=done, total=steps)
