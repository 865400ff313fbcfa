"""Days and instants written into a statement as text, where there are more of them than parameters allow."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Date
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement

from data_access.instant import Instant, to_text


class Written(ColumnElement[Any]):
    """A day or an instant as a constant of the statement's text; such a statement isn't cached."""

    inherit_cache = False

    def __init__(self, value: date | datetime) -> None:
        self.value = value
        self.type = Instant() if isinstance(value, datetime) else Date()


@compiles(Written, "postgresql")
def _written_on_postgresql(element: Written, _compiler: SQLCompiler, **_options: object) -> str:
    if isinstance(element.value, datetime):
        return f"TIMESTAMPTZ '{element.value.astimezone(UTC).isoformat(sep=' ')}'"
    return f"DATE '{element.value.isoformat()}'"


@compiles(Written, "sqlite")
def _written_on_sqlite(element: Written, _compiler: SQLCompiler, **_options: object) -> str:
    text = to_text(element.value) if isinstance(element.value, datetime) else element.value.isoformat()
    return f"'{text}'"
