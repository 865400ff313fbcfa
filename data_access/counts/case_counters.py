"""The facts about cases, each with its function."""

from collections.abc import Mapping
from types import MappingProxyType

from data_access.counts.case_durations import resolution_minutes, resolution_working_days, response_minutes
from data_access.counts.case_events import case_events
from data_access.counts.cases_due import resolutions_due, responses_due
from data_access.counts.cases_rated import cases_fed_back, cases_rated
from data_access.counts.cases_received import cases_by_origin, cases_received
from data_access.counts.cases_resolved import cases_first_resolved, cases_resolved
from data_access.counts.cohort import cohort
from data_access.counts.counter import Counter
from data_access.counts.open_cases import open_cases
from metrics.counts import Fact

CASE_COUNTERS: Mapping[Fact, Counter] = MappingProxyType(
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
        Fact.OPEN_CASES: open_cases,
        Fact.CASE_EVENTS: case_events,
        Fact.RESPONSE_MINUTES: response_minutes,
        Fact.RESOLUTION_MINUTES: resolution_minutes,
        Fact.RESOLUTION_WORKING_DAYS: resolution_working_days,
    }
)
