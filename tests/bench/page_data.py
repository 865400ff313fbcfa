"""What a page waits for besides drawing: its calls to the data, timed while its script runs.

The functions of ``dashboard.cached`` are timed, and the time inside the outermost of them is added up: connecting,
queries, computing, and the cache itself. Drawing, and what is made of figures for it, is left out.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from data_access.engine import connect, reader
from data_access.hierarchy import read_hierarchy
from data_access.settings import Settings
from metrics.counts import BRANCH, TEAM
from tests.bench.viewers import percentile

PROCESSES = 7
WARM_RUNS = 30
OTHERS = 20
PATIENCE_SECONDS = 15.0
"""After so long of new processes, and of other views, a page is asked no more; more than one run there always is."""

OTHER_PERIODS = (
    *(f"{year}Q{quarter}" for year in (2025, 2024, 2023) for quarter in (4, 3, 2, 1)),
    *(f"2026-{month:02}" for month in range(1, 9)),
)

Link = Mapping[str, str]


@dataclass(frozen=True)
class Visit:
    """A page under a link, and links under which it shows other data."""

    title: str
    page: str
    link: Link
    others: tuple[Link, ...]


@dataclass(frozen=True)
class Times:
    """Milliseconds of a page's data in one process: the first time, again, and for other questions."""

    cold: float
    warm: tuple[float, ...] = ()
    others: tuple[float, ...] = ()


@dataclass(frozen=True)
class PageMeasured:
    """Milliseconds of a page's data: in new processes, again in the same one, and other views in it.

    ``processes`` and ``views`` are how many of them there was time for.
    """

    title: str
    processes: int
    views: int
    cold_p50: float
    cold_p95: float
    warm_p50: float
    warm_p95: float
    other_p50: float
    other_p95: float


def measure_page_data(address: str) -> Iterator[PageMeasured]:
    """Each page on a database. Cold times come from processes that have imported everything and done nothing."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.bench.quiet", "tests.bench.page_process"])
    for visit in visits(address):
        # A process for each task: the next one finds nothing cached and no connection open.
        with ProcessPoolExecutor(1, mp_context=context, max_tasks_per_child=1) as processes:
            yield _summed(visit, list(_runs(processes, address, visit)))


def _runs(processes: Executor, address: str, visit: Visit) -> Iterator[Times]:
    yield processes.submit(_times, address, visit, True).result()
    begun = time.monotonic()
    for number in range(1, PROCESSES):
        if number > 1 and time.monotonic() - begun > PATIENCE_SECONDS:
            return
        yield processes.submit(_times, address, visit, False).result()


def visits(address: str) -> tuple[Visit, ...]:
    """The pages as people first see them, of the company, and of a branch and a team."""
    with reader(Settings(database_url=address)) as engine, connect(engine) as connection:
        units = read_hierarchy(connection).units.values()
    branches = sorted(unit.id for unit in units if unit.kind == BRANCH)
    teams = sorted(unit.id for unit in units if unit.kind == TEAM)
    periods = tuple({"period": period} for period in OTHER_PERIODS)
    pages = ("overview", "cases", "coverage", "duties", "unit")
    return (
        *(Visit(f"{page}, company", page, {}, periods) for page in pages),
        _of_unit("branch", branches),
        _of_unit("team", teams[:: max(1, len(teams) // (OTHERS + 1))]),
    )


def _of_unit(kind: str, unit_ids: Iterable[str]) -> Visit:
    first, *others = ({"unit": unit_id} for unit_id in unit_ids)
    return Visit(f"unit, {kind}", "unit", first, tuple(others[:OTHERS]))


def _times(address: str, visit: Visit, longer: bool) -> Times:
    # Imported here: the process that asks needs no Streamlit.
    from tests.bench import page_process

    return page_process.times(address, visit, longer)


def _summed(visit: Visit, ran: list[Times]) -> PageMeasured:
    groups = ([each.cold for each in ran], ran[0].warm, ran[0].others)
    counts = len(ran), len(ran[0].others)
    return PageMeasured(visit.title, *counts, *(percentile(group, percent) for group in groups for percent in (50, 95)))
