"""The rollups of units and of decisions compared with what the source tables say now; nothing is written."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import Column, Date, Integer, Table, select

from data_access.hierarchy import Hierarchy
from data_access.instant import Instant
from data_access.question import Rules
from data_access.rollup.coded import NO_ROWS, Array, Coded, joined, words_of
from data_access.rollup.event_rows import count_events
from data_access.rollup.grid import Grid
from data_access.rollup.unit_refresh import ROLLUPS, count_rollup
from data_access.rollup.unit_sources import UnitSources
from data_access.rollup.unit_times import instants_of, microseconds_of
from data_access.rollup_tables import event_counts
from metrics.counts import FACTS

COUNTS = frozenset(name for spec in FACTS.values() for name in spec.counts)


def differing_rows(sources: UnitSources, rules: Rules, hierarchy: Hierarchy, grid: Grid) -> dict[str, int]:
    """How many rows of each rollup don't say what the source tables say, by the rollup's name.

    A row is one combination of keys, whether it is missing, shouldn't be there or has other counts.
    """
    found = {}
    for rollup in ROLLUPS:
        counted = count_rollup(sources, rules, hierarchy, rollup, grid)
        found[rollup.table.name] = _differing(_held(sources, rollup.table), counted)
    decided = count_events(sources.read, hierarchy, grid, None)
    return found | {event_counts.name: _differing(_held(sources, event_counts), decided)}


def _differing(held: Coded, counted: Coded) -> int:
    """How many combinations of keys have other counts in one than in the other."""
    negative = replace(counted, counts={name: -column.astype(np.int64) for name, column in counted.counts.items()})
    some = [each for each in (held, negative) if len(each)]
    return len(joined(some).added_up()) if some else 0


def _held(sources: UnitSources, table: Table) -> Coded:
    """The rows of a rollup as the database has them."""
    rows = sources.frame(sources.connection, select(*table.columns))
    if rows.empty:
        return NO_ROWS
    keys = {name: _key(column, rows[name]) for name, column in table.columns.items() if name not in COUNTS}
    counted = [name for name in rows.columns if name in COUNTS]
    return Coded(
        keys={name: places for name, (places, _) in keys.items()},
        words={name: words for name, (_, words) in keys.items()},
        counts={name: rows[name].fillna(0).to_numpy(dtype=np.int64) for name in counted},
    )


def _key(column: Column[Any], values: "pd.Series[Any]") -> tuple[Array, pa.Array]:
    """The places and words of a key."""
    match column.type:
        case Instant():
            places, words = words_of(microseconds_of(pd.to_datetime(values, utc=True)), pa.int64())
            return places, instants_of(words)
        case Date():
            return words_of(values, pa.date32())
        case Integer():
            return words_of(values, pa.int64())
        case _:
            return words_of(values.to_numpy(dtype=object), pa.string())
