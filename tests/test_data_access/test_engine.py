"""Tests of engines: what a reader may not do, and what people are told when something fails."""

import sqlite3
import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, func, insert, select, text
from sqlalchemy.exc import TimeoutError as PoolTimeout

from data_access.engine import begin, connect, open_reader, open_writer
from data_access.errors import DataAccessError, DatabaseNotReady, DatabaseUnavailable, QueryTimeout
from data_access.settings import Settings
from data_access.tables import audit_log, org_units

NOON = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)
UNIT = {"id": "C", "name": "Company", "kind": "company", "recorded_at": NOON, "updated_at": NOON}
ENTRY = {"at": NOON, "user": "tester", "action": "look"}
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


def test_what_a_writer_commits_a_reader_sees(engine: Engine, settings: Settings) -> None:
    with begin(engine) as connection:
        connection.execute(insert(org_units), UNIT)
        connection.execute(insert(audit_log), ENTRY)
    reader = open_reader(settings)
    with connect(reader) as connection:
        assert connection.execute(select(org_units.c.name)).scalar_one() == "Company"
        assert connection.execute(select(audit_log.c.at)).scalar_one() == NOON
    reader.dispose()


def test_a_transaction_that_fails_leaves_nothing(engine: Engine) -> None:
    with pytest.raises(DataAccessError), begin(engine) as connection:
        connection.execute(insert(org_units), [UNIT, UNIT])
    with connect(engine) as connection:
        assert connection.execute(select(func.count()).select_from(org_units)).scalar_one() == 0


def test_a_reader_cannot_write(engine: Engine, settings: Settings) -> None:
    reader = open_reader(settings)
    with pytest.raises(DataAccessError), begin(reader) as connection:
        connection.execute(insert(org_units), UNIT)
    reader.dispose()


def test_a_reader_keeps_no_table_for_itself_between_two_statements(postgres_settings: Settings) -> None:
    reader, writer = open_reader(postgres_settings), open_writer(postgres_settings)
    with connect(reader) as looking:
        looking.execute(select(audit_log.c.at)).all()
        with begin(writer) as connection:
            connection.execute(text("SET LOCAL lock_timeout = '2s'"))
            connection.execute(text(f"LOCK TABLE {audit_log.fullname} IN ACCESS EXCLUSIVE MODE"))
        assert looking.execute(select(audit_log.c.at)).all() == []
    reader.dispose()
    writer.dispose()


def test_a_statement_that_came_often_is_planned_for_its_values_all_the_same(postgres_settings: Settings) -> None:
    reader = open_reader(postgres_settings)
    with connect(reader) as connection:
        for number in range(20):
            connection.execute(select(org_units.c.name).where(org_units.c.id == str(number))).all()
        plans = text("SELECT sum(custom_plans), sum(generic_plans) FROM pg_prepared_statements WHERE NOT from_sql")
        of_values, of_any = connection.execute(plans).one()
    assert of_values > 0
    assert of_any == 0
    reader.dispose()


@pytest.mark.parametrize("opened", [open_reader, open_writer])
def test_a_statement_that_takes_too_long_is_stopped(engine: Engine, settings: Settings, opened) -> None:
    impatient = opened(replace(settings, statement_timeout_seconds=0.2))
    with pytest.raises(QueryTimeout, match="HUIYIN_STATEMENT_TIMEOUT"), connect(impatient) as connection:
        connection.execute(text(ENDLESS))
    with connect(impatient) as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
    impatient.dispose()


def test_a_missing_table_says_what_to_run(engine: Engine) -> None:
    with pytest.raises(DatabaseNotReady, match="huiyin sample"), connect(engine) as connection:
        connection.execute(text("SELECT * FROM nothing_of_the_kind"))


def test_a_refused_row_shows_no_values(engine: Engine) -> None:
    with begin(engine) as connection:
        connection.execute(insert(org_units), UNIT)
    with pytest.raises(DataAccessError) as caught, begin(engine) as connection:
        connection.execute(insert(org_units), UNIT | {"name": "secret"})
    assert type(caught.value) is DataAccessError
    assert "secret" not in repr(caught.value) + repr(caught.value.__cause__)


