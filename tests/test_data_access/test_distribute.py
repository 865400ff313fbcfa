"""Spreading the tables over a Citus cluster: refusals, and the statements that are sent."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from data_access.distribute import DISTRIBUTION_COLUMNS, REFERENCE_TABLES, CannotDistribute, distribute
from data_access.engine import writer
from data_access.settings import Settings
from tests.test_data_access.pretended_cluster import pretend_cluster


@pytest.fixture
def postgres_engine(postgres_settings: Settings) -> Iterator[Engine]:
    with writer(postgres_settings) as engine:
        yield engine


@pytest.fixture
def cluster(postgres_engine: Engine) -> Engine:
    """A database that looks like a coordinator."""
    pretend_cluster(postgres_engine)
    return postgres_engine


def test_sqlite_is_refused(sqlite_engine: Engine) -> None:
    with pytest.raises(CannotDistribute, match=r"SQLite database can't be distributed.*PostgreSQL"):
        distribute(sqlite_engine)


@pytest.mark.postgres
def test_a_server_without_the_extension_is_told_what_to_install(postgres_engine: Engine) -> None:
    with pytest.raises(CannotDistribute, match=r"Install the package .*citus.* CREATE EXTENSION citus"):
        distribute(postgres_engine)


@pytest.mark.postgres
def test_cases_and_events_lie_together_and_all_else_is_copied(cluster: Engine) -> None:
    told: list[str] = []
    done = distribute(cluster, told.append)
    found = spread_tables(cluster)
    assert found.pop("cases") == ("h", "case_no", "default")
    assert found.pop("case_events") == ("h", "case_no", "cases")
    assert found == {table.fullname: ("n", None, None) for table in REFERENCE_TABLES}
    assert set(done) == {*found, *DISTRIBUTION_COLUMNS}
    assert told == list(done)


@pytest.mark.postgres
def test_keys_hold_the_column_that_tables_are_distributed_by(cluster: Engine) -> None:
    distribute(cluster)
    assert key_of(cluster, "case_events") == ["case_no", "id"]
    assert key_of(cluster, "cases") == ["case_no"]
    with cluster.connect() as connection:
        emptied = connection.execute(text("SELECT name::text FROM truncated ORDER BY 1")).scalars().all()
    assert emptied == ["case_events", "cases"]


@pytest.mark.postgres
def test_a_second_run_does_nothing(cluster: Engine) -> None:
    distribute(cluster)
    before = spread_tables(cluster)
    assert distribute(cluster) == ()
    assert spread_tables(cluster) == before


@pytest.mark.postgres
def test_an_interrupted_run_is_carried_on(cluster: Engine) -> None:
    def stop(name: str) -> None:
        if name == "case_events":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        distribute(cluster, stop)
    assert key_of(cluster, "case_events") == ["id"]
    assert distribute(cluster) == ("case_events",)


def spread_tables(engine: Engine) -> dict[str, tuple[str, str | None, str | None]]:
    """How each table was spread; a table that was spread twice fails the test."""
    statement = text("SELECT logicalrelid::text, partmethod, partkey, colocated_with FROM pg_dist_partition")
    with engine.connect() as connection:
        rows = connection.execute(statement).all()
    assert len(rows) == len({row[0] for row in rows})
    return {row[0]: tuple(row[1:]) for row in rows}


def key_of(engine: Engine, table: str) -> list[str]:
    statement = text(
        "SELECT attname FROM pg_constraint JOIN unnest(conkey) WITH ORDINALITY AS part (number, place) ON true "
        "JOIN pg_attribute ON attrelid = conrelid AND attnum = part.number "
        "WHERE conrelid = CAST(:name AS regclass) AND contype = 'p' ORDER BY place"
    )
    with engine.connect() as connection:
        return list(connection.execute(statement, {"name": table}).scalars())
