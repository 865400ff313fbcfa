"""Duties by unit, month and kind, with what was completed only after the month was settled."""

import pandas as pd
from sqlalchemy import Connection

from data_access.counts.duties import KIND, STRETCH, UNIT, duties_by_unit, stretch_numbers
from data_access.counts.owed_duties import COMPLETED, ON_TIME, OwedDuties, read_owed_duties
from data_access.counts.placing import Placing, by_date
from data_access.hierarchy import Hierarchy
from data_access.question import Rules
from data_access.rollup.grid import Grid
from data_access.rollup.unit_times import about_everything, counting_from, first_known
from metrics.counts import FACTS, Fact
from metrics.period import Period

COUNTS = list(FACTS[Fact.DUTIES].counts)
KEYS = ["unit_id", "segment", "counts_from", "duty_kind"]


def duty_rows(
    connection: Connection, hierarchy: Hierarchy, rules: Rules, grid: Grid, months: tuple[Period, ...]
) -> pd.DataFrame:
    """The duties of all units in the months: ``unit_id``, ``segment``, ``counts_from``, ``duty_kind``, counts.

    They are counted once, as they stood in the end. From then on only the time of a duty that was completed
    late makes a difference: up to that time it is taken away again.
    """
    question = about_everything(rules, grid, months, (KIND,))
    placing = by_date(Fact.DUTIES, hierarchy, question)
    owed = read_owed_duties(connection, hierarchy, question)
    first = [first_known(grid, stretch.part) for stretch in placing.stretches]
    known = pd.Series(pd.DatetimeIndex(first, dtype="datetime64[us, UTC]"))
    sums = duties_by_unit(owed, placing)
    sums["counts_from"] = known.take(sums[STRETCH].to_numpy()).array
    late = _completed_late(owed, placing)
    late["first"] = known.take(late[STRETCH].to_numpy()).array
    late["counts_from"] = counting_from(grid, late["at"], late["first"])
    moved = pd.concat(_moved(late[late["counts_from"] > late["first"]]))
    lines = pd.concat(
        [sums, moved.groupby([UNIT, STRETCH, "counts_from", KIND], sort=False)[COUNTS].sum().reset_index()]
    )
    segments = pd.Series([stretch.start for stretch in placing.stretches], dtype=object)
    lines["segment"] = segments.take(lines[STRETCH].to_numpy()).array
    return lines[[*KEYS, *COUNTS]]


def _moved(late: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What takes the completed duties away at first, and adds them later."""
    none = late.assign(**dict.fromkeys(COUNTS, 0))
    return none.assign(**{COMPLETED: -1}, counts_from=late["first"]), none.assign(**{COMPLETED: 1})


def _completed_late(owed: OwedDuties, placing: Placing) -> pd.DataFrame:
    """Each duty done in full but not known to be in time: unit, stretch, kind, and ``at``, when it was complete."""
    occasions = owed.plan.occasions.rename(columns={"kind": KIND})
    occasions = occasions.assign(**{STRETCH: stretch_numbers(placing, occasions["due_day"])})
    planned = _planned_late(owed).join(occasions[[STRETCH, KIND]], on="occasion")
    single = owed.single[owed.single[COMPLETED] & ~owed.single[ON_TIME]]
    outside = single.rename(columns={"kind": KIND, "done_at": "at"})
    outside[STRETCH] = stretch_numbers(placing, single["due_day"])
    names = [UNIT, STRETCH, KIND, "at"]
    return pd.concat([planned[names], outside[names]], ignore_index=True)


def _planned_late(owed: OwedDuties) -> pd.DataFrame:
    """Unit, occasion and ``at``, the time at which what was done added up to what was planned."""
    late = owed.fulfilled[owed.fulfilled[COMPLETED] & ~owed.fulfilled[ON_TIME]]
    keys = [UNIT, "occasion"]
    records = owed.tied[[*keys, "done", "done_at"]].merge(late[[*keys, "planned"]], on=keys)
    records = records.sort_values("done_at", na_position="first", kind="stable")
    complete = records[records.groupby(keys)["done"].cumsum() >= records["planned"]]
    return complete.drop_duplicates(keys).rename(columns={"done_at": "at"})
