"""Cases by the day they were resolved, for the first time or as it stood at the as-of time."""

from datetime import timedelta
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, and_, exists, literal, not_, or_, true, union_all

from data_access.counts.case_columns import (
    LEAVING,
    At,
    Condition,
    case_source,
    closures,
    dated,
    excluded,
    flags,
    happened,
    later,
    restricted,
)
from data_access.counts.deadlines import DUE_DAY, with_last_working_day
from data_access.counts.grouping import count
from data_access.counts.placing import Placing, by_date
from data_access.dialect import add_hours
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from data_access.tables import case_events as events
from data_access.tables import cases
from metrics.counts import Fact

WORKING_DAYS_TO_TELL = 3
DAYS_TO_REOPEN = timedelta(days=30)
OUTCOMES = ("solved", "partly", "explained", "not_now")
GRASSROOTS = ("team", "branch")


def cases_resolved(connection: Connection, hierarchy: Hierarchy, question: Question) -> pd.DataFrame:
    """Cases whose closure that stood at the as-of time lies in the period, and what came with it.

    ``feedback_due`` are those whose third working day after closure is over; outside the calendar none is.
    ``outcome_known`` leaves out codes that aren't outcomes.
    """
    placing = by_date(Fact.CASES_RESOLVED, hierarchy, question)
    sources = (_closed(placing, at, condition) for at, condition in closures(question))
    return count(connection, placing, union_all(*sources))


def _closed(placing: Placing, at: At, condition: Condition) -> Select[Any]:
    question = placing.question
    columns = flags(_when_closed(question))
    conditions = (condition, *dated(placing, at), not_(excluded(question, *LEAVING)))
    tables = with_last_working_day(cases, at, literal(WORKING_DAYS_TO_TELL), question.rules)
    return case_source(placing, at, columns, *conditions).select_from(tables)


def _when_closed(question: Question) -> dict[str, ColumnElement[bool]]:
    tell_by = DUE_DAY.c.ends_at
    feedback_due = happened(tell_by, question)
    publishable = not_(restricted()) & cases.c.confidential.is_not(True)
    return {
        "resolved_in_period": true(),
        "outcome_known": cases.c.outcome.in_(OUTCOMES),
        "solved": cases.c.outcome == "solved",
        "feedback_due": feedback_due,
        "fed_back_on_time": feedback_due & (cases.c.fed_back_at <= tell_by),
        "publishable": publishable,
        "published": publishable & happened(cases.c.published_at, question),
        "resolved_at_grassroots": cases.c.resolved_level.in_(GRASSROOTS)
        & not_(happened(cases.c.escalated_at, question)),
    }


def cases_first_resolved(connection: Connection, hierarchy: Hierarchy, question: Question) -> pd.DataFrame:
    """Cases first resolved in the period and at least 30 days before the as-of time, and those reopened by then.

    Days are of 24 hours, so that no change of the clock makes one case's window longer than another's. A case
    holds its last reopening only; an earlier one is found among its events.
    """
    placing = by_date(Fact.CASES_FIRST_RESOLVED, hierarchy, question)
    mature = later(question, -DAYS_TO_REOPEN)

    def source(at: At, *conditions: Condition) -> Select[Any]:
        columns = flags({"first_resolved": true(), "reopened": _reopened(at)})
        left = excluded(question, *LEAVING)
        return case_source(placing, at, columns, *dated(placing, at), at <= mature, not_(left), *conditions)

    first = source(cases.c.first_resolved_at)
    only = source(cases.c.resolved_at, cases.c.first_resolved_at.is_(None))
    return count(connection, placing, union_all(first, only))


def _reopened(at: At) -> Condition:
    """Whether the case was reopened within 30 days after its first closure."""
    last = add_hours(at, _hours(DAYS_TO_REOPEN))
    own = (events.c.case_no == cases.c.case_no, events.c.kind == "reopened")
    earlier = exists().where(*own, events.c.at >= at, events.c.at <= last)
    return or_(and_(cases.c.reopened_at >= at, cases.c.reopened_at <= last), earlier)


def _hours(time: timedelta) -> int:
    return time // timedelta(hours=1)
