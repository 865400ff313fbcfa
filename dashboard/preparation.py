"""A database made ready: its tables of this version, its calendar as the settings say."""

from data_access.calendar import ensure_calendar
from data_access.engine import connect, reader, writer
from data_access.hierarchy import read_hierarchy
from data_access.settings import Settings
from metrics.working_time import read_schedule


def prepare(settings: Settings) -> bool:
    """Whether anything had to be done to bring tables and calendar up to date.

    Raises DataAccessError, and ScheduleError for an unusable file of holidays.
    """
    # Imported when it runs: Alembic takes a tenth of the time in which a command starts, and on a server that many
    # share few commands need it.
    from data_access.migrate import is_current, upgrade

    with writer(settings) as engine:
        migrated = not is_current(engine)
        if migrated:
            upgrade(engine)
        refilled = ensure_calendar(engine, settings.time_zone, read_schedule(settings.holidays))
    return migrated or refilled


def is_embedded(settings: Settings) -> bool:
    """Whether the database is a SQLite file of our own, which nobody else prepares."""
    return settings.database_url.startswith("sqlite")


def prepare_embedded(settings: Settings) -> None:
    """Nothing; an embedded database is ready afterwards, a shared one is left alone."""
    if is_embedded(settings):
        prepare(settings)


def prepare_existing(settings: Settings) -> None:
    """Nothing; like ``prepare_embedded``, but a file that isn't there is not made.

    Raises DataAccessError, which says what to do, in its place.
    """
    if is_embedded(settings):
        with reader(settings) as engine, connect(engine):
            pass
        prepare(settings)


def is_empty(settings: Settings) -> bool:
    """Whether the database has no units yet; raises DataAccessError where it isn't ready."""
    with reader(settings) as engine, connect(engine) as connection:
        return not read_hierarchy(connection).units
