"""Tests of migrations: they make exactly the tables that the contract says."""

import threading

import pytest
from sqlalchemy import Column, Connection, Engine, create_engine, inspect, text
from sqlalchemy.engine.interfaces import ReflectedColumn

from data_access.dialect import own_name
from data_access.engine import begin, connect, open_reader, open_writer
from data_access.errors import DataAccessError, DatabaseNotReady, DatabaseUnavailable
from data_access.migrate import VERSION_TABLE, is_current, upgrade
from data_access.rollup_tables import ROLLUP_TABLES
from data_access.settings import Settings
from data_access.tables import OWN_TABLES, SOURCE_TABLES, metadata


def test_the_contract_lists_every_table() -> None:
    assert {*SOURCE_TABLES, *OWN_TABLES, *ROLLUP_TABLES} == set(metadata.tables.values())


def test_migrated_columns_are_those_of_the_contract(engine: Engine) -> None:
    inspector, dialect = inspect(engine), engine.dialect
    for table in metadata.tables.values():
        schema, name = own_name(table, dialect.name)
        found = [as_found(column, engine) for column in inspector.get_columns(name, schema=schema)]
        assert found == [as_agreed(column, engine) for column in table.columns], table.name


def as_agreed(column: Column, engine: Engine) -> tuple[str, str, bool, str | None]:
    kind = column.type.compile(engine.dialect)
    if engine.dialect.name == "sqlite":
        return column.name, kind, column.nullable, None
    return column.name, kind.replace("FLOAT", "DOUBLE PRECISION"), column.nullable, column.comment


def as_found(column: ReflectedColumn, engine: Engine) -> tuple[str, str, bool, str | None]:
    return column["name"], column["type"].compile(engine.dialect), column["nullable"], column.get("comment")


def test_migrated_keys_and_indexes_are_those_of_the_contract(engine: Engine) -> None:
    inspector = inspect(engine)
    for table in metadata.tables.values():
        schema, name = own_name(table, engine.dialect.name)
        key = inspector.get_pk_constraint(name, schema=schema)
        assert key["constrained_columns"] == [column.name for column in table.primary_key], table.name
        assert key["name"] == (f"pk_{table.name}" if key["constrained_columns"] else None)
        if table in ROLLUP_TABLES:
            continue
        found = {index["name"]: index["column_names"] for index in inspector.get_indexes(name, schema=schema)}
        assert found == {index.name: [column.name for column in index.columns] for index in table.indexes}


def test_migrated_tables_carry_their_meaning(postgres_settings: Settings) -> None:
    writer = open_writer(postgres_settings)
    inspector = inspect(writer)
    for table in metadata.tables.values():
        assert inspector.get_table_comment(table.name, schema=table.schema)["text"] == table.comment
    writer.dispose()


def test_no_other_tables_are_made(engine: Engine) -> None:
    own_schema = "assessment" if engine.dialect.name == "postgresql" else None
    inspector = inspect(engine)
    found = {*inspector.get_table_names(), *inspector.get_table_names(schema=own_schema)}
    expected = {own_name(table, engine.dialect.name)[1] for table in metadata.tables.values()}
    assert found == expected | {"huiyin_version"}


def test_upgrading_again_changes_nothing(engine: Engine) -> None:
    upgrade(engine)
    assert is_current(engine)


def test_an_empty_database_is_not_current(tmp_path) -> None:
    writer = open_writer(Settings(database_url=f"sqlite:///{tmp_path}/new.db"))
    assert not is_current(writer)
    upgrade(writer)
    assert is_current(writer)
    writer.dispose()


def test_two_processes_may_upgrade_at_once(engine: Engine, settings: Settings) -> None:
    with begin(engine) as connection:
        empty(connection)
    engine.dispose()
    failures: list[BaseException] = []
    threads = [threading.Thread(target=upgrade_alone, args=(settings, failures)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert is_current(engine)


def empty(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP SCHEMA assessment CASCADE")
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
        return
    for name in inspect(connection).get_table_names():
        connection.exec_driver_sql(f'DROP TABLE "{name}"')


def upgrade_alone(settings: Settings, failures: list[BaseException]) -> None:
    writer = open_writer(settings)
    try:
        upgrade(writer)
    except BaseException as error:
        failures.append(error)
    writer.dispose()


def test_a_failed_upgrade_leaves_the_database_as_it_was(tmp_path) -> None:
    url = f"sqlite:///{tmp_path}/other.db"
    stranger = create_engine(url)
    with stranger.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE zones (something TEXT)")
    stranger.dispose()
    writer = open_writer(Settings(database_url=url))
    with pytest.raises(DataAccessError):
        upgrade(writer)
    assert inspect(writer).get_table_names() == ["zones"]
    writer.dispose()


def test_asking_an_unreachable_server_says_so() -> None:
    reader = open_reader(Settings(database_url="postgresql://u:p@127.0.0.1:1/huiyin"))
    with pytest.raises(DatabaseUnavailable):
        is_current(reader)


def test_a_reader_may_ask_whether_it_is_current(engine: Engine, settings: Settings) -> None:
    reader = open_reader(settings)
    assert is_current(reader)
    with connect(reader):
        pass
    reader.dispose()


def test_tables_of_a_newer_version_are_told_and_left_alone(engine: Engine) -> None:
    with begin(engine) as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(DatabaseNotReady, match="newer version"):
        upgrade(engine)
    assert not is_current(engine)
