"""One function per fact: SQL that counts, and frames as ``metrics.counts`` describes them.

``COUNTERS`` finds the function of a fact. It reads the rollups where they hold what is asked and counts over
the source tables where they don't; both give the same frame.
"""

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd
from sqlalchemy import Connection

from data_access.counts.case_counters import SOURCE_COUNTERS
from data_access.counts.counter import Counter
from data_access.counts.unit_facts import UNIT_COUNTERS
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from data_access.rollup.read import HOLDINGS, read_rollup, read_together
from data_access.rollup.read_units import UNIT_HOLDINGS, read_units
from data_access.rollup.state import Ready, read_ready
from metrics.counts import Fact

_SOURCES: Mapping[Fact, Counter] = {**SOURCE_COUNTERS, **UNIT_COUNTERS}

READY = frozenset({*HOLDINGS, *UNIT_HOLDINGS})
"""The facts that rollups hold."""


def count_all(
    connection: Connection, hierarchy: Hierarchy, wanted: Mapping[Fact, Question]
) -> dict[Fact, pd.DataFrame]:
    """The frame of each fact; those of cases are read together where the rollups hold them."""
    rules = next(iter(wanted.values())).rules if wanted else None
    ready = None if rules is None else read_ready(connection, hierarchy, rules)
    frames = {} if ready is None else read_together(connection, hierarchy, wanted, ready)
    return {
        fact: frames[fact] if fact in frames else _count_one(connection, hierarchy, question, fact, ready)
        for fact, question in wanted.items()
    }


def _count_one(
    connection: Connection, hierarchy: Hierarchy, question: Question, fact: Fact, ready: Ready | None
) -> pd.DataFrame:
    """The fact's frame, from the rollups if they hold it."""
    frame = None
    if ready is not None and fact in UNIT_HOLDINGS:
        frame = read_units(connection, hierarchy, question, fact, ready.grid)
    elif ready is not None and fact in HOLDINGS:
        frame = read_rollup(connection, hierarchy, question, fact, ready)
    return _SOURCES[fact](connection, hierarchy, question) if frame is None else frame


def _counter(fact: Fact) -> Counter:
    def count_fact(connection: Connection, hierarchy: Hierarchy, question: Question) -> pd.DataFrame:
        return count_all(connection, hierarchy, {fact: question})[fact]

    return count_fact


COUNTERS: Mapping[Fact, Counter] = MappingProxyType(
    {fact: _counter(fact) if fact in READY else source for fact, source in _SOURCES.items()}
)
"""The function that counts each fact."""

__all__ = ["COUNTERS", "Counter", "count_all"]
