"""``huiyin migrate``: the tables, created or brought up to date."""

import typer

from data_access.engine import open_writer
from data_access.migrate import is_current, upgrade
from data_access.settings import read_settings


def migrate() -> None:
    """Create the tables of the database, or bring them up to date."""
    engine = open_writer(read_settings())
    if is_current(engine):
        typer.echo("The tables are up to date.")
        return
    upgrade(engine)
    typer.echo("The tables are ready.")
