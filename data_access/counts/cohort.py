"""How far the cases received in a period have come: contacted, resolved, told, rated."""

import pandas as pd
from sqlalchemy import Connection, and_, not_, true

from data_access.counts.case_columns import LEAVING, case_source, closed_at, dated, excluded, flags, happened
from data_access.counts.grouping import count
from data_access.counts.placing import by_date
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from data_access.tables import cases
from metrics.counts import Fact


def cohort(connection: Connection, hierarchy: Hierarchy, question: Question) -> pd.DataFrame:
    """Cases by receipt, and how many of the very same had been contacted, resolved, told and rated by then.

    Each step counts only cases that took the one before it too, so the steps never grow.
    """
    placing = by_date(Fact.COHORT, hierarchy, question)
    contacted = happened(cases.c.responded_at, question)
    resolved = and_(contacted, closed_at(question).is_not(None))
    told = and_(resolved, happened(cases.c.fed_back_at, question))
    rated = and_(told, cases.c.rating.is_not(None), happened(cases.c.rated_at, question))
    columns = flags(
        {
            "cohort_received": true(),
            "cohort_contacted": contacted,
            "cohort_resolved": resolved,
            "cohort_told": told,
            "cohort_rated": rated,
        }
    )
    received = cases.c.received_at
    source = case_source(placing, received, columns, *dated(placing, received), not_(excluded(question, *LEAVING)))
    return count(connection, placing, source)
