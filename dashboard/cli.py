"""``huiyin``: the command line. Exit codes: 0 done, 1 found problems, 2 wrong use."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

from dashboard.wrong_use import WrongUseError
from data_access.errors import DataAccessError
from data_access.settings import SettingsError
from metrics.period import PeriodError
from metrics.problem import DefinitionError
from metrics.working_time import ScheduleError

FOUND_PROBLEMS, WRONG_USE = 1, 2

COMMANDS = {
    "demo": "run_command.demo",
    "run": "run_command.run",
    "migrate": "migrate_command.migrate",
    "template": "import_command.template",
    "import": "import_command.import_files",
    "sample": "sample_command.sample",
    "figures": "figures_command.figures",
    "refresh": "refresh_command.refresh",
    "check": "check_command.check",
    "distribute": "distribute_command.distribute",
}
"""Each command's module and function. Only the one that runs is imported: all of them take a second."""

HELP = """Huiyin (回音): how well each unit answers the appeals of its employees.

Which database, time zone and user: HUIYIN_DATABASE_URL, HUIYIN_TIME_ZONE, HUIYIN_USER; README.md lists all settings.
Exit codes: 0 done, 1 found problems, 2 wrong use.
"""


class Commands(TyperGroup):
    """The commands; every expected failure is told in plain words instead of a traceback."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 - typer keeps the type to itself
        """Their names, in the order of the help text."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002
        """The command of that name, None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        name, function = COMMANDS[cmd_name].split(".")
        with _not_collecting():
            module = import_module(f"dashboard.{name}")
        alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        alone.command(cmd_name)(getattr(module, function))
        return typer.main.get_command(alone)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - typer keeps the type to itself
        """What the command returns; ends the program with 1 or 2 where it couldn't do its work."""
        try:
            return super().invoke(ctx)
        except (WrongUseError, SettingsError, PeriodError) as error:
            _end(error, WRONG_USE)
        except (DataAccessError, DefinitionError, ScheduleError) as error:
            _end(error, FOUND_PROBLEMS)


@contextmanager
def _not_collecting() -> Iterator[None]:
    """No garbage is looked for meanwhile: all that is imported stays."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def _end(error: Exception, exit_code: int) -> NoReturn:
    typer.echo(str(error), err=True)
    raise typer.Exit(exit_code) from error


app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback(help=HELP)
def huiyin() -> None:
    """Nothing; the command does everything."""


def main() -> None:
    """Nothing; the program ends with the command's exit code."""
    try:
        app()
    finally:
        # Python looks for garbage several times while it ends, a third of a second for what is thrown away whole.
        gc.freeze()


if __name__ == "__main__":
    main()
