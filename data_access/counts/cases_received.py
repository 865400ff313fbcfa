"""Cases by the day they were received: at their responsible unit, and at the unit they came from."""

from sqlalchemy import true

from data_access.counts.case_columns import LEAVING, excluded, flags
from data_access.counts.case_rows import CaseRows
from data_access.counts.standpoint import Standpoint
from data_access.dialect import add_hours
from data_access.question import Rules
from data_access.tables import cases

HOURS_TO_REGISTER = 24


def cases_received(seen: Standpoint, _rules: Rules) -> tuple[CaseRows]:
    """Cases received, repeats, those recorded within 24 hours, and those that have left the figures since.

    Every case counts here, whatever its exclusion. ``excluded_cases`` is zero in the full view, where none leaves.
    """
    counts = flags(
        {
            "received": true(),
            "repeats": cases.c.repeat_of.is_not(None),
            "registered_on_time": cases.c.recorded_at <= add_hours(cases.c.received_at, HOURS_TO_REGISTER),
            "excluded_cases": excluded(seen, *LEAVING),
        }
    )
    return (CaseRows(cases.c.received_at, counts, changes=(cases.c.excluded_at,)),)


def cases_by_origin(_seen: Standpoint, _rules: Rules) -> tuple[CaseRows]:
    """Cases received, at the unit they came from."""
    counts = flags({"received_from_origin": true()})
    return (CaseRows(cases.c.received_at, counts, unit=cases.c.origin_unit_id),)
