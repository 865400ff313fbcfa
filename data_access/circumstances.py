"""What figures depend on beside counts: targets, the first day with data, and unofficial calendars."""

from bisect import bisect_left
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


@dataclass(frozen=True)
class Givens:
    """What circumstances are made of, the same for every question as long as the data are the same.

    ``targets`` are (indicator, unit id or unit kind, year, value); ``unofficial_days`` the days without an official
    schedule, in order; ``first_received`` when the first case was received, None without cases.
    """

    targets: tuple[tuple[str, str, int, float], ...]
    unofficial_days: tuple[date, ...]
    first_received: datetime | None


def read_givens(connection: Connection) -> Givens:
    """The givens as the database has them; asks only small tables and the end of an index."""
    columns = (targets.c.indicator, targets.c.unit, targets.c.year, targets.c.value)
    days = calendar_days.c
    unofficial = select(days.date).where(days.official.is_(False)).order_by(days.date)
    return Givens(
        targets=tuple((row[0], row[1], row[2], row[3]) for row in connection.execute(select(*columns)).all()),
        unofficial_days=tuple(connection.execute(unofficial).scalars().all()),
        first_received=connection.execute(select(func.min(cases.c.received_at))).scalar_one(),
    )


def read_circumstances(connection: Connection, question: Question, givens: Givens | None = None) -> Circumstances:
    """The circumstances of a question, from the givens if they are known already.

    Tables without an index by date are read only for questions about the time in which the data begin.
    """
    known = givens or read_givens(connection)
    years = {part.last_day.year for part in question.parts}
    return Circumstances(
        targets=tuple(((one, unit, year), value) for one, unit, year, value in known.targets if year in years),
        first_day=_first_day(connection, question, known.first_received),
        unofficial_parts=frozenset(
            part.start for part in question.parts if _has_day_in(known.unofficial_days, part.start, part.end)
        ),
    )


def _has_day_in(days: Sequence[date], start: date, end: date) -> bool:
    place = bisect_left(days, start)
    return place < len(days) and days[place] < end


def _first_day(connection: Connection, question: Question, received: datetime | None) -> date | None:
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
