"""Counts of units added up to what is above them: branches and departments, and the company."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from data_access.hierarchy import Hierarchy
from data_access.rollup.coded import NOTHING, Array, Coded, joined
from metrics.counts import TEAM
from metrics.period import Period

UNIT, GRAIN = "unit_id", "grain"
GRAINS = ("unit", "branch", "company")
Above = Callable[[Hierarchy, str | None, date], str | None]
"""What is above a unit on a day; of no unit too."""


def at_all_grains(rows: Coded, hierarchy: Hierarchy, day: str) -> Coded:
    """The rows (with a key ``day`` that tells where the unit stood) and their sums, with their grain."""
    days = rows.words[day].to_pylist()
    of_units = rows.added_up()
    of_branches = _above(of_units, hierarchy, day, days, _branch)
    of_company = _above(of_branches, hierarchy, day, days, _company)
    found = enumerate((of_units, of_branches, of_company))
    return joined([each.with_key(GRAIN, np.full(len(each), place), pa.array(GRAINS)) for place, each in found])


def _above(rows: Coded, hierarchy: Hierarchy, day: str, days: Sequence[date], above: Above) -> Coded:
    """The sums of what is under the same unit."""
    units = rows.words[UNIT].to_pylist()
    table = _lookup(units, days, hierarchy, above)
    ids = [*dict.fromkeys(unit for of_unit in table for unit in of_unit if unit is not None)]
    place_of = {None: NOTHING} | {unit: place for place, unit in enumerate(ids)}
    places = np.array([[place_of[unit] for unit in of_unit] for of_unit in table], dtype=np.int64)
    # NOTHING is the last row of the table
    found: Array = places[rows.keys[UNIT], rows.keys[day]]
    return rows.with_key(UNIT, found, pa.array(ids, pa.string())).added_up()


def _lookup(units: Sequence[str], days: Sequence[date], hierarchy: Hierarchy, above: Above) -> list[list[str | None]]:
    """What is above each unit on each day; the last list is that of no unit. Few units ever move."""
    if not days:
        return []
    moves = hierarchy.moves((Period(min(days), max(days) + timedelta(days=1)),))
    return [
        [above(hierarchy, unit, day) for day in days]
        if unit in moves
        else [above(hierarchy, unit, days[0])] * len(days)
        for unit in (*units, None)
    ]


def _branch(hierarchy: Hierarchy, unit_id: str | None, day: date) -> str | None:
    """The nearest unit that is no team; it may be the unit itself. None for an unknown unit."""
    path = () if unit_id is None else hierarchy.path(unit_id, day)
    return next((unit.id for unit in reversed(path) if unit.kind != TEAM), None)


def _company(hierarchy: Hierarchy, unit_id: str | None, day: date) -> str | None:
    return hierarchy.lineage(unit_id, day).company_id
