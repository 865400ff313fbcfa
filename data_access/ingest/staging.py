"""Temporary tables that hold a file's rows until all of them have been checked."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Integer, MetaData, String, Table, text
from sqlalchemy.schema import CreateTable, DropTable

from data_access.ingest.block import Block
from data_access.ingest.schema import source_table
from data_access.ingest.sheet_plan import AT, REOPENED, SEQUENCE, STATE
from data_access.instant import Instant

ROW, SHEET = "row_", "sheet_"
PLACE = (SHEET, ROW)
"""Where a staged row stands in the file: the number of its sheet and its row there."""

_EXTRA_TYPES: dict[str, Any] = {AT: Instant(), STATE: String(), SEQUENCE: BigInteger(), REOPENED: BigInteger()}


@dataclass(frozen=True)
class Stage:
    """A temporary table with the rows meant for ``target``: the columns ``names``, and where each row stands."""

    target: Table
    table: Table
    names: tuple[str, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """The names of the target's key columns."""
        return tuple(column.name for column in self.target.primary_key)


def create_stage(connection: Connection, table_name: str, names: Sequence[str], suffix: str = "") -> Stage:
    """An empty stage for the table; it goes with the transaction."""
    target = source_table(table_name)
    columns: list[Column[Any]] = [
        Column(SHEET, Integer(), nullable=False),
        Column(ROW, BigInteger(), nullable=False),
        *(Column(name, _EXTRA_TYPES[name] if name in _EXTRA_TYPES else target.c[name].type) for name in names),
    ]
    table = Table(
        f"stage_{table_name}{suffix}", MetaData(), *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DROP"
    )
    connection.execute(CreateTable(table))
    return Stage(target, table, tuple(names))


def drop_stages(connection: Connection, stages: Iterable[Stage]) -> None:
    """Remove the stages: on SQLite a temporary table outlives its transaction."""
    for stage in stages:
        connection.execute(DropTable(stage.table))


def load_block(connection: Connection, stage: Stage, sheet: int, block: Block, *, keep_bad: bool) -> None:
    """Write a block into the stage; without ``keep_bad`` only the rows that can be used."""
    columns = [block.values[name] for name in stage.names]
    rows: Iterable[tuple[object, ...]] = zip([sheet] * len(block.rows), block.rows, *columns, strict=True)
    if not keep_bad and block.faults:
        rows = (row for place, row in enumerate(rows) if place not in block.faults)
    load_rows(connection, stage, rows)


def load_rows(connection: Connection, stage: Stage, rows: Iterable[tuple[object, ...]]) -> None:
    """Write rows (where they stand, then the stage's columns) into the stage."""
    load_table(connection, stage.table.name, (*PLACE, *stage.names), rows)


def load_table(connection: Connection, table: str, names: Sequence[str], rows: Iterable[tuple[object, ...]]) -> None:
    """Write rows into a table by the database's quickest way."""
    listing = ", ".join(f'"{name}"' for name in names)
    if connection.dialect.name == "postgresql":
        _copy(connection, f"COPY {table} ({listing}) FROM STDIN (FORMAT csv)", rows)
        return
    marks = ", ".join("?" * len(names))
    taken = list(rows)
    if taken:
        # Names are ours, never the file's.
        connection.exec_driver_sql(f"INSERT INTO {table} ({listing}) VALUES ({marks})", taken)  # noqa: S608


def _copy(connection: Connection, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(buffer.getvalue())


def analyze(connection: Connection, stage: Stage) -> None:
    """Let PostgreSQL know how many rows there are, so that it joins them well."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ANALYZE {stage.table.name}"))
