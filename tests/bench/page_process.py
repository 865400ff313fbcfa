"""One process that runs a page's script and times the calls to the data inside it.

Imported by the process from which the others are forked, so that nothing needs importing while time is taken.
"""

import importlib
import os
import time
from collections.abc import Iterator

from streamlit.testing.v1 import AppTest

from dashboard import cached, server
from tests.bench.imports import ROOT
from tests.bench.page_data import PATIENCE_SECONDS, WARM_RUNS, Link, Times, Visit
from tests.bench.stopwatch import Stopwatch

server.get_ready()
importlib.import_module("sqlalchemy.dialects.postgresql.psycopg")
importlib.import_module("sqlalchemy.dialects.sqlite.pysqlite")

NOT_DATA = "made"
"""Keeps what is drawn; the calls to the data inside it are timed themselves."""

SCRIPT_SECONDS = 600


def times(address: str, visit: Visit, longer: bool) -> Times:
    """The page's times in this process, which must be new; only the ``longer`` run looks a second time."""
    os.environ |= {"HUIYIN_DATABASE_URL": address, "HUIYIN_USER": "bench"}
    cached.company()  # read where the server starts, like all that is imported
    watch = Stopwatch()
    for name in _data():
        setattr(cached, name, watch.timing(getattr(cached, name)))
    cold = _run(visit, visit.link, watch)
    if not longer:
        return Times(cold)
    warm = tuple(_again(visit, watch) for _ in range(WARM_RUNS))
    return Times(cold, warm, tuple(_others(visit, watch)))


def _data() -> list[str]:
    """The functions of ``dashboard.cached`` behind which are queries and computing."""
    public = {name: value for name, value in vars(cached).items() if not name.startswith("_") and name != NOT_DATA}
    return [name for name, value in public.items() if hasattr(value, "clear")]


def _others(visit: Visit, watch: Stopwatch) -> Iterator[float]:
    begun = time.monotonic()
    for number, link in enumerate(visit.others):
        if number > 1 and time.monotonic() - begun > PATIENCE_SECONDS:
            return
        yield _run(visit, link, watch)


def _again(visit: Visit, watch: Stopwatch) -> float:
    """The same page again. What was drawn is forgotten, or it would not ask for its figures."""
    cached.made.clear()
    return _run(visit, visit.link, watch)


def _run(visit: Visit, link: Link, watch: Stopwatch) -> float:
    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=SCRIPT_SECONDS)
    app.query_params.update(link)
    if visit.page != "overview":
        app.switch_page(f"app_pages/{visit.page}.py")
    app.run()
    if app.exception:
        raise RuntimeError(f"{visit.title} {link}: {app.exception[0].value}")
    return watch.read()
