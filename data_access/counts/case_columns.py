"""What is true of a case at the as-of time, as SQL: existence, exclusion, closure, dimensions.

None of these conditions is ever NULL, so that each may be negated.
"""

from collections.abc import Mapping
from datetime import UTC, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, case, false, func, literal_column, not_, or_, select

from data_access.counts.grouping import AT
from data_access.counts.placing import UNIT, Placing
from data_access.counts.within import within
from data_access.dialect import instant
from data_access.question import Question, View
from data_access.tables import cases

Condition = ColumnElement[bool]
At = ColumnElement[Any]

NEVER_COUNTED = ("duplicate", "withdrawn")
"""Exclusions that leave everything but the cases received."""

NOT_RESOLVED_HERE = ("out_of_remit", "statutory_route")
"""Exclusions that must be answered but leave resolution."""

LEAVING = (*NEVER_COUNTED, *NOT_RESOLVED_HERE)

TOLERATED = "tolerated"

FILTERS = ("track", "grade", "channel", "category")

ONE = literal_column("1", Integer())
ZERO = literal_column("0", Integer())


def flag(condition: Condition) -> ColumnElement[int]:
    """1 where the condition is true, else 0."""
    return case((condition, ONE), else_=ZERO)


def happened(column: At, question: Question) -> Condition:
    """Whether a milestone had happened at the as-of time."""
    return and_(column.is_not(None), column <= instant(question.as_of))


def later(question: Question, time: timedelta) -> ColumnElement[Any]:
    """The instant so long after the as-of time, or before it if negative, by the clock of the world."""
    return instant(question.as_of.astimezone(UTC) + time)


def exists(question: Question) -> Condition:
    """Whether the case was received and recorded at the as-of time."""
    as_of = instant(question.as_of)
    return and_(cases.c.recorded_at <= as_of, cases.c.received_at <= as_of)


def excluded(question: Question, *kinds: str) -> Condition:
    """Whether one of the exclusions applied at the as-of time; in the full view none ever does."""
    if question.view is View.FULL:
        return false()
    return and_(
        func.coalesce(cases.c.exclusion, "").in_(kinds),
        or_(cases.c.excluded_at.is_(None), cases.c.excluded_at <= instant(question.as_of)),
    )


def tolerated(question: Question) -> Condition:
    """Whether the case counts as met, whatever happened."""
    return excluded(question, TOLERATED)


def closures(question: Question) -> tuple[tuple[At, Condition], ...]:
    """The two columns that can hold the closure that stood at the as-of time, each with when it does.

    At most one condition is true of a case. A case reopened later than the as-of time still has its first
    closure, although a second may be known by now.
    """
    final = happened(cases.c.resolved_at, question)
    first = and_(happened(cases.c.first_resolved_at, question), not_(happened(cases.c.reopened_at, question)))
    return (cases.c.resolved_at, final), (cases.c.first_resolved_at, and_(first, not_(final)))


def closed_at(question: Question) -> At:
    """The closure that stood at the as-of time; NULL for an open case."""
    return case(*((condition, column) for column, condition in closures(question)))


def is_open(question: Question) -> Condition:
    """Whether no closure stood at the as-of time."""
    return and_(
        or_(cases.c.resolved_at.is_(None), cases.c.resolved_at > instant(question.as_of)),
        or_(not_(happened(cases.c.first_resolved_at, question)), happened(cases.c.reopened_at, question)),
    )


def restricted() -> Condition:
    """Whether the case counts company-wide only."""
    return cases.c.restricted.is_(True)


def filtered(question: Question) -> list[Condition]:
    """The question's restrictions to one track, grade, channel or category."""
    wanted = {name: getattr(question.filters, name) for name in FILTERS}
    return [cases.c[name] == value for name, value in wanted.items() if value is not None]


def case_source(
    placing: Placing,
    at: At,
    columns: Mapping[str, ColumnElement[Any]],
    *conditions: Condition,
    unit: ColumnElement[str | None] = cases.c.responsible_unit_id,
    dimensions: Mapping[str, ColumnElement[Any]] | None = None,
) -> Select[Any]:
    """One row per case that counts: its unit (None if restricted), date, dimensions, and ``columns``.

    ``dimensions`` are those that aren't columns of a case.
    """
    question = placing.question
    offered = {**cases.c, **(dimensions or {})}
    return select(
        case((restricted(), None), else_=unit).label(UNIT),
        at.label(AT),
        *(offered[name].label(name) for name in placing.dimensions),
        *(column.label(name) for name, column in columns.items()),
    ).where(exists(question), within(placing, unit, at, restricted()), *filtered(question), *conditions)


def dated(placing: Placing, at: At) -> tuple[Condition, Condition]:
    """The conditions that the count's own date lies in the period and isn't later than the as-of time."""
    return placing.holds(at), at <= instant(placing.question.as_of)


def flags(conditions: Mapping[str, Condition]) -> dict[str, ColumnElement[int]]:
    """Each condition as a count of 1 or 0."""
    return {name: flag(condition) for name, condition in conditions.items()}
