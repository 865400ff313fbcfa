"""The column type for instants: time zone aware in Python, UTC in the database."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

SQLITE_FORMAT = "%Y-%m-%d %H:%M:%S.%f"
"""Fixed width, so that text sorts as time; UTC."""


def to_text(instant: datetime) -> str:
    """The instant as SQLite stores it."""
    return instant.astimezone(UTC).strftime(SQLITE_FORMAT).rjust(26, "0")


class Instant(TypeDecorator[datetime]):
    """An instant: ``timestamptz`` on PostgreSQL, UTC text that sorts on SQLite. Values are aware."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite, a time with time zone elsewhere."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(26))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | datetime | None:
        """What goes into the database; raises ValueError for a time without zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return to_text(value) if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: str | datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The stored instant in UTC."""
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
