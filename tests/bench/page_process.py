"""One process that runs a page's script and times the calls to the data inside it.

Imported by the process from which the others are forked, so that nothing needs importing while time is taken.
"""

import importlib
import os
import pkgutil
import time
from collections.abc import Callable
from typing import Any

from streamlit.testing.v1 import AppTest

import dashboard.components
from dashboard import cached
from tests.bench.imports import ROOT
from tests.bench.page_data import WARM_RUNS, Link, Times, Visit

for _, _name, _ in pkgutil.iter_modules(dashboard.components.__path__):
    importlib.import_module(f"dashboard.components.{_name}")
importlib.import_module("sqlalchemy.dialects.postgresql.psycopg")
importlib.import_module("sqlalchemy.dialects.sqlite.pysqlite")

DATA = (
    "company",
    "data_version",
    "hierarchy",
    "freshness",
    "results",
    "by_dimension",
    "in_all",
    "by_unit",
    "curves",
    "listed_cases",
    "condition",
    "coverage_gaps",
    "post_loads",
    "missed_duties",
)
"""The functions of ``dashboard.cached`` behind which are queries and computing."""

SCRIPT_SECONDS = 600


class Stopwatch:
    """Adds up the time inside the outermost of the functions that it times."""

    def __init__(self) -> None:
        self._inside = 0
        self._seconds = 0.0

    def timing(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, timed."""

        def timed(*arguments: Any, **named: Any) -> Any:
            begun = time.perf_counter()
            self._inside += 1
            try:
                return function(*arguments, **named)
            finally:
                self._inside -= 1
                if not self._inside:
                    self._seconds += time.perf_counter() - begun

        return timed

    def read(self) -> float:
        """Milliseconds since it was last read."""
        milliseconds, self._seconds = self._seconds * 1000, 0.0
        return milliseconds


def times(address: str, visit: Visit, longer: bool) -> Times:
    """The page's times in this process, which must be new; only the ``longer`` run looks a second time."""
    os.environ |= {"HUIYIN_DATABASE_URL": address, "HUIYIN_USER": "bench"}
    watch = Stopwatch()
    for name in DATA:
        setattr(cached, name, watch.timing(getattr(cached, name)))
    cold = _run(visit, visit.link, watch)
    if not longer:
        return Times(cold)
    warm = tuple(_again(visit, watch) for _ in range(WARM_RUNS))
    return Times(cold, warm, tuple(_run(visit, link, watch) for link in visit.others))


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
