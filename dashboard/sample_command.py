"""``huiyin sample``: a sample company in an empty database."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer
from rich.progress import Progress

from dashboard.company import read_company
from dashboard.preparation import prepare
from dashboard.wrong_use import WrongUseError
from data_access.engine import writer
from data_access.rollup.refresh import refresh
from data_access.settings import Settings, read_settings
from metrics.working_time import read_schedule
from sample_data import SampleError, make

DEFAULT_SEED = 1


class SampleCompany(StrEnum):
    """The sample companies."""

    SMALL = "small"
    CHANGPING = "changping"
    XINGTAI = "xingtai"
    GROUP = "group"


CompanyOption = Annotated[
    SampleCompany,
    typer.Option(help="Which company; changping is a full-size mine, group many mines to try the speed with."),
]
Seed = Annotated[int, typer.Option(min=0, help="The same seed, day and number of cases give the same company.")]
Cases = Annotated[int | None, typer.Option(help="How many cases instead of the company's usual number.")]
Until = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="The company's data end when this day begins. Default: today."),
]


def sample(
    company: CompanyOption = SampleCompany.CHANGPING,
    seed: Seed = DEFAULT_SEED,
    cases: Cases = None,
    until: Until = None,
) -> None:
    """Make a sample company in an empty database: two years (group: five) with a story whose answers are known."""
    settings = read_settings()
    today = datetime.now(UTC).astimezone(settings.time_zone)
    make_sample(settings, company, seed, until or today, cases)
    typer.echo(f"The sample company {company.value} is ready. See it with: huiyin run")


def make_sample(settings: Settings, company: SampleCompany, seed: int, until: datetime, cases: int | None) -> None:
    """Nothing; the settings' database holds the company, up to the day of ``until``.

    Raises WrongUseError where the database isn't empty, DataAccessError where it doesn't answer.
    """
    rules, schedule = read_company(settings).rules, read_schedule(settings.holidays)
    prepare(settings)
    try:
        with writer(settings) as engine, Progress(transient=True) as bar:
            shown = _Shown(bar)
            make(engine, company.value, seed, until.date(), cases, shown.written, rules, schedule)
            refresh(engine, rules)
    except SampleError as error:
        raise WrongUseError(str(error)) from error


class _Shown:
    """A progress bar with one line per table."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._tasks = {"": bar.add_task("thinking the company up", total=None)}

    def written(self, table: str, rows: int, total: int | None) -> None:
        """Show how many of a table's rows are written."""
        if table not in self._tasks:
            self._tasks[table] = self._bar.add_task(table, total=total)
        self._bar.update(self._tasks[table], completed=rows, total=total)
