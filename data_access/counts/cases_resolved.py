"""Cases by the day they were resolved, for the first time or as it stood at the as-of time."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, literal, not_, or_, true

from data_access.counts.case_columns import (
    CLOSING,
    LEAVING,
    At,
    Condition,
    closures,
    excluded,
    flags,
    happened,
    restricted,
)
from data_access.counts.case_rows import CaseRows
from data_access.counts.deadlines import DUE_DAY, with_last_working_day
from data_access.counts.placing import Placing
from data_access.counts.standpoint import Standpoint
from data_access.dialect import add_hours, add_seconds
from data_access.question import Rules
from data_access.tables import case_events as events
from data_access.tables import cases

WORKING_DAYS_TO_TELL = 3
DAYS_TO_REOPEN = timedelta(days=30)
OUTCOMES = ("solved", "partly", "explained", "not_now")
GRASSROOTS = ("team", "branch")


def cases_resolved(seen: Standpoint, rules: Rules) -> tuple[CaseRows, ...]:
    """Cases whose closure that stood at the as-of time lies in the period, and what came with it.

    ``feedback_due`` are those whose third working day after closure is over; outside the calendar none is.
    ``outcome_known`` leaves out codes that aren't outcomes.
    """
    (final, stands), (first, stood) = closures(seen)
    return _closed(seen, rules, final, stands), replace(_closed(seen, rules, first, stood), narrowing=_closed_again)


def _closed_again(_placing: Placing) -> tuple[Condition, ...]:
    """What is true of a case whose first closure stands while its last one doesn't; written as its index has it."""
    return (or_(cases.c.resolved_at.is_(None), cases.c.resolved_at != cases.c.first_resolved_at),)


def _closed(seen: Standpoint, rules: Rules, at: At, condition: Condition) -> CaseRows:
    return CaseRows(
        at,
        flags(_when_closed(seen)),
        (condition, not_(excluded(seen, *LEAVING))),
        changes=(*CLOSING, DUE_DAY.c.ends_at, cases.c.published_at, cases.c.escalated_at, cases.c.excluded_at),
        tables=with_last_working_day(cases, at, literal(WORKING_DAYS_TO_TELL), rules),
    )


def _when_closed(seen: Standpoint) -> dict[str, ColumnElement[bool]]:
    tell_by = DUE_DAY.c.ends_at
    feedback_due = happened(tell_by, seen)
    publishable = not_(restricted()) & cases.c.confidential.is_not(True)
    return {
        "resolved_in_period": true(),
        "outcome_known": cases.c.outcome.in_(OUTCOMES),
        "solved": cases.c.outcome == "solved",
        "feedback_due": feedback_due,
        "fed_back_on_time": feedback_due & (cases.c.fed_back_at <= tell_by),
        "publishable": publishable,
        "published": publishable & happened(cases.c.published_at, seen),
        "resolved_at_grassroots": cases.c.resolved_level.in_(GRASSROOTS) & not_(happened(cases.c.escalated_at, seen)),
    }


def cases_first_resolved(seen: Standpoint, _rules: Rules) -> tuple[CaseRows, ...]:
    """Cases first resolved in the period and at least 30 days before the as-of time, and those reopened by then.

    Days are of 24 hours, so that no change of the clock makes one case's window longer than another's. A case
    holds its last reopening only; an earlier one is found among its events.
    """
    only = cases.c.first_resolved_at.is_(None)
    return _first_closed(seen, cases.c.first_resolved_at), _first_closed(seen, cases.c.resolved_at, only)


def _first_closed(seen: Standpoint, at: At, *conditions: Condition) -> CaseRows:
    counts = flags({"first_resolved": true(), "reopened": _reopened(at)})
    mature = at <= seen.later(-DAYS_TO_REOPEN)
    changes = (add_seconds(at, DAYS_TO_REOPEN // timedelta(seconds=1)), cases.c.excluded_at)
    return CaseRows(at, counts, (mature, not_(excluded(seen, *LEAVING)), *conditions), changes)


def _reopened(at: At) -> Condition:
    """Whether the case was reopened within 30 days after its first closure."""
    last = add_hours(at, _hours(DAYS_TO_REOPEN))
    own = (events.c.case_no == cases.c.case_no, events.c.kind == "reopened")
    earlier = exists().where(*own, events.c.at >= at, events.c.at <= last)
    return or_(and_(cases.c.reopened_at >= at, cases.c.reopened_at <= last), earlier)


def _hours(time: timedelta) -> int:
    return time // timedelta(hours=1)
