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
from data_access.rollup.read import HOLDINGS, read_rollup
from data_access.rollup.read_units import UNIT_HOLDINGS, read_units
from data_access.rollup.state import usable_grid
from metrics.counts import Fact


def _from_rollup_or_source(fact: Fact, source: Counter) -> Counter:
    read = read_units if fact in UNIT_HOLDINGS else read_rollup

    def count_fact(connection: Connection, hierarchy: Hierarchy, question: Question) -> pd.DataFrame:
        grid = usable_grid(connection, hierarchy, question.rules)
        frame = None if grid is None else read(connection, hierarchy, question, fact, grid)
        return source(connection, hierarchy, question) if frame is None else frame

    return count_fact


_SOURCES: Mapping[Fact, Counter] = {**SOURCE_COUNTERS, **UNIT_COUNTERS}

READY = frozenset({*HOLDINGS, *UNIT_HOLDINGS})
"""The facts that rollups hold."""

COUNTERS: Mapping[Fact, Counter] = MappingProxyType(
    {fact: _from_rollup_or_source(fact, source) if fact in READY else source for fact, source in _SOURCES.items()}
)
"""The function that counts each fact."""

__all__ = ["COUNTERS", "Counter"]
