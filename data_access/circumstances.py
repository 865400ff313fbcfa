"""What figures depend on beside counts: targets, the first day with data, and unofficial calendars."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Column, Connection, func, select

from data_access.question import Question
from data_access.tables import (
    activities,
    calendar_days,
    cases,
    chat_group_months,
    chat_groups,
    consultations,
    contact_points,
    duties,
    headcounts,
    liaisons,
    targets,
    zones,
)
from metrics.period import Period

FIRST_DATES = (
    headcounts.c.month,
    duties.c.period_start,
    contact_points.c.month,
    chat_group_months.c.month,
    consultations.c.held_on,
    activities.c.held_on,
)
"""Where a company's data begin, beside its first case."""

STANDING_DATES = (zones.c.valid_from, liaisons.c.valid_from, chat_groups.c.created_on)
"""Where they begin while there is nothing else: what stands often began long before anything was recorded."""


@dataclass(frozen=True)
class Circumstances:
    """``first_day`` is the first local day with data, None while there are none.

    ``targets`` are by indicator, unit id or unit kind, and year. ``unofficial_parts`` are the first days of
    the question's parts in which a year has no official schedule of working days.
    """

    targets: tuple[tuple[tuple[str, str, int], float], ...]
    first_day: date | None
    unofficial_parts: frozenset[date]


def read_circumstances(connection: Connection, question: Question) -> Circumstances:
    """The circumstances of a question; asks only small tables and the ends of indexes."""
    return Circumstances(
        targets=_targets(connection),
        first_day=_first_day(connection, question),
        unofficial_parts=frozenset(part.start for part in question.parts if _is_unofficial(connection, part)),
    )


def _targets(connection: Connection) -> tuple[tuple[tuple[str, str, int], float], ...]:
    columns = (targets.c.indicator, targets.c.unit, targets.c.year, targets.c.value)
    return tuple(((row.indicator, row.unit, row.year), row.value) for row in connection.execute(select(*columns)))


def _first_day(connection: Connection, question: Question) -> date | None:
    received: datetime | None = connection.execute(select(func.min(cases.c.received_at))).scalar_one()
    first_case = received and received.astimezone(question.rules.time_zone).date()
    return _earliest(first_case, *_first_dates(connection, FIRST_DATES)) or _earliest(
        *_first_dates(connection, STANDING_DATES)
    )


def _first_dates(connection: Connection, columns: Sequence[Column[date]]) -> list[date | None]:
    firsts = (select(func.min(column)).scalar_subquery() for column in columns)
    return list(connection.execute(select(*firsts)).one())


def _earliest(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)


def _is_unofficial(connection: Connection, part: Period) -> bool:
    days = calendar_days.c
    found = select(days.date).where(days.date >= part.start, days.date < part.end, days.official.is_(False)).limit(1)
    return connection.execute(found).first() is not None
