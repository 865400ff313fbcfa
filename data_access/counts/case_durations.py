"""How long the cases received in the period took, or have taken so far: durations for Kaplan-Meier."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, case, func, not_

from data_access.counts.case_columns import (
    CLOSING,
    LEAVING,
    NEVER_COUNTED,
    ONE,
    At,
    Condition,
    closed_at,
    excluded,
    flag,
    happened,
)
from data_access.counts.case_rows import CaseRows
from data_access.counts.standpoint import Standpoint
from data_access.dialect import local_date, minutes_between
from data_access.question import Rules
from data_access.tables import calendar_days, cases

OBSERVED, DURATION, CASES = "observed", "duration", "cases"

_FIRST_DAY, _LAST_DAY = calendar_days.alias("first_day"), calendar_days.alias("last_day")


def response_minutes(seen: Standpoint, _rules: Rules) -> tuple[CaseRows]:
    """Whole minutes, rounded up, from receipt to first contact; to the as-of time where there was none."""
    responded_at = case((happened(cases.c.responded_at, seen), cases.c.responded_at))
    changes = (cases.c.responded_at, cases.c.excluded_at)
    return (_minutes(seen, responded_at, changes, not_(excluded(seen, *NEVER_COUNTED))),)


def resolution_minutes(seen: Standpoint, _rules: Rules) -> tuple[CaseRows]:
    """Whole minutes, rounded up, from receipt to the closure that stood; to the as-of time for open cases."""
    return (_minutes(seen, closed_at(seen), (*CLOSING, cases.c.excluded_at), not_(excluded(seen, *LEAVING))),)


def resolution_working_days(seen: Standpoint, rules: Rules) -> tuple[CaseRows]:
    """Working days from the day of receipt to that of the closure that stood, or to that of the as-of time.

    The same day is 0. A case with a day outside the calendar has no duration and no row.
    """
    closed = closed_at(seen)
    first_day = local_date(cases.c.received_at, rules.time_zone)
    last_day = local_date(func.coalesce(closed, seen.at), rules.time_zone)
    tables = cases.join(_FIRST_DAY, _FIRST_DAY.c.date == first_day).join(_LAST_DAY, _LAST_DAY.c.date == last_day)
    days = _LAST_DAY.c.working_index - _FIRST_DAY.c.working_index
    changes = (*CLOSING, cases.c.excluded_at)
    return (_lasting(seen, closed, days, changes, not_(excluded(seen, *LEAVING)), tables=tables),)


def _minutes(seen: Standpoint, milestone: At, changes: tuple[At, ...], *conditions: Condition) -> CaseRows:
    minutes = minutes_between(cases.c.received_at, func.coalesce(milestone, seen.at))
    return _lasting(seen, milestone, minutes, changes, *conditions)


def _lasting(
    seen: Standpoint,
    milestone: At,
    duration: ColumnElement[Any],
    changes: tuple[At, ...],
    *conditions: Condition,
    tables: FromClause = cases,
) -> CaseRows:
    """Cases with their durations. A milestone before receipt is an error of the record: such a case has none."""
    in_order = func.coalesce(milestone, seen.at) >= cases.c.received_at
    values = {DURATION: duration, OBSERVED: flag(milestone.is_not(None))}
    return CaseRows(cases.c.received_at, {CASES: ONE}, (in_order, *conditions), changes, values, tables=tables)
