"""How long the cases received in the period took, or have taken so far: durations for Kaplan-Meier."""

from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, Subquery, case, func, not_, select

from data_access.counts.case_columns import (
    LEAVING,
    NEVER_COUNTED,
    ONE,
    At,
    case_source,
    closed_at,
    dated,
    excluded,
    flag,
    happened,
)
from data_access.counts.grouping import AT, count
from data_access.counts.placing import UNIT, Placing, by_date
from data_access.dialect import instant, local_date, minutes_between
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from data_access.tables import calendar_days, cases
from metrics.counts import Fact

ENDED, OBSERVED, DURATION, CASES = "ended", "observed", "duration", "cases"


def response_minutes(connection: Connection, hierarchy: Hierarchy, question: Question) -> pd.DataFrame:
    """Whole minutes, rounded up, from receipt to first contact; to the as-of time where there was none."""
    placing = by_date(Fact.RESPONSE_MINUTES, hierarchy, question)
    responded_at = case((happened(cases.c.responded_at, question), cases.c.responded_at))
    return _minutes(connection, placing, responded_at, not_(excluded(question, *NEVER_COUNTED)))


def resolution_minutes(connection: Connection, hierarchy: Hierarchy, question: Question) -> pd.DataFrame:
    """Whole minutes, rounded up, from receipt to the closure that stood; to the as-of time for open cases."""
    placing = by_date(Fact.RESOLUTION_MINUTES, hierarchy, question)
    return _minutes(connection, placing, closed_at(question), not_(excluded(question, *LEAVING)))


def resolution_working_days(connection: Connection, hierarchy: Hierarchy, question: Question) -> pd.DataFrame:
    """Working days from the day of receipt to that of the closure that stood, or to that of the as-of time.

    The same day is 0. A case with a day outside the calendar has no duration and no row.
    """
    placing = by_date(Fact.RESOLUTION_WORKING_DAYS, hierarchy, question)
    followed = _followed(placing, closed_at(question), not_(excluded(question, *LEAVING))).subquery("followed")
    first, last = calendar_days.alias("first_day"), calendar_days.alias("last_day")
    time_zone = question.rules.time_zone
    tables = followed.join(first, first.c.date == local_date(followed.c[AT], time_zone)).join(
        last, last.c.date == local_date(followed.c[ENDED], time_zone)
    )
    days = last.c.working_index - first.c.working_index
    return count(connection, placing, _with_duration(placing, followed, days).select_from(tables))


def _minutes(connection: Connection, placing: Placing, milestone: At, *conditions: ColumnElement[bool]) -> pd.DataFrame:
    followed = _followed(placing, milestone, *conditions).subquery("followed")
    minutes = minutes_between(followed.c[AT], followed.c[ENDED])
    return count(connection, placing, _with_duration(placing, followed, minutes))


def _followed(placing: Placing, milestone: At, *conditions: ColumnElement[bool]) -> Select[Any]:
    """One row per case with when it began and ended, or was last seen, and whether the end was observed.

    A milestone before receipt is an error of the record: such a case has no duration.
    """
    received = cases.c.received_at
    ended = func.coalesce(milestone, instant(placing.question.as_of))
    columns = {ENDED: ended, OBSERVED: flag(milestone.is_not(None))}
    in_order = ended >= received
    return case_source(placing, received, columns, *dated(placing, received), in_order, *conditions)


def _with_duration(placing: Placing, followed: Subquery, duration: ColumnElement[int]) -> Select[Any]:
    return select(
        followed.c[UNIT],
        followed.c[AT],
        *(followed.c[name] for name in placing.dimensions),
        duration.label(DURATION),
        followed.c[OBSERVED],
        ONE.label(CASES),
    )
