"""The moments after the newest as-of time at which cases count otherwise: deadlines pass, waiting times end."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    FromClause,
    MetaData,
    Select,
    String,
    Table,
    func,
    insert,
    literal,
    select,
    text,
    union,
)
from sqlalchemy.schema import CreateTable, DropTable

from data_access.counts.case_columns import At
from data_access.instant import Instant
from data_access.rollup.grid import Grid
from data_access.rollup.scratch import over
from data_access.tables import cases

NAME = "moments_ahead"


def find_moments(connection: Connection, grid: Grid, copy: Table, instants: Iterable[tuple[At, FromClause]]) -> Table:
    """A temporary table: one row per case of the copy and moment, with the moment before."""
    columns = [Column("case_no", String()), Column("at", Instant()), Column("before", Instant())]
    table = Table(NAME, MetaData(), *columns, prefixes=["TEMPORARY"])
    connection.execute(CreateTable(table))
    found = union(*(over(statement, copy) for statement in _ahead(grid, instants))).subquery("found")
    earlier = func.lag(found.c.at).over(partition_by=found.c.case_no, order_by=found.c.at)
    before = func.coalesce(earlier, literal(grid.known_until, Instant()))
    connection.execute(insert(table).from_select(table.columns.keys(), select(found.c.case_no, found.c.at, before)))
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ANALYZE {NAME}"))
    return table


def drop_moments(connection: Connection, table: Table) -> None:
    """Nothing; the table is gone."""
    connection.execute(DropTable(table))


def _ahead(grid: Grid, instants: Iterable[tuple[At, FromClause]]) -> list[Select[Any]]:
    """A statement for each instant; columns of the cases themselves are asked only once."""
    own = {at.name: (at, cases) for at, _ in instants if isinstance(at, Column) and at.table is cases}
    others = [(at, tables) for at, tables in instants if not (isinstance(at, Column) and at.table is cases)]
    return [
        select(cases.c.case_no, at.label("at")).select_from(tables).where(at > literal(grid.known_until, Instant()))
        for at, tables in (*own.values(), *others)
    ]
