"""Duties (履责事项): how many fell due, how many were done in full, and how many in time."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from sqlalchemy.engine import Connection

from data_access.counts.owed_duties import COMPLETED, ON_TIME, OwedDuties, read_owed_duties
from data_access.counts.placing import Placing, by_date
from data_access.counts.standing import as_fact
from data_access.counts.units_on import Inside
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from metrics.counted_rows import CountedRows
from metrics.counts import FACTS, LINEAGE, PART, Fact

UNIT, KIND, DUE_DAY, STRETCH = "unit_id", "duty_kind", "due_day", "stretch"
OWED = "duties_owed"
COUNTS = list(FACTS[Fact.DUTIES].counts)


def count_duties(connection: Connection, hierarchy: Hierarchy, question: Question) -> CountedRows:
    """Duties due in the parts by the as-of time, those done in full by then, and those done by the due day.

    What is owed comes from the plan; a duty that nobody recorded is one not done. Single duties outside the plan
    count by their own due time.
    """
    placing = by_date(Fact.DUTIES, hierarchy, question)
    sums = duties_by_unit(read_owed_duties(connection, hierarchy, question), placing)
    return as_fact(Fact.DUTIES, [_placed(sums, placing)], placing.dimensions)


def duties_by_unit(owed: OwedDuties, placing: Placing) -> pd.DataFrame:
    """The counts of DUTIES by unit, stretch and dimensions, of all units and some that aren't asked about."""
    keys = [UNIT, STRETCH, *placing.dimensions]
    lines = pd.concat(duty_lines(owed, placing))
    return lines.groupby(keys, sort=False, dropna=False)[COUNTS].sum().reset_index()


def duty_lines(owed: OwedDuties, placing: Placing) -> Iterator[pd.DataFrame]:
    """Frames of duties by unit, stretch and dimensions: owed by plan, done of them, and outside the plan."""
    names = [UNIT, STRETCH, *placing.dimensions, *COUNTS]
    return (line[names].astype(dict.fromkeys(COUNTS, "int64")) for line in _lines(owed, placing, names[: -len(COUNTS)]))


def _lines(owed: OwedDuties, placing: Placing, keys: list[str]) -> Iterator[pd.DataFrame]:
    occasions = owed.plan.occasions.rename(columns={"kind": KIND})
    occasions = occasions.assign(**{STRETCH: stretch_numbers(placing, occasions[DUE_DAY])})
    of_owner = ["owner", *keys[1:]]
    counts = occasions.groupby(of_owner, sort=False).size().rename(OWED).reset_index()
    yield counts.merge(owed.plan.units, on="owner").assign(**{COMPLETED: 0, ON_TIME: 0})
    yield owed.fulfilled.join(occasions[keys[1:]], on="occasion").assign(**{OWED: 0})
    single = owed.single.rename(columns={"kind": KIND})
    yield single.assign(**{STRETCH: stretch_numbers(placing, single[DUE_DAY])}).assign(**{OWED: 1})


def stretch_numbers(placing: Placing, days: "pd.Series[int]") -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """The index of the stretch that holds each day (an ordinal) of the period."""
    starts = [stretch.start.toordinal() for stretch in placing.stretches]
    return np.searchsorted(np.array(starts, dtype=np.int64), days.to_numpy(dtype=np.int64), side="right") - 1


def _placed(sums: pd.DataFrame, placing: Placing) -> pd.DataFrame:
    """The sums of units asked about, with lineage and part in place of unit and stretch."""
    inside = Inside(placing.hierarchy, placing.question)
    starts = [(unit, placing.stretches[number]) for unit, number in zip(sums[UNIT], sums[STRETCH], strict=True)]
    kept = np.array([inside.holds(unit, stretch.start) for unit, stretch in starts], dtype=bool)
    lineages = [placing.hierarchy.lineage(unit, stretch.start) for unit, stretch in starts]
    places = {name: pd.Series([getattr(one, name) for one in lineages], dtype=object) for name in LINEAGE}
    parts = pd.Series([stretch.part for _, stretch in starts], dtype=object)
    return sums.assign(**places, **{PART: parts})[kept]
