"""What figures depend on beside counts: targets, the first day with data, and unofficial calendars."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from data_access.question import Question
from data_access.tables import activities, calendar_days, cases, consultations, duties, headcounts, targets, zones
from metrics.period import Period

FIRST_DATES = (
    headcounts.c.month,
    duties.c.period_start,
    consultations.c.held_on,
    activities.c.held_on,
)
"""Where a company's data begin, beside its first case."""


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
    days: list[date | None] = list(
        connection.execute(select(*(select(func.min(day)).scalar_subquery() for day in FIRST_DATES))).one()
    )
    if received is not None:
        days.append(received.astimezone(question.rules.time_zone).date())
    known = [day for day in days if day is not None]
    # Zones often began long before anything else was recorded, so they count only where there is nothing else.
    return min(known) if known else connection.execute(select(func.min(zones.c.valid_from))).scalar_one()


def _is_unofficial(connection: Connection, part: Period) -> bool:
    days = calendar_days.c
    found = select(days.date).where(days.date >= part.start, days.date < part.end, days.official.is_(False)).limit(1)
    return connection.execute(found).first() is not None
