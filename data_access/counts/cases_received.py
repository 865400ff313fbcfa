"""Cases by the day they were received: at their responsible unit, and at the unit they came from."""

import pandas as pd
from sqlalchemy import Connection, true

from data_access.counts.case_columns import LEAVING, case_source, dated, excluded, flags
from data_access.counts.grouping import count
from data_access.counts.placing import by_date
from data_access.dialect import add_hours
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from data_access.tables import cases
from metrics.counts import Fact

HOURS_TO_REGISTER = 24


def cases_received(connection: Connection, hierarchy: Hierarchy, question: Question) -> pd.DataFrame:
    """Cases received, repeats, those recorded within 24 hours, and those that have left the figures since.

    Every case counts here, whatever its exclusion. ``excluded_cases`` is zero in the full view, where none leaves.
    """
    placing = by_date(Fact.CASES_RECEIVED, hierarchy, question)
    columns = flags(
        {
            "received": true(),
            "repeats": cases.c.repeat_of.is_not(None),
            "registered_on_time": cases.c.recorded_at <= add_hours(cases.c.received_at, HOURS_TO_REGISTER),
            "excluded_cases": excluded(question, *LEAVING),
        }
    )
    source = case_source(placing, cases.c.received_at, columns, *dated(placing, cases.c.received_at))
    return count(connection, placing, source)


def cases_by_origin(connection: Connection, hierarchy: Hierarchy, question: Question) -> pd.DataFrame:
    """Cases received, at the unit they came from."""
    placing = by_date(Fact.CASES_BY_ORIGIN, hierarchy, question)
    source = case_source(
        placing,
        cases.c.received_at,
        flags({"received_from_origin": true()}),
        *dated(placing, cases.c.received_at),
        unit=cases.c.origin_unit_id,
    )
    return count(connection, placing, source)
