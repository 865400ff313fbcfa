"""The facts about cases, each with what it counts."""

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import Connection

from data_access.counts.case_durations import resolution_minutes, resolution_working_days, response_minutes
from data_access.counts.case_events import case_events
from data_access.counts.case_rows import RowsOfFact, asked_rows
from data_access.counts.cases_due import resolutions_due, responses_due
from data_access.counts.cases_rated import cases_fed_back, cases_rated
from data_access.counts.cases_received import cases_by_origin, cases_received
from data_access.counts.cases_resolved import cases_first_resolved, cases_resolved
from data_access.counts.cohort import cohort
from data_access.counts.counter import Counter
from data_access.counts.grouping import count
from data_access.counts.open_cases import open_cases
from data_access.counts.placing import by_date
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from metrics.counted_rows import CountedRows
from metrics.counts import Fact

CASE_ROWS: Mapping[Fact, RowsOfFact] = MappingProxyType(
    {
        Fact.CASES_RECEIVED: cases_received,
        Fact.CASES_BY_ORIGIN: cases_by_origin,
        Fact.COHORT: cohort,
        Fact.RESPONSES_DUE: responses_due,
        Fact.RESOLUTIONS_DUE: resolutions_due,
        Fact.CASES_RESOLVED: cases_resolved,
        Fact.CASES_FIRST_RESOLVED: cases_first_resolved,
        Fact.CASES_FED_BACK: cases_fed_back,
        Fact.CASES_RATED: cases_rated,
        Fact.RESPONSE_MINUTES: response_minutes,
        Fact.RESOLUTION_MINUTES: resolution_minutes,
        Fact.RESOLUTION_WORKING_DAYS: resolution_working_days,
    }
)
"""The facts that count cases by one of their dates."""


def from_source(fact: Fact) -> Counter:
    """The function that counts the fact over the source tables."""

    def count_cases(connection: Connection, hierarchy: Hierarchy, question: Question) -> CountedRows:
        placing = by_date(fact, hierarchy, question)
        return count(connection, placing, asked_rows(placing, CASE_ROWS[fact]))

    return count_cases


SOURCE_COUNTERS: Mapping[Fact, Counter] = MappingProxyType(
    {fact: from_source(fact) for fact in CASE_ROWS} | {Fact.OPEN_CASES: open_cases, Fact.CASE_EVENTS: case_events}
)
"""The function that counts each fact about cases over the source tables."""
