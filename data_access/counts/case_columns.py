"""What is true of a case at the as-of time, as SQL: existence, exclusion, closure.

None of these conditions is ever NULL, so that each may be negated.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, false, func, literal_column, not_, or_

from data_access.counts.standpoint import Standpoint
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


def flags(conditions: Mapping[str, Condition]) -> dict[str, ColumnElement[int]]:
    """Each condition as a count of 1 or 0."""
    return {name: flag(condition) for name, condition in conditions.items()}


def happened(column: At, seen: Standpoint) -> Condition:
    """Whether a milestone had happened at the as-of time."""
    return and_(column.is_not(None), column <= seen.at)


def exists(seen: Standpoint) -> Condition:
    """Whether the case was received and recorded at the as-of time."""
    return and_(cases.c.recorded_at <= seen.at, cases.c.received_at <= seen.at)


def excluded(seen: Standpoint, *kinds: str) -> Condition:
    """Whether one of the exclusions applied at the as-of time; in the full view none ever does."""
    if seen.view is View.FULL:
        return false()
    return and_(
        func.coalesce(cases.c.exclusion, "").in_(kinds),
        or_(cases.c.excluded_at.is_(None), cases.c.excluded_at <= seen.at),
    )


def tolerated(seen: Standpoint) -> Condition:
    """Whether the case counts as met, whatever happened."""
    return excluded(seen, TOLERATED)


def closures(seen: Standpoint) -> tuple[tuple[At, Condition], ...]:
    """The two columns that can hold the closure that stood at the as-of time, each with when it does.

    At most one condition is true of a case. A case reopened later than the as-of time still has its first
    closure, although a second may be known by now.
    """
    final = happened(cases.c.resolved_at, seen)
    first = and_(happened(cases.c.first_resolved_at, seen), not_(happened(cases.c.reopened_at, seen)))
    return (cases.c.resolved_at, final), (cases.c.first_resolved_at, and_(first, not_(final)))


CLOSING = (cases.c.resolved_at, cases.c.first_resolved_at, cases.c.reopened_at)
"""When the closure that stands may change."""


def closed_at(seen: Standpoint) -> At:
    """The closure that stood at the as-of time; NULL for an open case."""
    return case(*((condition, column) for column, condition in closures(seen)))


def is_open(seen: Standpoint) -> Condition:
    """Whether no closure stood at the as-of time."""
    return and_(
        or_(cases.c.resolved_at.is_(None), cases.c.resolved_at > seen.at),
        or_(not_(happened(cases.c.first_resolved_at, seen)), happened(cases.c.reopened_at, seen)),
    )


def restricted() -> Condition:
    """Whether the case counts company-wide only."""
    return cases.c.restricted.is_(True)


def filtered(question: Question) -> list[Condition]:
    """The question's restrictions to one track, grade, channel or category."""
    wanted = {name: getattr(question.filters, name) for name in FILTERS}
    return [cases.c[name] == value for name, value in wanted.items() if value is not None]
