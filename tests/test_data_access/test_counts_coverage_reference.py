"""Coverage facts against the slow reference, on random small companies."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Engine

from data_access.counts.unit_facts import UNIT_COUNTERS
from data_access.hierarchy import read_hierarchy
from data_access.question import Question, Rules
from metrics.counts import FACTS, Fact
from tests.reference import coverage
from tests.reference.units import SHANGHAI, Company, Counts
from tests.test_data_access.random_companies import NETWORKS, SEEDS, any_question, coverage_company
from tests.test_data_access.written import as_counts, write

RULES = Rules(time_zone=SHANGHAI, deadlines=(), obligations=(), networks=NETWORKS)
REFERENCE: dict[Fact, Callable[[Company, Question], Counts]] = {
    Fact.HEADCOUNTS: coverage.headcounts,
    Fact.ZONES: coverage.zones,
    Fact.ZONE_LOADS: coverage.zone_loads,
    Fact.CHAT_GROUPS: coverage.chat_groups,
    Fact.CHAT_GROUP_ACTIVITY: coverage.chat_group_activity,
    Fact.LIAISONS: coverage.liaisons,
    Fact.CONTACT_POINTS: coverage.contact_points,
    Fact.CONSULTATIONS: coverage.consultations,
    Fact.ACTIVITIES: coverage.activities,
}


@pytest.mark.parametrize("fact", REFERENCE, ids=str)
@given(seed=SEEDS)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_fact_counts_what_the_reference_counts(engine: Engine, fact: Fact, seed: int) -> None:
    dimension = next(iter(FACTS[fact].dimensions), None)
    company, question = coverage_company(seed), any_question(seed, RULES, dimension)
    with engine.connect() as connection:
        write(connection, company)
        counted = UNIT_COUNTERS[fact](connection, read_hierarchy(connection), question).frame()
        connection.rollback()
    assert as_counts(counted, fact, question.dimensions) == REFERENCE[fact](company, question)
