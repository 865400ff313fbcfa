"""What must hold for every fact about units: order of rows and cutting of periods change nothing."""

from dataclasses import replace
from random import Random

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Engine

from data_access.counters import COUNTERS
from data_access.counts.placing import UnknownDimensionError
from data_access.hierarchy import read_hierarchy
from data_access.question import Question, Rules
from metrics.counts import FACTS, PART, Fact
from tests.reference.units import SHANGHAI, Company
from tests.test_data_access.random_companies import NETWORKS, SEEDS, any_question, coverage_company, duty_company
from tests.test_data_access.test_counts_duties_reference import LIKELY, OBLIGATIONS
from tests.test_data_access.written import as_counts, write

RULES = Rules(time_zone=SHANGHAI, deadlines=(), obligations=OBLIGATIONS, networks=NETWORKS)
BY_DATE = (Fact.DUTIES, Fact.CONTACT_POINTS, Fact.CHAT_GROUP_ACTIVITY, Fact.CONSULTATIONS, Fact.ACTIVITIES)
UNIT_FACTS = (*BY_DATE, Fact.HEADCOUNTS, Fact.ZONES, Fact.ZONE_LOADS, Fact.CHAT_GROUPS, Fact.LIAISONS)
FEW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


def whole_company(seed: int) -> Company:
    plain = coverage_company(seed)
    plain.tables["duties"] = duty_company(seed, LIKELY).tables["duties"]
    return plain


def count(engine: Engine, plain: Company, fact: Fact, question: Question) -> pd.DataFrame:
    with engine.connect() as connection:
        write(connection, plain)
        frame = COUNTERS[fact](connection, read_hierarchy(connection), question).frame()
        connection.rollback()
    return frame


@pytest.mark.parametrize("fact", UNIT_FACTS, ids=str)
@given(seed=SEEDS)
@FEW
def test_the_order_of_rows_changes_nothing(sqlite_engine: Engine, fact: Fact, seed: int) -> None:
    plain, question = whole_company(seed), any_question(seed, RULES)
    shuffled = Company({name: Random(seed).sample(rows, len(rows)) for name, rows in plain.tables.items()})
    one, other = (count(sqlite_engine, each, fact, question) for each in (plain, shuffled))
    assert as_counts(one, fact) == as_counts(other, fact)


@pytest.mark.parametrize("fact", BY_DATE, ids=str)
@given(seed=SEEDS)
@FEW
def test_the_parts_of_a_period_pool_to_the_whole(sqlite_engine: Engine, fact: Fact, seed: int) -> None:
    plain, question = whole_company(seed), any_question(seed, RULES)
    pieces = tuple(month for part in question.parts for month in part.months())
    whole, cut = (
        count(sqlite_engine, plain, fact, replace(question, parts=parts)) for parts in (question.parts, pieces)
    )
    names = list(FACTS[fact].counts)
    keys = [name for name in whole.columns if name not in (*names, PART)]
    pooled = [frame.groupby(keys, dropna=False)[names].sum().sort_index() for frame in (whole, cut)]
    pd.testing.assert_frame_equal(*pooled)


@given(seed=SEEDS)
@FEW
def test_asking_for_some_kinds_of_duty_gives_their_rows_of_the_whole(sqlite_engine: Engine, seed: int) -> None:
    plain, question = whole_company(seed), replace(any_question(seed, RULES), dimensions=("duty_kind",))
    kinds = tuple(each.kind for each in OBLIGATIONS[:2])
    some = replace(question, filters=replace(question.filters, duty_kinds=kinds))
    whole, part = (count(sqlite_engine, plain, Fact.DUTIES, asked) for asked in (question, some))
    kept = whole[whole["duty_kind"].isin(kinds)]
    counts, expected = (as_counts(frame, Fact.DUTIES, question.dimensions) for frame in (part, kept))
    assert counts == expected


@pytest.mark.parametrize("fact", UNIT_FACTS, ids=str)
def test_an_empty_database_has_nothing_to_count(engine: Engine, fact: Fact) -> None:
    assert as_counts(count(engine, Company(), fact, any_question(0, RULES)), fact) == {}


@pytest.mark.parametrize("fact", UNIT_FACTS, ids=str)
def test_a_dimension_that_a_fact_does_not_offer_is_refused(sqlite_engine: Engine, fact: Fact) -> None:
    question = replace(any_question(0, RULES), dimensions=("grade",))
    with pytest.raises(UnknownDimensionError, match="grade"):
        count(sqlite_engine, Company(), fact, question)
