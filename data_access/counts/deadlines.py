"""When a case is due: its own deadline, else the one that follows from its grade at receipt.

Cases with a deadline of their own never touch the calendar; the others join it by their day of receipt.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from data_access.counts.case_columns import At, Condition
from data_access.counts.case_rows import CaseRows
from data_access.counts.grouping import Source
from data_access.counts.placing import Placing, midnight
from data_access.dialect import add_hours, instant, local_date
from data_access.instant import Instant
from data_access.question import Rules
from data_access.tables import calendar_days, cases
from metrics.deadlines import DeadlineRule, Limit

HOURS_IN_DAY = 24
BEGINNING_OF_TIME = datetime(1, 1, 1, tzinfo=UTC)

CaseSource = Callable[[At], Select[Any]]
"""The SQL of cases whose deadline is the given column."""

RowsByDeadline = Callable[[At], CaseRows]
"""The cases that count, if their deadline is the given column."""


@dataclass(frozen=True)
class Deadline:
    """One of a case's two deadlines: the column with its own due time, and the limits of the grades."""

    own: At
    limit: Callable[[DeadlineRule], Limit]


RESPONSE = Deadline(cases.c.response_due_at, lambda rule: rule.response)
RESOLUTION = Deadline(cases.c.resolution_due_at, lambda rule: rule.resolution)


def by_deadline(rules: Rules, deadline: Deadline, rows: RowsByDeadline) -> tuple[CaseRows, CaseRows]:
    """The cases that count by their own deadline, and those by the one that follows from their grade."""
    undated = rows(derived_deadline(rules, deadline))
    return rows(deadline.own), replace(
        undated,
        conditions=(deadline.own.is_(None), *undated.conditions),
        tables=cases_with_calendar(rules, deadline),
        narrowing=lambda placing: received_in_time(placing, deadline),
    )


def with_deadline(rules: Rules, deadline: Deadline, source: CaseSource) -> Source:
    """All cases, whatever their deadline; it is NULL for those that have none."""
    own = source(deadline.own).where(deadline.own.is_not(None))
    undated = source(derived_deadline(rules, deadline)).where(deadline.own.is_(None))
    return union_all(own, undated.select_from(cases_with_calendar(rules, deadline)))


RECEIVED_DAY = calendar_days.alias("received_day")
DUE_DAY = (
    select(calendar_days.c.working_index, func.min(calendar_days.c.ends_at).label("ends_at"))
    .where(calendar_days.c.working)
    .group_by(calendar_days.c.working_index)
    .subquery("due_day")
)
"""The working days, one row each. Grouped so that SQLite indexes them before it joins: twenty times faster."""


def cases_with_calendar(rules: Rules, deadline: Deadline) -> FromClause:
    """The cases, each with its local day of receipt and the last working day its grade allows, where known."""
    allowed = _by_grade(rules, deadline, lambda limit: limit.working_days)
    return with_last_working_day(cases, cases.c.received_at, allowed, rules)


def with_last_working_day(start: FromClause, at: At, allowed: ColumnElement[int], rules: Rules) -> FromClause:
    """``start`` with RECEIVED_DAY, the local day of ``at``, and DUE_DAY, the working day ``allowed`` after it."""
    return start.outerjoin(RECEIVED_DAY, RECEIVED_DAY.c.date == local_date(at, rules.time_zone)).outerjoin(
        DUE_DAY, DUE_DAY.c.working_index == RECEIVED_DAY.c.working_index + allowed
    )


def derived_deadline(rules: Rules, deadline: Deadline) -> At:
    """The deadline by the grade's rule on the day of receipt; NULL without grade or rule.

    Hours run by the clock; a limit in working days ends with the last of them.
    """
    in_hours = _by_grade(rules, deadline, lambda limit: limit.hours)
    return func.coalesce(add_hours(cases.c.received_at, in_hours), DUE_DAY.c.ends_at, type_=Instant())


def _by_grade(rules: Rules, deadline: Deadline, part: Callable[[Limit], int | None]) -> ColumnElement[int]:
    """Hours or working days that the rule in force at receipt allows the case's grade; NULL where it has none."""
    allowed = [
        (_in_force(rule, until, rules), literal(amount, Integer()))
        for rule, until in _versions(rules.deadlines)
        if (amount := part(deadline.limit(rule))) is not None
    ]
    return case(*allowed) if allowed else cast(null(), Integer())


def _in_force(rule: DeadlineRule, until: DeadlineRule | None, rules: Rules) -> Condition:
    conditions = [
        cases.c.grade == rule.grade,
        cases.c.received_at >= instant(midnight(rule.effective_from, rules.time_zone)),
    ]
    if until is not None:
        conditions.append(cases.c.received_at < instant(midnight(until.effective_from, rules.time_zone)))
    return and_(*conditions)


def _versions(deadlines: tuple[DeadlineRule, ...]) -> list[tuple[DeadlineRule, DeadlineRule | None]]:
    """Each rule with the next one for its grade."""
    ordered = sorted(deadlines, key=lambda rule: (rule.grade, rule.effective_from))
    following = [second if second.grade == first.grade else None for first, second in pairwise(ordered)]
    return list(zip(ordered, [*following, None], strict=False))


def received_in_time(placing: Placing, deadline: Deadline) -> tuple[Condition, ...]:
    """A range of receipt, for the index, outside which no derived deadline can lie in the period.

    Whatever is due on a day was received at most the longest allowance before it, counted in the calendar's
    own working days. A day before the calendar begins gives no lower bound.
    """
    rules = placing.question.rules
    if not placing.stretches:
        return ()
    limits = [deadline.limit(rule) for rule in rules.deadlines]
    hours = max((limit.hours or 0 for limit in limits), default=0)
    working_days = max((limit.working_days or 0 for limit in limits), default=0)
    first = placing.stretches[0].start - timedelta(days=hours // HOURS_IN_DAY + 1)
    index = select(calendar_days.c.working_index).where(calendar_days.c.date == first).scalar_subquery()
    earliest = select(func.min(calendar_days.c.begins_at)).where(calendar_days.c.working_index >= index - working_days)
    end = midnight(placing.stretches[-1].end, rules.time_zone)
    return (
        cases.c.received_at >= func.coalesce(earliest.scalar_subquery(), instant(BEGINNING_OF_TIME)),
        cases.c.received_at < instant(end),
    )
