"""Cases by the day the appellant was told, and by the day of the rating."""

from datetime import timedelta

from sqlalchemy import not_, true

from data_access.counts.case_columns import NEVER_COUNTED, excluded, flags, happened
from data_access.counts.case_rows import CaseRows
from data_access.counts.standpoint import Standpoint
from data_access.dialect import add_seconds
from data_access.question import Rules
from data_access.tables import cases

TIME_TO_RATE = timedelta(days=7)
LOWEST, MIDDLE, HIGHEST = 1, 3, 5


def cases_fed_back(seen: Standpoint, _rules: Rules) -> tuple[CaseRows]:
    """Cases whose appellant was told in the period and at least 7 days before the as-of time, and the rated ones."""
    at = cases.c.fed_back_at
    counts = flags({"told": true(), "told_and_rated": happened(cases.c.rated_at, seen)})
    conditions = (at <= seen.later(-TIME_TO_RATE), not_(excluded(seen, *NEVER_COUNTED)))
    mature = add_seconds(at, TIME_TO_RATE // timedelta(seconds=1))
    return (CaseRows(at, counts, conditions, (mature, cases.c.rated_at, cases.c.excluded_at)),)


def cases_rated(seen: Standpoint, _rules: Rules) -> tuple[CaseRows]:
    """Ratings given in the period: all from 1 to 5, those of 4 and 5, those of 3. Others are no ratings."""
    rating = cases.c.rating
    counts = flags({"ratings": true(), "ratings_high": rating > MIDDLE, "ratings_middle": rating == MIDDLE})
    conditions = (rating.between(LOWEST, HIGHEST), not_(excluded(seen, *NEVER_COUNTED)))
    return (CaseRows(cases.c.rated_at, counts, conditions, (cases.c.excluded_at,)),)
