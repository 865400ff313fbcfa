"""Cases by their deadline: what was owed by then, and what was done in time."""

from typing import Any

import pandas as pd
from sqlalchemy import Connection, Select, and_, not_, or_

from data_access.counts.case_columns import (
    LEAVING,
    NEVER_COUNTED,
    At,
    case_source,
    closed_at,
    excluded,
    flags,
    happened,
    is_open,
    tolerated,
)
from data_access.counts.deadlines import RESOLUTION, RESPONSE, by_deadline
from data_access.counts.grouping import count
from data_access.counts.placing import by_date
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from data_access.tables import cases
from metrics.counts import Fact


def responses_due(connection: Connection, hierarchy: Hierarchy, question: Question) -> pd.DataFrame:
    """Cases whose response deadline lies in the period and is over, and what became of them.

    A tolerated case counts as answered in time; ``response_tolerated`` says how many owe that to it.
    """
    placing = by_date(Fact.RESPONSES_DUE, hierarchy, question)
    met = tolerated(question)

    def source(due: At) -> Select[Any]:
        responded = happened(cases.c.responded_at, question)
        on_time = and_(responded, cases.c.responded_at <= due)
        columns = flags(
            {
                "response_due": due.is_not(None),
                "responded": or_(responded, met),
                "responded_on_time": or_(on_time, met),
                "response_tolerated": and_(met, not_(on_time)),
            }
        )
        return case_source(placing, due, columns, not_(excluded(question, *NEVER_COUNTED)))

    return count(connection, placing, by_deadline(placing, RESPONSE, source))


def resolutions_due(connection: Connection, hierarchy: Hierarchy, question: Question) -> pd.DataFrame:
    """Cases whose resolution deadline lies in the period and is over, and what became of them.

    Due = resolved + overdue. A tolerated case counts as resolved in time; ``resolution_tolerated`` says how
    many owe that to it.
    """
    placing = by_date(Fact.RESOLUTIONS_DUE, hierarchy, question)
    met = tolerated(question)

    def source(due: At) -> Select[Any]:
        still_open = is_open(question)
        on_time = and_(not_(still_open), closed_at(question) <= due)
        columns = flags(
            {
                "resolution_due": due.is_not(None),
                "resolved": or_(not_(still_open), met),
                "resolved_on_time": or_(on_time, met),
                "overdue": and_(still_open, not_(met)),
                "resolution_tolerated": and_(met, not_(on_time)),
            }
        )
        return case_source(placing, due, columns, not_(excluded(question, *LEAVING)))

    return count(connection, placing, by_deadline(placing, RESOLUTION, source))
