"""A temporary copy of some cases, over which a statement about cases can run instead."""

from typing import Any, cast

from sqlalchemy import Column, ColumnElement, Connection, MetaData, Select, Table, insert, select, text
from sqlalchemy.schema import CreateTable, DropTable
from sqlalchemy.sql import visitors

from data_access.tables import cases

NAME = "some_cases"


def copy_cases(connection: Connection, condition: ColumnElement[bool]) -> Table:
    """A temporary table with the cases of which the condition is true."""
    columns = [Column(column.name, column.type) for column in cases.columns]
    copy = Table(NAME, MetaData(), *columns, prefixes=["TEMPORARY"])
    connection.execute(CreateTable(copy))
    connection.execute(insert(copy).from_select(copy.columns.keys(), select(cases).where(condition)))
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ANALYZE {NAME}"))
    return copy


def drop_copy(connection: Connection, copy: Table) -> None:
    """Nothing; the copy is gone."""
    connection.execute(DropTable(copy))


def over(statement: Select[Any], copy: Table) -> Select[Any]:
    """The statement with the copy in place of the cases."""

    def replace(element: Any, **_options: object) -> Any:  # noqa: ANN401 - any element of a statement
        if element is cases:
            return copy
        if isinstance(element, Column) and element.table is cases:
            return copy.c[element.name]
        return None

    return cast(Select[Any], visitors.replacement_traverse(statement, {}, replace))
