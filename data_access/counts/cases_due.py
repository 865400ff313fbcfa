"""Cases by their deadline: what was owed by then, and what was done in time."""

from sqlalchemy import and_, not_, or_

from data_access.counts.case_columns import (
    CLOSING,
    LEAVING,
    NEVER_COUNTED,
    At,
    closed_at,
    excluded,
    flags,
    happened,
    is_open,
    tolerated,
)
from data_access.counts.case_rows import CaseRows
from data_access.counts.deadlines import RESOLUTION, RESPONSE, by_deadline
from data_access.counts.standpoint import Standpoint
from data_access.question import Rules
from data_access.tables import cases


def responses_due(seen: Standpoint, rules: Rules) -> tuple[CaseRows, ...]:
    """Cases whose response deadline lies in the period and is over, and what became of them.

    A tolerated case counts as answered in time; ``response_tolerated`` says how many owe that to it.
    """
    met = tolerated(seen)

    def rows(due: At) -> CaseRows:
        responded = happened(cases.c.responded_at, seen)
        on_time = and_(responded, cases.c.responded_at <= due)
        counts = flags(
            {
                "response_due": due.is_not(None),
                "responded": or_(responded, met),
                "responded_on_time": or_(on_time, met),
                "response_tolerated": and_(met, not_(on_time)),
            }
        )
        changes = (cases.c.responded_at, cases.c.excluded_at)
        return CaseRows(due, counts, (not_(excluded(seen, *NEVER_COUNTED)),), changes)

    return by_deadline(rules, RESPONSE, rows)


def resolutions_due(seen: Standpoint, rules: Rules) -> tuple[CaseRows, ...]:
    """Cases whose resolution deadline lies in the period and is over, and what became of them.

    Due = resolved + overdue. A tolerated case counts as resolved in time; ``resolution_tolerated`` says how
    many owe that to it.
    """
    met = tolerated(seen)

    def rows(due: At) -> CaseRows:
        still_open = is_open(seen)
        on_time = and_(not_(still_open), closed_at(seen) <= due)
        counts = flags(
            {
                "resolution_due": due.is_not(None),
                "resolved": or_(not_(still_open), met),
                "resolved_on_time": or_(on_time, met),
                "overdue": and_(still_open, not_(met)),
                "resolution_tolerated": and_(met, not_(on_time)),
            }
        )
        return CaseRows(due, counts, (not_(excluded(seen, *LEAVING)),), (*CLOSING, cases.c.excluded_at))

    return by_deadline(rules, RESOLUTION, rows)
