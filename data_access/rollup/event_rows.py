"""Decisions on cases by unit and month, with the longest period in which each is its case's first of its kind.

Who is first in a year is first in its half-year, quarter and month too; so one set of rows serves them all.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, case, delete, func, literal, select, true

from data_access.counts.case_events import DECISION, deciding_unit, decision_counts, decisions
from data_access.counts.case_rows import placed_unit
from data_access.counts.grouping import AT
from data_access.counts.placing import Placing, by_date, midnight
from data_access.counts.records import read_frame
from data_access.dialect import greatest, instant
from data_access.hierarchy import Hierarchy
from data_access.question import Rules
from data_access.rollup.cuts import Cuts
from data_access.rollup.event_periods import FIRST_OF
from data_access.rollup.grid import Grid
from data_access.rollup.unit_grains import at_all_grains
from data_access.rollup.unit_store import store_frame
from data_access.rollup.unit_times import about_everything, counting_from, first_known
from data_access.rollup_tables import event_counts
from data_access.tables import case_events, cases
from metrics.counts import FACTS, Fact

COUNTS = list(FACTS[Fact.CASE_EVENTS].counts)
KEYS = ["unit_id", "partition", "segment", "counts_from", "first_of", "grade", "track", "decided_by"]
BEFORE, STRETCH, MONTH, LATE = "before", "stretch", "month", "late"


def refresh_events(
    connection: Connection, rules: Rules, hierarchy: Hierarchy, grid: Grid, partitions: Iterable[date] | None
) -> None:
    """Nothing; the decisions on cases of the partitions (None: all) are counted anew."""
    table = event_counts
    chosen = true() if partitions is None else table.c.partition.in_(sorted(partitions))
    connection.execute(delete(table).where(chosen))
    placing = by_date(Fact.CASE_EVENTS, hierarchy, about_everything(rules, grid, grid.months))
    found = read_frame(connection, _summed(placing, grid, partitions))
    if len(found):
        rows = _rows(found, placing, grid)
        store_frame(connection, table, at_all_grains(rows, hierarchy, "segment", COUNTS))


def _rows(found: pd.DataFrame, placing: Placing, grid: Grid) -> pd.DataFrame:
    """The sums with the days of their segments, and the time from which each counts."""
    segments = pd.Series([stretch.start for stretch in placing.stretches], dtype=object)
    known = [first_known(grid, stretch.part) for stretch in placing.stretches]
    numbers = found[STRETCH].to_numpy()
    first = pd.Series(pd.DatetimeIndex(known, dtype="datetime64[us, UTC]")).take(numbers).reset_index(drop=True)
    late = pd.to_datetime(found[LATE], utc=True).astype("datetime64[us, UTC]")
    rows = found.assign(segment=segments.take(numbers).array, counts_from=counting_from(grid, late, first))
    return rows.groupby(KEYS, sort=False, dropna=False)[COUNTS].sum().reset_index()


def _summed(placing: Placing, grid: Grid, partitions: Iterable[date] | None) -> Select[Any]:
    single = _single(placing, grid, partitions).subquery("single")
    keys = [column for column in single.columns if column.name not in COUNTS]
    return (
        select(*keys, *(func.sum(single.c[name]).label(name) for name in COUNTS))
        .where(single.c.first_of > 0)
        .group_by(*keys)
    )


def _single(placing: Placing, grid: Grid, partitions: Iterable[date] | None) -> Select[Any]:
    """One row per decision in the grid's months; ``late`` is when its case became known, if only after it."""
    placed = _placed(placing, grid, partitions).subquery("placed")
    before, month = placed.c[BEFORE], placed.c[MONTH]
    first_of = case(
        (before.is_(None), literal(max(FIRST_OF))),
        *((before // length < month // length, length) for length in FIRST_OF),
        else_=0,
    )
    others = [column for column in placed.columns if column.name not in (BEFORE, MONTH)]
    return select(*others, first_of.label("first_of"))


def _placed(placing: Placing, grid: Grid, partitions: Iterable[date] | None) -> Select[Any]:
    cuts, decided = Cuts(grid), _with_the_one_before(grid, partitions).subquery("decided")
    known_at = greatest(cases.c.recorded_at, cases.c.received_at)
    begin = instant(midnight(grid.months[0].start, grid.time_zone))
    month_before = case((decided.c[BEFORE] >= begin, _month(placing, grid, decided.c[BEFORE])))
    return (
        select(
            placed_unit(deciding_unit(decided)).label("unit_id"),
            cuts.partition.label("partition"),
            placing.number(decided.c[AT]).label(STRETCH),
            _month(placing, grid, decided.c[AT]).label(MONTH),
            month_before.label(BEFORE),
            case((known_at > decided.c[AT], known_at)).label(LATE),
            cases.c.grade,
            cases.c.track,
            decided.c.decided_by,
            *decision_counts(decided),
        )
        .select_from(cases.join(decided, decided.c.case_no == cases.c.case_no))
        .where(placing.holds(decided.c[AT]))
    )


def _month(placing: Placing, grid: Grid, at: ColumnElement[Any]) -> ColumnElement[int]:
    """The months since year 0 of an instant that isn't before the grid's."""
    first = grid.months[0].start
    return placing.part_number(at) + (first.year * 12 + first.month - 1)


def _with_the_one_before(grid: Grid, partitions: Iterable[date] | None) -> Select[Any]:
    """The decisions on the partitions' cases, each with the time of the one ``before`` on its case and of its kind."""
    decided = decisions(_of_cases(grid, partitions)).subquery("each")
    same = (decided.c.case_no, decided.c[DECISION])
    before = func.lag(decided.c[AT]).over(partition_by=same, order_by=(decided.c[AT], decided.c.id))
    return select(decided, before.label(BEFORE))


def _of_cases(grid: Grid, partitions: Iterable[date] | None) -> ColumnElement[bool]:
    if partitions is None:
        return true()
    return case_events.c.case_no.in_(select(cases.c.case_no).where(Cuts(grid).received_in(partitions)))
