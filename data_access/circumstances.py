"""What figures depend on beside counts: targets, the first day with data, and unofficial calendars."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Column, Connection, and_, false, func, or_, select

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
from metrics.period import quarter_period

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

    It is the day of the first case where that lies before the quarter in which the question's parts begin: what
    came earlier still makes no difference then. ``targets`` are by indicator, unit id or unit kind, and year, of
    the years in which the parts end. ``unofficial_parts`` are the first days of the parts in which a year has no
    official schedule of working days.
    """

    targets: tuple[tuple[tuple[str, str, int], float], ...]
    first_day: date | None
    unofficial_parts: frozenset[date]


def read_circumstances(connection: Connection, question: Question) -> Circumstances:
    """The circumstances of a question; asks only small tables and the ends of indexes.

    Tables without such an index are read only for questions about the time in which the data begin.
    """
    return Circumstances(
        targets=_targets(connection, question),
        first_day=_first_day(connection, question),
        unofficial_parts=_unofficial_parts(connection, question),
    )


def _targets(connection: Connection, question: Question) -> tuple[tuple[tuple[str, str, int], float], ...]:
    columns = (targets.c.indicator, targets.c.unit, targets.c.year, targets.c.value)
    years = sorted({part.last_day.year for part in question.parts})
    rows = connection.execute(select(*columns).where(targets.c.year.in_(years)))
    return tuple(((row.indicator, row.unit, row.year), row.value) for row in rows)


def _first_day(connection: Connection, question: Question) -> date | None:
    received: datetime | None = connection.execute(select(func.min(cases.c.received_at))).scalar_one()
    first_case = received and received.astimezone(question.rules.time_zone).date()
    if first_case and all(first_case <= quarter_period(part.start).start for part in question.parts):
        return first_case
    return _earliest(first_case, *_first_dates(connection, FIRST_DATES)) or _earliest(
        *_first_dates(connection, STANDING_DATES)
    )


def _first_dates(connection: Connection, columns: Sequence[Column[date]]) -> list[date | None]:
    firsts = (select(func.min(column)).scalar_subquery() for column in columns)
    return list(connection.execute(select(*firsts)).one())


def _earliest(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)


def _unofficial_parts(connection: Connection, question: Question) -> frozenset[date]:
    days = calendar_days.c
    inside = (and_(days.date >= part.start, days.date < part.end) for part in question.parts)
    unofficial = (
        connection.execute(select(days.date).where(days.official.is_(False), or_(false(), *inside))).scalars().all()
    )
    return frozenset(part.start for part in question.parts if any(part.start <= day < part.end for day in unofficial))
