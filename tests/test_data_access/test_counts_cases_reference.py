"""Counts of cases against the slow reference, on random small companies, and what follows from adding up."""

from collections import Counter
from dataclasses import replace
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from data_access.calendar import fill_calendar
from data_access.question import Question
from data_access.scope import local_scope
from metrics.counts import Fact
from metrics.period import parse_period
from metrics.working_time import statutory_schedule
from tests.conftest import FIRST_DAY, LAST_DAY
from tests.reference.case_record import Company, Key
from tests.reference.cases import count_cases
from tests.test_data_access.case_companies import CASE_FACTS, count, write
from tests.test_data_access.random_cases import dimensions_of, situations

NEW_YORK = ZoneInfo("America/New_York")
SHARED_DATABASE = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
NOT_ADDITIVE_OVER_TIME = (Fact.OPEN_CASES, Fact.CASE_EVENTS)
"""Open cases are counted at one moment; an event counts once per case and part."""

Counts = dict[Key, dict[str, int]]


@given(data=st.data(), situation=situations())
@settings(max_examples=80, deadline=None, suppress_health_check=SHARED_DATABASE)
def test_every_fact_counts_what_the_reference_counts(
    shared_engine: Engine, data: st.DataObject, situation: tuple[Company, Question]
) -> None:
    company, question = situation
    with shared_engine.connect() as connection:
        write(connection, company)
        for fact in CASE_FACTS:
            asked = replace(question, dimensions=data.draw(dimensions_of(fact), label=fact))
            assert count(connection, fact, asked) == count_cases(fact, company, asked), fact


def test_deadlines_and_durations_hold_where_clocks_change(engine: Engine) -> None:
    with engine.begin() as connection:
        fill_calendar(connection, NEW_YORK, statutory_schedule(), FIRST_DAY, LAST_DAY)

    @given(situation=situations(NEW_YORK))
    @settings(max_examples=20, deadline=None, suppress_health_check=SHARED_DATABASE)
    def counts_as_the_reference(situation: tuple[Company, Question]) -> None:
        company, question = situation
        with engine.connect() as connection:
            write(connection, company)
            for fact in CASE_FACTS:
                assert count(connection, fact, question) == count_cases(fact, company, question), fact

    counts_as_the_reference()


@given(situation=situations(), branch=st.sampled_from(["B1", "B2"]))
@settings(max_examples=20, deadline=None, suppress_health_check=SHARED_DATABASE)
def test_a_branch_alone_has_its_rows_of_the_whole(
    sqlite_engine: Engine, situation: tuple[Company, Question], branch: str
) -> None:
    company, question = situation
    whole = replace(question, scope=local_scope("tester"), unit_id=None)
    with sqlite_engine.connect() as connection:
        write(connection, company)
        for fact in CASE_FACTS:
            of_company = count(connection, fact, whole)
            of_branch = count(connection, fact, replace(whole, unit_id=branch))
            assert of_branch == {key: counts for key, counts in of_company.items() if key[2] == branch}, fact


@given(situation=situations())
@settings(max_examples=20, deadline=None, suppress_health_check=SHARED_DATABASE)
def test_months_add_up_to_the_half_year(sqlite_engine: Engine, situation: tuple[Company, Question]) -> None:
    company, question = situation
    half = replace(question, parts=(parse_period("2026H1"),))
    months = replace(question, parts=half.parts[0].months())
    with sqlite_engine.connect() as connection:
        write(connection, company)
        for fact in CASE_FACTS:
            if fact not in NOT_ADDITIVE_OVER_TIME:
                of_months, of_half = (_without_part(count(connection, fact, asked)) for asked in (months, half))
                assert of_months == of_half, fact


@given(data=st.data(), situation=situations())
@settings(max_examples=15, deadline=None, suppress_health_check=SHARED_DATABASE)
def test_the_order_of_rows_is_irrelevant(
    sqlite_engine: Engine, data: st.DataObject, situation: tuple[Company, Question]
) -> None:
    company, question = situation
    with sqlite_engine.connect() as connection:
        write(connection, company)
        before = {fact: count(connection, fact, question) for fact in CASE_FACTS}
        company.cases = data.draw(st.permutations(company.cases))
        company.events = data.draw(st.permutations(company.events))
        write(connection, company)
        assert {fact: count(connection, fact, question) for fact in CASE_FACTS} == before


def _without_part(counts: Counts) -> Counter[tuple[object, ...]]:
    """Each count by its key without the part."""
    found: Counter[tuple[object, ...]] = Counter()
    for key, named in counts.items():
        for name, number in named.items():
            found[(*key[:4], *key[5:], name)] += number
    return found
