"""Cases by the day the appellant was told, and by the day of the rating."""

from datetime import timedelta

import pandas as pd
from sqlalchemy import Connection, not_, true

from data_access.counts.case_columns import NEVER_COUNTED, case_source, dated, excluded, flags, happened, later
from data_access.counts.grouping import count
from data_access.counts.placing import by_date
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from data_access.tables import cases
from metrics.counts import Fact

TIME_TO_RATE = timedelta(days=7)
LOWEST, MIDDLE, HIGHEST = 1, 3, 5


def cases_fed_back(connection: Connection, hierarchy: Hierarchy, question: Question) -> pd.DataFrame:
    """Cases whose appellant was told in the period and at least 7 days before the as-of time, and the rated ones."""
    placing = by_date(Fact.CASES_FED_BACK, hierarchy, question)
    at = cases.c.fed_back_at
    mature = at <= later(question, -TIME_TO_RATE)
    columns = flags({"told": true(), "told_and_rated": happened(cases.c.rated_at, question)})
    left = excluded(question, *NEVER_COUNTED)
    return count(connection, placing, case_source(placing, at, columns, *dated(placing, at), mature, not_(left)))


def cases_rated(connection: Connection, hierarchy: Hierarchy, question: Question) -> pd.DataFrame:
    """Ratings given in the period: all from 1 to 5, those of 4 and 5, those of 3. Others are no ratings."""
    placing = by_date(Fact.CASES_RATED, hierarchy, question)
    at = cases.c.rated_at
    rating = cases.c.rating
    columns = flags({"ratings": true(), "ratings_high": rating > MIDDLE, "ratings_middle": rating == MIDDLE})
    conditions = (rating.between(LOWEST, HIGHEST), not_(excluded(question, *NEVER_COUNTED)))
    return count(connection, placing, case_source(placing, at, columns, *dated(placing, at), *conditions))
