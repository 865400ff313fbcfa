"""Counts of units added up to what is above them: branches and departments, and the company."""

from datetime import date

import pandas as pd

from data_access.hierarchy import Hierarchy
from metrics.counts import TEAM

UNIT = "unit_id"
ABOVE = ["branch", "company"]


def at_all_grains(rows: pd.DataFrame, hierarchy: Hierarchy, day: str, counts: list[str]) -> pd.DataFrame:
    """The rows (with a column ``day`` that tells where the unit stood) and their sums, with their grain."""
    keys = [name for name in rows.columns if name not in counts]
    codes, distinct = pd.factorize(pd.MultiIndex.from_frame(rows[[UNIT, day]]))
    above = pd.DataFrame([_above(hierarchy, unit_id, on) for unit_id, on in distinct], columns=ABOVE, dtype=object)
    of_branches, of_company = (
        _added_up(rows.assign(**{UNIT: above[name].take(codes).array}), keys, counts) for name in ABOVE
    )
    grains = {"unit": rows, "branch": of_branches, "company": of_company}
    return pd.concat([found.assign(grain=grain) for grain, found in grains.items()])


def _added_up(rows: pd.DataFrame, keys: list[str], counts: list[str]) -> pd.DataFrame:
    return rows.groupby(keys, sort=False, dropna=False)[counts].sum().reset_index()


def _above(hierarchy: Hierarchy, unit_id: str, day: date) -> tuple[str | None, str | None]:
    """The nearest unit that is no team (it may be the unit itself), None for an unknown unit; and the company."""
    path = hierarchy.path(unit_id, day)
    nearest = next((unit.id for unit in reversed(path) if unit.kind != TEAM), None)
    return nearest, hierarchy.lineage(unit_id, day).company_id
