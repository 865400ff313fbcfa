"""The standpoint from which rows are counted: what had happened by an instant, in one of the two views."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement

from data_access.dialect import add_seconds, instant
from data_access.question import Question, View


@dataclass(frozen=True)
class Standpoint:
    """What happened by ``as_of`` counts: one instant for a question, a column where each row has its own."""

    as_of: datetime | ColumnElement[Any]
    view: View

    @property
    def at(self) -> ColumnElement[Any]:
        """The as-of time as an SQL expression."""
        return instant(self.as_of)

    def later(self, time: timedelta) -> ColumnElement[Any]:
        """The instant so long after the as-of time, or before it if negative, by the clock of the world."""
        if isinstance(self.as_of, datetime):
            return instant(self.as_of.astimezone(UTC) + time)
        return add_seconds(self.as_of, time // timedelta(seconds=1))


def standpoint(question: Question) -> Standpoint:
    """The standpoint of a question."""
    return Standpoint(question.as_of, question.view)
