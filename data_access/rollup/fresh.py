"""Fresh tables beside the rollups: filled in peace, then put in their place at one stroke."""

from collections.abc import Mapping

from sqlalchemy import Connection, MetaData, Table, text

from data_access.rollup_tables import case_blocks, case_counts_ahead, case_words

INDEXES: Mapping[Table, tuple[tuple[str, ...], ...]] = {
    case_blocks: (("kind", "grain", "segment", "anchor"), ("partition",)),
    case_words: (),
    case_counts_ahead: (("counts_from",),),
}
"""The rollups of cases with their indexes: by what pages look, and by what a refresh deletes."""

SUFFIX = "_fresh"


def create_fresh(connection: Connection) -> dict[str, Table]:
    """An empty table beside each rollup of cases, by the rollup's name."""
    fresh = {table.name: table.to_metadata(MetaData(), name=f"{table.name}{SUFFIX}") for table in INDEXES}
    for table in fresh.values():
        table.drop(connection, checkfirst=True)
        table.create(connection)
        prepare(connection, table)
    return fresh


def prepare(connection: Connection, table: Table) -> None:
    """Nothing; PostgreSQL doesn't log the table, which can be made again, and leaves packed columns as they are."""
    if connection.dialect.name != "postgresql":
        return
    connection.execute(text(f"ALTER TABLE {table.fullname} SET UNLOGGED"))
    if "data" in table.columns:
        connection.execute(text(f"ALTER TABLE {table.fullname} ALTER COLUMN data SET STORAGE EXTERNAL"))


def put_in_place(connection: Connection, fresh: Mapping[str, Table]) -> None:
    """Nothing; the fresh tables are the rollups now, with their indexes; pages wait no longer than for a name."""
    early = connection.dialect.name == "postgresql"
    if early:
        for table in INDEXES:
            create_indexes(connection, table, fresh[table.name])
    for table in INDEXES:
        table.drop(connection)
        connection.execute(text(f"ALTER TABLE {fresh[table.name].fullname} RENAME TO {_new_name(connection, table)}"))
        if early:
            _rename_indexes(connection, table)
        else:
            create_indexes(connection, table, table)


def create_indexes(connection: Connection, rollup: Table, table: Table) -> None:
    """Nothing; the table has the indexes of the rollup that it is, or will be."""
    for columns in INDEXES[rollup]:
        target = ", ".join(columns)
        connection.execute(text(f"CREATE INDEX {_index_name(table.name, columns)} ON {table.fullname} ({target})"))


def _rename_indexes(connection: Connection, table: Table) -> None:
    for columns in INDEXES[table]:
        fresh, own = _index_name(f"{table.name}{SUFFIX}", columns), _index_name(table.name, columns)
        connection.execute(text(f"ALTER INDEX {table.schema}.{fresh} RENAME TO {own}"))


def _index_name(table_name: str, columns: tuple[str, ...]) -> str:
    return f"ix_{table_name}_{columns[-1]}"


def _new_name(connection: Connection, table: Table) -> str:
    return table.name if connection.dialect.name == "postgresql" else table.fullname
