"""A sample company made in a database."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, insert

from data_access.calendar import fill_calendar
from data_access.dialect import lift_timeout
from data_access.engine import begin
from data_access.question import Rules
from data_access.settings import DEFAULT_TIME_ZONE
from data_access.tables import SOURCE_TABLES, audit_log
from metrics import deadlines, obligations, vocabulary
from metrics.working_time import Schedule, statutory_schedule
from sample_data.companies import COMPANIES
from sample_data.filling import filling, first_filled, put_in_order
from sample_data.telling import Piece, tell
from sample_data.world import World, make_world
from sample_data.writing import write

SAMPLE_USER = "sample"
MINIMUM_CASES = 500
Progress = Callable[[str, int, int | None], None]
"""Called with the table (or ``indexes``, or ``order``), what of it is done, and what there is, None if not known."""


class SampleError(ValueError):
    """The sample company can't be made; the message says why and what to do."""


def built_in_rules() -> Rules:
    """The rules that come with the program."""
    words = vocabulary.load(None)
    return Rules(
        time_zone=ZoneInfo(DEFAULT_TIME_ZONE),
        deadlines=deadlines.load(None),
        obligations=obligations.load(None, words),
        networks=words.codes("networks"),
    )


def make(
    engine: Engine,
    company: str,
    seed: int,
    until: date,
    cases: int | None = None,
    progress: Progress | None = None,
    rules: Rules | None = None,
    schedule: Schedule | None = None,
) -> World:
    """The world that was written into a migrated database whose source tables are empty, in one transaction.

    The story ends when the local day ``until`` begins. ``cases`` is how many cases there are instead of the
    company's usual number. Raises SampleError for an unknown company, too few cases, or a database that
    holds rows already; DataAccessError if the database can't be reached or isn't migrated.
    """
    world = _world(company, seed, until, cases, rules or built_in_rules(), schedule or statutory_schedule())
    show = progress or _silently
    with begin(engine) as connection:
        lift_timeout(connection)
        _refuse_unless_empty(connection)
        fill_calendar(connection, world.rules.time_zone, world.schedule)
        with filling(connection, SOURCE_TABLES, partial(show, "indexes")):
            _fill(connection, world, cases, show)
        _log(connection, world)
    put_in_order(engine, SOURCE_TABLES, partial(show, "order"))
    return world


def _fill(connection: Connection, world: World, cases: int | None, progress: Progress) -> None:
    before = Counter[str]()
    for piece in _ahead(tell(world, cases)):
        name = piece.table.name
        for written in write(connection, piece.table, piece.rows, world.rules.time_zone):
            progress(name, before[name] + written, piece.total)
        before[name] += len(piece.rows)


def _ahead(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """The pieces; each is made in another thread while the one before it is written."""
    with ThreadPoolExecutor(max_workers=1) as maker:
        coming = maker.submit(next, pieces, None)
        while (piece := coming.result()) is not None:
            coming = maker.submit(next, pieces, None)
            yield piece


def _world(company: str, seed: int, until: date, cases: int | None, rules: Rules, schedule: Schedule) -> World:
    if company not in COMPANIES:
        raise SampleError(f"{company}: no such sample company; use one of: {', '.join(COMPANIES)}")
    if cases is not None and cases < MINIMUM_CASES:
        raise SampleError(f"{cases} cases are too few to tell the story; use {MINIMUM_CASES} or more")
    return make_world(COMPANIES[company], seed, until, rules, schedule)


def _refuse_unless_empty(connection: Connection) -> None:
    if name := first_filled(connection, SOURCE_TABLES):
        raise SampleError(
            f"The database already holds rows in {name}. A sample company is only made in an empty "
            "database: use another one (HUIYIN_DATABASE_URL), or delete the file of an embedded one."
        )


def _log(connection: Connection, world: World) -> None:
    at = datetime.combine(world.dates.until, datetime.min.time(), world.rules.time_zone)
    detail = f"{world.plan.key} seed={world.seed} until={world.dates.until}"
    connection.execute(insert(audit_log).values(at=at, user=SAMPLE_USER, action="make_sample", detail=detail))


def _silently(table: str, written: int, total: int | None) -> None:
    """Says nothing of the progress."""