def test_a_reader_never_makes_a_file(tmp_path) -> None:
    path = tmp_path / "not here 回音.db"
    reader = open_reader(Settings(database_url=f"sqlite:///{path}"))
    with pytest.raises(DatabaseNotReady, match=r"not here 回音\.db"), connect(reader):
        pass
    assert not path.exists()


def test_a_writer_makes_a_file_but_no_folder(tmp_path) -> None:
    writer = open_writer(Settings(database_url=f"sqlite:///{tmp_path}/new.db"))
    with begin(writer) as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
    writer.dispose()
    assert (tmp_path / "new.db").exists()
    lost = open_writer(Settings(database_url=f"sqlite:///{tmp_path}/no/new.db"))
    with pytest.raises(DatabaseUnavailable), begin(lost):
        pass


def test_a_file_that_is_no_database_is_unavailable(tmp_path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear colleagues, " * 100)
    reader = open_reader(Settings(database_url=f"sqlite:///{path}"))
    with pytest.raises(DatabaseUnavailable), connect(reader) as connection:
        connection.execute(text("SELECT 1 FROM org_units"))


def test_a_memory_database_works() -> None:
    writer = open_writer(Settings(database_url="sqlite:///:memory:"))
    with begin(writer) as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
    reader = open_reader(Settings(database_url="sqlite://"))
    with pytest.raises(DatabaseNotReady), connect(reader) as connection:
        connection.execute(select(org_units))
    writer.dispose()
    reader.dispose()


def test_readers_see_the_state_before_an_unfinished_import(sqlite_engine: Engine, settings: Settings) -> None:
    reader = open_reader(settings)
    with begin(sqlite_engine) as writing:
        writing.execute(insert(org_units), UNIT)
        with connect(reader) as reading:
            assert reading.execute(select(func.count()).select_from(org_units)).scalar_one() == 0
    reader.dispose()


def test_two_writers_wait_for_each_other(sqlite_engine: Engine) -> None:
    def write(number: int) -> None:
        with begin(sqlite_engine) as connection:
            connection.execute(select(func.count()).select_from(org_units)).scalar_one()
            connection.execute(insert(org_units), UNIT | {"id": f"U{number}"})

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with connect(sqlite_engine) as connection:
        assert connection.execute(select(func.count()).select_from(org_units)).scalar_one() == 4


@pytest.mark.parametrize("address", ["postgresql://", "postgres://", "postgresql+psycopg://"])
def test_an_unreachable_server_is_unavailable_and_keeps_the_password(address: str) -> None:
    engine = open_reader(Settings(database_url=f"{address}someone:s3cret@127.0.0.1:1/huiyin?options=-c%20geqo=off"))
    with pytest.raises(DatabaseUnavailable, match=r"127\.0\.0\.1:1/huiyin") as caught, connect(engine):
        pass
    assert "s3cret" not in f"{caught.value!r} {caught.value.__cause__!r}"


@pytest.mark.parametrize("address", ["mysql://u:s3cret@host/db", "nonsense", "", "postgresql://u:s3cret@host:port/db"])
def test_an_address_of_something_else_is_refused(address: str) -> None:
    with pytest.raises(DatabaseUnavailable, match="HUIYIN_DATABASE_URL") as caught:
        open_writer(Settings(database_url=address))
    assert "s3cret" not in repr(caught.value)


def test_a_locked_file_is_unavailable(sqlite_engine: Engine, settings: Settings, monkeypatch) -> None:
    monkeypatch.setattr("data_access.sqlite_connection.BUSY_TIMEOUT_SECONDS", 0.05)
    path = settings.database_url.removeprefix("sqlite:///")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseUnavailable, match="locked"), begin(sqlite_engine):
        pass
    other.close()


def test_a_wrong_statement_is_not_an_unreachable_database(engine: Engine) -> None:
    with pytest.raises(DataAccessError, match="refused") as caught, connect(engine) as connection:
        connection.execute(text("SELEC 1"))
    assert type(caught.value) is DataAccessError


def test_a_row_that_is_not_there_is_a_matter_of_the_question(engine: Engine) -> None:
    with pytest.raises(DataAccessError, match="can't be asked this"), connect(engine) as connection:
        connection.execute(select(org_units)).one()


def test_a_pool_without_a_free_connection_is_busy(engine: Engine) -> None:
    full = PoolTimeout("no connection within 30 seconds")
    with pytest.raises(DatabaseUnavailable, match="busy"), connect(engine):
        raise full
