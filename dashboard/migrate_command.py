"""``huiyin migrate``: tables and calendar, created or brought up to date."""

import typer

from dashboard.preparation import prepare
from data_access.settings import read_settings


def migrate() -> None:
    """Create the tables of the database, or bring them and the calendar up to date."""
    changed = prepare(read_settings())
    typer.echo("The tables are ready." if changed else "The tables are up to date.")
