"""Databases for tests: fresh, migrated, with a calendar from 2014 to 2027.

``engine`` runs a test on SQLite and on PostgreSQL, ``sqlite_engine`` on SQLite alone; ``settings`` are those
of the database the test uses. Each test gets a copy of a template made once per process. ``transaction``
is quicker still: a connection to one database for all tests, whose changes are taken back.
"""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import make_url

from data_access.calendar import ensure_calendar
from data_access.engine import open_writer
from data_access.migrate import upgrade
from data_access.settings import Settings
from metrics.working_time import statutory_schedule

POSTGRES_URL = os.environ.get("HUIYIN_TEST_POSTGRES_URL")
NO_POSTGRES = "set HUIYIN_TEST_POSTGRES_URL to a PostgreSQL superuser's address to run this"
FIRST_DAY, LAST_DAY = date(2014, 1, 1), date(2027, 12, 31)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A writing engine on a fresh database, once of each kind."""
    yield from _engine(request.getfixturevalue(f"{request.param}_settings"))


@pytest.fixture
def sqlite_engine(sqlite_settings: Settings) -> Iterator[Engine]:
    """A writing engine on a fresh SQLite file."""
    yield from _engine(sqlite_settings)


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def shared_engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A writing engine on a database that all tests share; nobody commits to it."""
    template = request.getfixturevalue(f"{request.param}_template")
    if request.param == "sqlite":
        yield from _engine(_sqlite_copy(template, tmp_path_factory.mktemp("shared")))
        return
    with _postgres_copy(template) as settings:
        yield from _engine(settings)


@pytest.fixture
def transaction(shared_engine: Engine) -> Iterator[Connection]:
    """A connection, once of each kind, to a database as fresh as ``engine``'s; what is written is taken back."""
    with shared_engine.connect() as connection:
        begun = connection.begin()
        yield connection
        begun.rollback()


@pytest.fixture
def settings(request: pytest.FixtureRequest) -> Settings:
    """Settings of the database of the test's ``engine``; without one, of a fresh SQLite file."""
    if "engine" in request.fixturenames:
        request.getfixturevalue("engine")
        kind = request.node.callspec.params["engine"]
        return request.getfixturevalue(f"{kind}_settings")
    return request.getfixturevalue("sqlite_settings")


@pytest.fixture
def sqlite_settings(sqlite_template: Path, tmp_path: Path) -> Settings:
    """Settings of a fresh SQLite file."""
    return _sqlite_copy(sqlite_template, tmp_path)


@pytest.fixture
def postgres_settings(postgres_template: str) -> Iterator[Settings]:
    """Settings of a fresh PostgreSQL database, dropped afterwards."""
    with _postgres_copy(postgres_template) as settings:
        yield settings


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    _prepare(Settings(database_url=f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str]:
    """The name of a migrated PostgreSQL database to copy."""
    if POSTGRES_URL is None:
        pytest.skip(NO_POSTGRES)
    name = _unique_name()
    _administer(f'CREATE DATABASE "{name}"')
    _prepare(Settings(database_url=_postgres_url(name)))
    yield name
    _administer(f'DROP DATABASE "{name}" WITH (FORCE)')


def _sqlite_copy(template: Path, folder: Path) -> Settings:
    path = folder / "huiyin.db"
    shutil.copy(template, path)
    return Settings(database_url=f"sqlite:///{path}", user="tester")


@contextmanager
def _postgres_copy(template: str) -> Iterator[Settings]:
    name = _unique_name()
    _administer(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield Settings(database_url=_postgres_url(name), user="tester")
    _administer(f'DROP DATABASE "{name}" WITH (FORCE)')


def _engine(settings: Settings) -> Iterator[Engine]:
    engine = open_writer(settings)
    yield engine
    engine.dispose()


def _prepare(settings: Settings) -> None:
    """The engine is disposed of, so that the file is whole and the database has no connection left."""
    engine = open_writer(settings)
    upgrade(engine)
    ensure_calendar(engine, settings.time_zone, statutory_schedule(), FIRST_DAY, LAST_DAY)
    engine.dispose()


def _unique_name() -> str:
    return f"huiyin_test_{os.getpid()}_{uuid.uuid4().hex[:12]}"


def _postgres_url(name: str) -> str:
    assert POSTGRES_URL is not None
    return make_url(POSTGRES_URL).set(database=name).render_as_string(hide_password=False)


def _administer(statement: str) -> None:
    assert POSTGRES_URL is not None
    engine = create_engine(POSTGRES_URL, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
