"""Rows of blocks are added up the same way whether few combinations of keys can occur or many."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from sqlalchemy import Connection, Engine, update

from data_access.counters import count_rows
from data_access.counts.case_counters import SOURCE_COUNTERS
from data_access.engine import begin, connect
from data_access.hierarchy import Hierarchy, read_hierarchy
from data_access.question import Question
from data_access.rollup import adding, block_reader
from data_access.rollup.read import read_rollup
from data_access.rollup.refresh import refresh
from data_access.rollup.state import Ready, read_ready
from data_access.scope import Scope
from data_access.tables import cases
from metrics.counts import BRANCH, COMPANY, TEAM, Fact
from metrics.counts import FACTS as COUNTED
from metrics.period import month_period
from sample_data import make
from tests.test_data_access.test_rollup.test_refresh import MORNING, RULES, UNTIL

FACTS = (Fact.COHORT, Fact.RESOLUTION_MINUTES, Fact.RESOLUTION_WORKING_DAYS, Fact.OPEN_CASES)
MONTHS = tuple(month_period(date(2026, month, 1)) for month in range(5, 9))


@pytest.fixture
def company(engine: Engine) -> Engine:
    """A sample company with rollups."""
    make(engine, "small", 4, UNTIL.date(), 900)
    refresh(engine, RULES, now=MORNING)
    return engine


def asked(connection: Connection, finest: str) -> tuple[Hierarchy, Ready, Question]:
    hierarchy = read_hierarchy(connection)
    ready = read_ready(connection, hierarchy, RULES)
    assert ready is not None
    return hierarchy, ready, Question(MONTHS, ready.grid.settlements[-1], Scope("someone"), RULES, finest=finest)


def counted(connection: Connection, finest: str) -> list:
    hierarchy, ready, question = asked(connection, finest)
    rows = count_rows(connection, hierarchy, dict.fromkeys(FACTS, question), ready)
    return [in_order(each.frame()) for each in rows.values()]


def sums(frame: pd.DataFrame, fact: Fact) -> dict[tuple[object, ...], tuple[int, ...]]:
    """The counts by all that rows are told apart by."""
    counts = list(COUNTED[fact].counts)
    added = frame.groupby([name for name in frame.columns if name not in counts], dropna=False)[counts].sum()
    return {tuple(map(str, keys)): tuple(row) for keys, row in zip(added.index, added.to_numpy(), strict=True)}


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values(list(frame.columns)).reset_index(drop=True)


@pytest.mark.parametrize("finest", [COMPANY, BRANCH, TEAM])
def test_combinations_numbered_anew_add_up_to_the_same(
    company: Engine, monkeypatch: pytest.MonkeyPatch, finest: str
) -> None:
    with connect(company) as connection:
        every = counted(connection, finest)
        monkeypatch.setattr(adding, "FEW", 0)
        monkeypatch.setattr(adding, "MOST_PER_ROW", 0)
        for one, other in zip(every, counted(connection, finest), strict=True):
            assert len(one) > 0
            assert_frame_equal(one, other)


@pytest.mark.parametrize("finest", [COMPANY, BRANCH, TEAM])
def test_blocks_looked_at_one_by_one_add_up_to_the_same(
    company: Engine, monkeypatch: pytest.MonkeyPatch, finest: str
) -> None:
    with connect(company) as connection:
        every = counted(connection, finest)
        monkeypatch.setattr(block_reader, "ROWS_AT_A_TIME", 1)
        for fact, one, other in zip(FACTS, every, counted(connection, finest), strict=True):
            assert sums(other, fact) == sums(one, fact)
            assert all(any(counts) for counts in sums(one, fact).values())


def test_rows_of_several_months_count_in_their_own(company: Engine) -> None:
    with connect(company) as connection:
        hierarchy, _, question = asked(connection, COMPANY)
        for fact, frame in zip(FACTS[:3], counted(connection, COMPANY), strict=False):
            source = SOURCE_COUNTERS[fact](connection, hierarchy, question).frame()
            counts = list(COUNTED[fact].counts)
            found, expected = (each.groupby("part")[counts].sum() for each in (frame, source))
            assert len(found) == len(MONTHS)
            assert_frame_equal(found, expected, check_dtype=False, check_index_type=False)


def test_branches_are_counted_without_their_teams(company: Engine) -> None:
    with connect(company) as connection:
        of_units, of_branches, of_company = (counted(connection, finest) for finest in (TEAM, BRANCH, COMPANY))
    for frames in zip(of_units, of_branches, of_company, strict=True):
        assert all(finer["cases" if "cases" in finer else finer.columns[-1]].sum() > 0 for finer in frames)
        assert all(len(coarser) <= len(finer) for finer, coarser in pairwise(frames))
        assert frames[1]["team_id"].isna().all()


def test_who_was_never_answered_waits_on_after_the_closure(company: Engine) -> None:
    with begin(company) as connection:
        closed = cases.c.resolved_at.is_not(None)
        connection.execute(update(cases).where(closed).values(responded_at=None, updated_at=MORNING))
    refresh(company, RULES, now=MORNING)
    with connect(company) as connection:
        hierarchy, ready, question = asked(connection, COMPANY)
        for as_of in ready.grid.settlements[-2:]:
            seen = replace(question, parts=MONTHS[:2], as_of=as_of)
            rows = read_rollup(connection, hierarchy, seen, Fact.RESPONSE_MINUTES, ready)
            assert rows is not None
            source = SOURCE_COUNTERS[Fact.RESPONSE_MINUTES](connection, hierarchy, seen)
            found, expected = (each.frame().groupby(["duration", "observed"])["cases"].sum() for each in (rows, source))
            assert found.to_dict() == expected.to_dict()
            assert sum(number for (_, observed), number in found.items() if not observed) > 10
