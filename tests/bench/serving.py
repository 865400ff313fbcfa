"""The server under its viewers and in the browser: ``python -m tests.bench.serving DATABASE_URL``.

Everything is measured as a company would run it: ``huiyin run``, alone and with a second one behind nginx.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.behind_nginx import PASSWORD, USER, behind_nginx, find_nginx
from tests.bench.clicks import (
    TARGETS,
    ClicksMeasured,
    FirstVisitMeasured,
    chromium,
    measure_clicks,
    measure_first_visit,
)
from tests.bench.viewers import ViewersMeasured, measure_viewers
from tests.browser.server import Server, running

CROWDS = (1, 10, 50, 100)
PATHS = 20
"""A hundred people in a review look at some of the same things."""

SECONDS = 60.0
SATURATING = 20
SATURATED_SECONDS = 20.0
FIRST_VISITS = ("", "cases")

Measured = ViewersMeasured | ClicksMeasured | FirstVisitMeasured


def measure_serving(database: str, folder: Path) -> Iterator[Measured]:
    """Viewers, clicks and first visits on a database that holds a company; the server's files go to the folder."""
    yield from measure_crowds(database, folder)
    yield from measure_browser(database, folder)


@contextmanager
def ready(database: str, folder: Path) -> Iterator[Server]:
    """A server whose own first visit is over: what comes first is then a person."""
    with running(folder, database) as server:
        measure_viewers(server.address, 1, 0.0)
        yield server


def measure_crowds(database: str, folder: Path, seconds: float = SECONDS) -> Iterator[ViewersMeasured]:
    """More and more viewers at a server; each crowd twice: on views of their own, then on the same again."""
    for viewers in CROWDS:
        with ready(database, folder) as server:
            for again in (False, True):
                processes = (server.process,)
                paths = min(viewers, PATHS)
                yield measure_viewers(server.address, viewers, seconds, paths=paths, again=again, processes=processes)
    with ready(database, folder) as server:
        for again in (False, True):
            processes = (server.process,)
            yield measure_viewers(
                server.address, SATURATING, SATURATED_SECONDS, pause=0.0, again=again, processes=processes
            )


def measure_browser(database: str, folder: Path) -> Iterator[ClicksMeasured | FirstVisitMeasured]:
    """Clicks and first visits, and first visits through nginx where there is one."""
    with chromium() as browser:
        with ready(database, folder) as server:
            for page in FIRST_VISITS:
                yield measure_first_visit(browser, server.address, page)
            for target in TARGETS:
                yield measure_clicks(browser, server.address, target)
        if program := find_nginx():
            with behind_nginx(program, folder, database) as site:
                for server in site.servers:
                    measure_viewers(server, 1, 0.0)
                for page in FIRST_VISITS:
                    yield measure_first_visit(browser, site.address, page, (USER, PASSWORD))


def main() -> None:
    """Nothing; the measurements are written to standard output as they come."""
    with TemporaryDirectory() as folder:
        for measured in measure_serving(sys.argv[1], Path(folder)):
            sys.stdout.write(f"{measured}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
