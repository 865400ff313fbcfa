"""``huiyin distribute``: the tables spread over the nodes of a Citus cluster."""

import typer

from dashboard.preparation import prepare
from data_access.distribute import distribute as spread
from data_access.distribute import require_citus
from data_access.engine import writer
from data_access.settings import read_settings


def distribute() -> None:
    """Spread cases over the nodes of a Citus cluster, and copy the small tables to each of them."""
    settings = read_settings()
    with writer(settings) as engine:
        require_citus(engine)
        prepare(settings)
        done = spread(engine, lambda name: typer.echo(f"{name} …"))
    if done:
        typer.echo(f"{len(done)} tables are distributed. Import, refresh and pages work as before.")
    else:
        typer.echo("The tables are distributed already.")
