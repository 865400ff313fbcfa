"""A sample company made in a database."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, exists, insert, select

from data_access.calendar import fill_calendar
from data_access.engine import begin
from data_access.question import Rules
from data_access.settings import DEFAULT_TIME_ZONE
from data_access.tables import SOURCE_TABLES, audit_log, cases, org_units
from metrics import deadlines, obligations, vocabulary
from metrics.working_time import Schedule, statutory_schedule
from sample_data.companies import COMPANIES
from sample_data.telling import tell
from sample_data.world import World, make_world
from sample_data.writing import Progress, write

SAMPLE_USER = "sample"
MINIMUM_CASES = 500


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
    """The world that was written into a migrated database without units and cases, in one transaction.

    The story ends when the local day ``until`` begins. ``cases`` is how many cases there are instead of the
    company's usual number. Raises SampleError for an unknown company, too few cases, or a database that
    holds units or cases already; DataAccessError if the database can't be reached or isn't migrated.
    """
    world = _world(company, seed, until, cases, rules or built_in_rules(), schedule or statutory_schedule())
    frames = tell(world, cases)
    with begin(engine) as connection:
        _refuse_unless_empty(connection)
        fill_calendar(connection, world.rules.time_zone, world.schedule)
        for table in SOURCE_TABLES:
            write(connection, table, frames[table.name], world.rules.time_zone, progress or _silently)
        _log(connection, world)
    return world


def _world(company: str, seed: int, until: date, cases: int | None, rules: Rules, schedule: Schedule) -> World:
    if company not in COMPANIES:
        raise SampleError(f"{company}: no such sample company; use one of: {', '.join(COMPANIES)}")
    if cases is not None and cases < MINIMUM_CASES:
        raise SampleError(f"{cases} cases are too few to tell the story; use {MINIMUM_CASES} or more")
    return make_world(COMPANIES[company], seed, until, rules, schedule)


def _refuse_unless_empty(connection: Connection) -> None:
    for table in (org_units, cases):
        if connection.execute(select(exists(select(table)))).scalar_one():
            raise SampleError(
                f"The database already holds rows in {table.name}. A sample company is only made in an empty "
                "database: use another one (HUIYIN_DATABASE_URL), or delete the file of an embedded one."
            )


def _log(connection: Connection, world: World) -> None:
    at = datetime.combine(world.dates.until, datetime.min.time(), world.rules.time_zone)
    detail = f"{world.plan.key} seed={world.seed} until={world.dates.until}"
    connection.execute(insert(audit_log).values(at=at, user=SAMPLE_USER, action="make_sample", detail=detail))


def _silently(table: str, written: int, total: int) -> None:
    """Says nothing of the progress."""
