"""How far the cases received in a period have come: contacted, resolved, told, rated."""

from sqlalchemy import and_, not_, true

from data_access.counts.case_columns import CLOSING, LEAVING, closed_at, excluded, flags, happened
from data_access.counts.case_rows import CaseRows
from data_access.counts.standpoint import Standpoint
from data_access.question import Rules
from data_access.tables import cases


def cohort(seen: Standpoint, _rules: Rules) -> tuple[CaseRows]:
    """Cases by receipt, and how many of the very same had been contacted, resolved, told and rated by then.

    Each step counts only cases that took the one before it too, so the steps never grow.
    """
    contacted = happened(cases.c.responded_at, seen)
    resolved = and_(contacted, closed_at(seen).is_not(None))
    told = and_(resolved, happened(cases.c.fed_back_at, seen))
    rated = and_(told, cases.c.rating.is_not(None), happened(cases.c.rated_at, seen))
    counts = flags(
        {
            "cohort_received": true(),
            "cohort_contacted": contacted,
            "cohort_resolved": resolved,
            "cohort_told": told,
            "cohort_rated": rated,
        }
    )
    changes = (cases.c.responded_at, *CLOSING, cases.c.fed_back_at, cases.c.rated_at, cases.c.excluded_at)
    return (CaseRows(cases.c.received_at, counts, (not_(excluded(seen, *LEAVING)),), changes),)
