"""One function per fact: SQL that counts, and rows as ``metrics.counts`` describes them.

``COUNTERS`` finds the function of a fact. It reads the rollups where they hold what is asked and counts over
the source tables where they don't; both give the same sums.
"""

from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType

from sqlalchemy import Connection

from data_access.counts.case_counters import SOURCE_COUNTERS
from data_access.counts.counter import Counter
from data_access.counts.unit_facts import UNIT_COUNTERS
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from data_access.rollup.block_reader import RollupsReplacedError
from data_access.rollup.read import HOLDINGS, read_rollup, read_together
from data_access.rollup.read_units import read_units
from data_access.rollup.state import Ready, read_ready
from data_access.rollup.unit_holdings import UNIT_HOLDINGS
from metrics.counted_rows import CountedRows
from metrics.counts import Fact

_SOURCES: Mapping[Fact, Counter] = {**SOURCE_COUNTERS, **UNIT_COUNTERS}

READY = frozenset({*HOLDINGS, *UNIT_HOLDINGS})
"""The facts that rollups hold."""


def count_rows(
    connection: Connection, hierarchy: Hierarchy, wanted: Mapping[Fact, Question], ready: Ready | None = None
) -> dict[Fact, CountedRows]:
    """The rows of each fact; those of cases are added up together where the rollups hold them.

    ``ready`` are the rollups if they are known already; else they are looked for. Rollups that are replaced while they
    are read are looked for once more, then the source is counted.
    """
    rules = next(iter(wanted.values())).rules if wanted else None
    for known in (ready, None):
        held = known or (None if rules is None else read_ready(connection, hierarchy, rules))
        with suppress(RollupsReplacedError):
            return _count_with(connection, hierarchy, wanted, held)
    return _count_with(connection, hierarchy, wanted, None)


def _count_with(
    connection: Connection, hierarchy: Hierarchy, wanted: Mapping[Fact, Question], ready: Ready | None
) -> dict[Fact, CountedRows]:
    rows = {} if ready is None else _kept_ready(connection, hierarchy, wanted, ready)
    return {
        fact: rows[fact] if fact in rows else _count_one(connection, hierarchy, question, fact, ready)
        for fact, question in wanted.items()
    }


def _kept_ready(
    connection: Connection, hierarchy: Hierarchy, wanted: Mapping[Fact, Question], ready: Ready
) -> dict[Fact, CountedRows]:
    """The rows of facts that rollups hold and that can be read together."""
    read = {fact: rows for fact, question in wanted.items() if (rows := ready.units.get((fact, question))) is not None}
    others = [(fact, question) for fact, question in wanted.items() if fact not in read]
    of_units = read_units(connection, hierarchy, others, ready.grid)
    of_cases = read_together(connection, hierarchy, wanted, ready)
    return {**read, **{fact: rows for (fact, _), rows in of_units.items()}, **of_cases}


def _count_one(
    connection: Connection, hierarchy: Hierarchy, question: Question, fact: Fact, ready: Ready | None
) -> CountedRows:
    """The fact's rows, from the rollups if they hold it."""
    rows = read_rollup(connection, hierarchy, question, fact, ready) if ready is not None and fact in HOLDINGS else None
    return _SOURCES[fact](connection, hierarchy, question) if rows is None else rows


def _counter(fact: Fact) -> Counter:
    def count_fact(connection: Connection, hierarchy: Hierarchy, question: Question) -> CountedRows:
        return count_rows(connection, hierarchy, {fact: question})[fact]

    return count_fact


COUNTERS: Mapping[Fact, Counter] = MappingProxyType(
    {fact: _counter(fact) if fact in READY else source for fact, source in _SOURCES.items()}
)
"""The function that counts each fact."""

__all__ = ["COUNTERS", "Counter", "count_rows"]
