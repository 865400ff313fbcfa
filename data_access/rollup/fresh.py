"""Fresh tables beside the rollups: filled in peace, then put in their place at one stroke."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, MetaData, Table, text

from data_access.rollup_tables import (
    case_blocks,
    case_counts_ahead,
    case_words,
    duty_counts,
    event_counts,
    unit_counts,
    zone_load_counts,
)


@dataclass(frozen=True)
class Lookup:
    """An index: the columns looked up by, and the grain whose rows it holds, None for all rows."""

    columns: tuple[str, ...]
    grain: str | None = None

    def name(self, table_name: str) -> str:
        """The name of the index on a table of that name."""
        return f"ix_{table_name}_{self.grain or self.columns[-1]}"


def _of_grains(*columns: str) -> tuple[Lookup, ...]:
    """How pages look in the rollups of units: for units by the columns given, and for all branches or the company."""
    day = next(name for name in columns if name != "unit_id")
    return Lookup(columns, "unit"), Lookup((day,), "branch"), Lookup((day,), "company")


INDEXES: Mapping[Table, tuple[Lookup, ...]] = {
    case_blocks: (Lookup(("kind", "grain", "segment", "anchor")), Lookup(("partition",))),
    case_words: (),
    case_counts_ahead: (Lookup(("counts_from",)),),
    duty_counts: _of_grains("unit_id", "segment"),
    unit_counts: _of_grains("day", "unit_id"),
    zone_load_counts: _of_grains("day", "unit_id"),
    event_counts: (Lookup(("partition",)), *_of_grains("unit_id", "segment")),
}
"""The rollups with their indexes: by what pages look, and by what a refresh deletes.

What stands on a day is asked for by single days, all units or some; other counts by months, of some units.
"""

ROLLUPS_OF_CASES = (case_blocks, case_words, case_counts_ahead)

SUFFIX = "_fresh"


def create_fresh(connection: Connection, rollups: Iterable[Table] = ROLLUPS_OF_CASES) -> dict[str, Table]:
    """An empty table beside each of the rollups, by the rollup's name; it has no indexes, which slow filling down."""
    fresh = {table.name: table.to_metadata(MetaData(), name=f"{table.name}{SUFFIX}") for table in rollups}
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


def index_early(connection: Connection, fresh: Mapping[str, Table]) -> frozenset[str]:
    """The rollups whose fresh tables, which are full, have their indexes now: all on PostgreSQL, else none.

    SQLite's indexes have their names for good, which the rollups' own still bear.
    """
    early = [table for table in INDEXES if table.name in fresh and connection.dialect.name == "postgresql"]
    for table in early:
        create_indexes(connection, table, fresh[table.name])
    return frozenset(table.name for table in early)


def put_in_place(connection: Connection, fresh: Mapping[str, Table], indexed: Collection[str] = frozenset()) -> None:
    """Nothing; the fresh tables are the rollups now, with their indexes; pages wait no longer than for a name.

    ``indexed`` are those that have their indexes already.
    """
    index_early(connection, {name: table for name, table in fresh.items() if name not in indexed})
    early = connection.dialect.name == "postgresql"
    for table in (table for table in INDEXES if table.name in fresh):
        table.drop(connection)
        connection.execute(text(f"ALTER TABLE {fresh[table.name].fullname} RENAME TO {_new_name(connection, table)}"))
        if early:
            _rename_indexes(connection, table)
        else:
            create_indexes(connection, table, table)


def create_indexes(connection: Connection, rollup: Table, table: Table) -> None:
    """Nothing; the table has the indexes of the rollup that it is, or will be."""
    for lookup in INDEXES[rollup]:
        some = "" if lookup.grain is None else f" WHERE grain = '{lookup.grain}'"
        target = f"{table.fullname} ({', '.join(lookup.columns)}){some}"
        connection.execute(text(f"CREATE INDEX {lookup.name(table.name)} ON {target}"))


def _rename_indexes(connection: Connection, table: Table) -> None:
    for lookup in INDEXES[table]:
        fresh, own = lookup.name(f"{table.name}{SUFFIX}"), lookup.name(table.name)
        connection.execute(text(f"ALTER INDEX {table.schema}.{fresh} RENAME TO {own}"))


def _new_name(connection: Connection, table: Table) -> str:
    return table.name if connection.dialect.name == "postgresql" else table.fullname
