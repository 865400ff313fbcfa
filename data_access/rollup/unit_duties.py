"""Duties by unit, month and kind, with what was completed only after the month was settled."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa

from data_access.counts.duties import KIND, STRETCH, UNIT, duty_lines, stretch_numbers
from data_access.counts.owed_duties import COMPLETED, ON_TIME, OwedDuties, read_owed_duties
from data_access.counts.placing import Placing, by_date
from data_access.hierarchy import Hierarchy
from data_access.question import Rules
from data_access.rollup.coded import Coded, words_of
from data_access.rollup.grid import Grid
from data_access.rollup.unit_sources import UnitSources
from data_access.rollup.unit_times import about_everything, counting_from, first_known_of, instants_of, microseconds_of
from metrics.counts import FACTS, Fact
from metrics.period import Period

COUNTS = list(FACTS[Fact.DUTIES].counts)
SINCE = "counts_from"


def duty_rows(
    sources: UnitSources, hierarchy: Hierarchy, rules: Rules, grid: Grid, months: tuple[Period, ...]
) -> Coded:
    """The duties of all units in the months: ``unit_id``, ``segment``, ``counts_from``, ``duty_kind``, counts.

    They are counted once, as they stood in the end. From then on only the time of a duty that was completed
    late makes a difference: up to that time it is taken away again.
    """
    question = about_everything(rules, grid, months, (KIND,))
    placing = by_date(Fact.DUTIES, hierarchy, question)
    owed = read_owed_duties(sources.connection, hierarchy, question, sources.frame)
    first = first_known_of(grid, (stretch.part for stretch in placing.stretches))
    lines = [line.assign(**{SINCE: first[line[STRETCH]]}) for line in duty_lines(owed, placing)]
    late = _completed_late(owed, placing)
    known = first[late[STRETCH]]
    since = counting_from(grid, microseconds_of(late["at"]), known)
    lines += _moved(late.assign(**{SINCE: since})[since > known], known[since > known])
    return _coded(lines, placing)


def _coded(lines: list[pd.DataFrame], placing: Placing) -> Coded:
    """The lines of all frames with numbers for keys."""

    def together(name: str) -> "np.ndarray[tuple[int], np.dtype[np.generic]]":
        return np.concatenate([line[name].to_numpy() for line in lines])

    units, unit_ids = words_of(together(UNIT), pa.string())
    kinds, names = words_of(together(KIND), pa.string())
    since, instants = words_of(together(SINCE), pa.int64())
    return Coded(
        keys={"unit_id": units, "segment": together(STRETCH), SINCE: since, KIND: kinds},
        words={
            "unit_id": unit_ids,
            "segment": pa.array([stretch.start for stretch in placing.stretches], pa.date32()),
            SINCE: instants_of(instants),
            KIND: names,
        },
        counts={name: together(name).astype(np.int64) for name in COUNTS},
    )


def _moved(late: pd.DataFrame, known: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> Iterator[pd.DataFrame]:
    """What takes the completed duties away at first, and adds them later."""
    none = late.assign(**dict.fromkeys(COUNTS, 0))
    yield none.assign(**{COMPLETED: -1}).assign(**{SINCE: known})
    yield none.assign(**{COMPLETED: 1})


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
