"""Counts of units added up to what is above them: branches and departments, and the company."""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from data_access.hierarchy import Hierarchy
from metrics.counts import TEAM

UNIT = "unit_id"
Above = Callable[[Hierarchy, str, date], str | None]
"""What is above a unit on a day."""


def at_all_grains(rows: pd.DataFrame, hierarchy: Hierarchy, day: str, counts: list[str]) -> pd.DataFrame:
    """The rows (with a column ``day`` that tells where the unit stood) and their sums, with their grain."""
    keys = [name for name in rows.columns if name not in counts]
    of_branches = _added_up(rows.assign(**{UNIT: _for_each(rows, day, hierarchy, _branch)}), keys, counts)
    of_company = _added_up(of_branches.assign(**{UNIT: _for_each(of_branches, day, hierarchy, _company)}), keys, counts)
    grains = {"unit": rows, "branch": of_branches, "company": of_company}
    return pd.concat([found.assign(grain=grain) for grain, found in grains.items()])


def _added_up(rows: pd.DataFrame, keys: list[str], counts: list[str]) -> pd.DataFrame:
    return rows.groupby(keys, sort=False, dropna=False)[counts].sum().reset_index()


def _for_each(rows: pd.DataFrame, day: str, hierarchy: Hierarchy, above: Above) -> "np.ndarray[tuple[int], Any]":
    """What is above the unit of each row on its day; looked for once for each unit and day."""
    units, unit_ids = pd.factorize(rows[UNIT], use_na_sentinel=False)
    days, distinct = pd.factorize(rows[day])
    places, first = np.unique(units * len(distinct) + days, return_inverse=True)
    found = np.empty(len(places), dtype=object)
    found[:] = [above(hierarchy, unit_ids[place // len(distinct)], distinct[place % len(distinct)]) for place in places]
    return found[first]


def _branch(hierarchy: Hierarchy, unit_id: str, day: date) -> str | None:
    """The nearest unit that is no team; it may be the unit itself. None for an unknown unit."""
    path = hierarchy.path(unit_id, day)
    return next((unit.id for unit in reversed(path) if unit.kind != TEAM), None)


def _company(hierarchy: Hierarchy, unit_id: str, day: date) -> str | None:
    return hierarchy.lineage(unit_id, day).company_id
