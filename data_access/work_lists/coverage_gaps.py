"""Branches and teams that nobody covers: what each lacks, how many employees that concerns, and since when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection

from data_access.counts.chat_groups import grouped, read_groups
from data_access.counts.headcounts import read_employees_on
from data_access.counts.liaisons import contacts, read_liaisons
from data_access.counts.standing import StockDay, stock_days
from data_access.counts.units_on import OWN_BRANCH, WITHIN, UnitsByDay
from data_access.counts.zones import coverage, read_zones
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from data_access.work_lists.ended_links import latest_end, read_group_ends, read_liaison_ends, read_zone_ends
from metrics.counts import BRANCH, TEAM

GAP_COLUMNS = ["unit_id", "kind", "branch_id", "gap", "employees", "since", "networks"]

Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Gap(StrEnum):
    """What a unit lacks."""

    TIER_1 = "tier1"
    TIER_2 = "tier2"
    TIER_3 = "tier3"
    GROUP = "group"
    LIAISON = "liaison"
    NETWORKS = "networks"


def list_coverage_gaps(connection: Connection, hierarchy: Hierarchy, question: Question) -> pd.DataFrame:
    """What branches and teams lack on the last day of the question's last part (or on its as-of day).

    One row is a gap of a unit: ``unit_id``, ``kind`` (branch or team), ``branch_id`` (a team's branch, the branch
    itself, None where there is none), ``gap`` (see Gap), ``employees`` it concerns (of a branch with its teams;
    at tier 3 those not covered), ``since`` (the day on which what there was ended; None where nothing is known to
    have ended, or some is left), ``networks`` (those that lack, else empty). Most employees first.
    """
    days = stock_days(question)
    if not days:
        return pd.DataFrame(columns=GAP_COLUMNS)
    day = max(days, key=lambda one: one.day)
    units = UnitsByDay(hierarchy, question).on(day.day)
    liaisons = read_liaisons(connection, hierarchy, question, (day,)).on(day.day)
    covered = _covered(connection, hierarchy, question, day, contacts(units, liaisons, question.rules.networks))
    left = read_liaison_ends(connection, hierarchy, question, day.day)
    ends = {**_read_ends(connection, hierarchy, question, day.day, units), Gap.LIAISON: latest_end(left)}
    gaps = [*_gaps(covered, ends), _network_gaps(question, covered, liaisons, left)]
    return _listed(covered, [gap for gap in gaps if len(gap.units)])


@dataclass(frozen=True, eq=False)
class _Lacking:
    """The units that have a gap, by their places; for each the employees, since when, and the networks that lack."""

    gap: Gap
    units: Places
    employees: Places
    since: Sequence[date | None]
    networks: Sequence[tuple[str, ...]]


def _listed(covered: pd.DataFrame, lacking: Sequence[_Lacking]) -> pd.DataFrame:
    """One row per gap of a unit that the question asks about, most employees first; made at one stroke."""
    places = np.concatenate([each.units for each in lacking] or [np.empty(0, dtype=np.int64)])
    columns = {
        "unit_id": covered.index.to_numpy()[places],
        "kind": covered["kind"].to_numpy()[places],
        "branch_id": covered["branch_id"].to_numpy()[places],
        "gap": np.repeat(np.array([each.gap.value for each in lacking], dtype=object), [len(e.units) for e in lacking]),
        "employees": np.concatenate([each.employees for each in lacking] or [np.empty(0, dtype=np.int64)]),
        "since": _objects([day for each in lacking for day in each.since]),
        "networks": _objects([networks for each in lacking for networks in each.networks]),
    }
    within = covered[WITHIN].to_numpy(dtype=bool)[places]
    order = np.lexsort((columns["unit_id"].astype(str), -columns["employees"]))
    order = order[within[order]]
    return pd.DataFrame(
        {
            name: pd.Series(column[order], dtype=None if name == "employees" else object)
            for name, column in columns.items()
        }
    )


def _objects(values: Sequence[object]) -> npt.NDArray[np.object_]:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def _covered(
    connection: Connection, hierarchy: Hierarchy, question: Question, day: StockDay, units: pd.DataFrame
) -> pd.DataFrame:
    """The units with their coverage by zones and groups, and ``employees``, those of its teams with a branch's."""
    staff = read_employees_on(connection, hierarchy, question, day.day).reindex(units.index, fill_value=0)
    held = read_zones(connection, hierarchy, question, (day,)).on(day.day)
    groups = read_groups(connection, hierarchy, question, (day,)).on(day.day)
    of_branch = staff.groupby(units[OWN_BRANCH]).sum().reindex(units.index, fill_value=0)
    employees = of_branch.where(units["kind"] == BRANCH, staff)
    return grouped(coverage(units, held, staff), groups["unit_id"]).assign(employees=employees)


def _gaps(covered: pd.DataFrame, ends: dict[Gap, dict[str, date]]) -> Iterator[_Lacking]:
    """The gaps of each kind but the networks."""
    kinds, employees = covered["kind"].to_numpy(), covered["employees"].to_numpy(dtype=np.int64)
    branches, teams = kinds == BRANCH, kinds == TEAM
    left_out = (covered["team_employees"] - covered["employees_covered"]).to_numpy()
    partly = (covered["employees_covered"] > 0).to_numpy()
    ids = covered.index.to_numpy()

    def without(gap: Gap, which: Flags, count: str, own_ends: dict[str, date]) -> _Lacking:
        return _gap(gap, ids, which & ~covered[count].to_numpy(dtype=bool), employees, own_ends)

    yield without(Gap.TIER_1, branches, "branches_sponsored", ends.get(Gap.TIER_1, {}))
    yield without(Gap.TIER_2, teams, "teams_sponsored", ends.get(Gap.TIER_2, {}))
    yield _gap(Gap.TIER_3, ids, (left_out > 0) & ~partly, left_out, ends.get(Gap.TIER_3, {}))
    yield _gap(Gap.TIER_3, ids, (left_out > 0) & partly, left_out, {})
    yield without(Gap.GROUP, branches, "branches_with_group", ends.get(Gap.GROUP, {}))
    yield without(Gap.GROUP, teams, "teams_with_group", ends.get(Gap.GROUP, {}))
    yield without(Gap.LIAISON, teams, "teams_with_liaison", ends.get(Gap.LIAISON, {}))


def _gap(
    gap: Gap, ids: npt.NDArray[np.object_], which: Flags, employees: npt.NDArray[Any], ends: dict[str, date]
) -> _Lacking:
    units = np.flatnonzero(which)
    since = [ends.get(unit_id) for unit_id in ids[units]]
    return _Lacking(gap, units, employees[units].astype(np.int64), since, [()] * len(units))


def _network_gaps(question: Question, covered: pd.DataFrame, liaisons: pd.DataFrame, ended: pd.DataFrame) -> _Lacking:
    """The branches that lack networks; since the first of those that lack came to an end, if all of them did."""
    units = np.flatnonzero(covered["liaison_branches"] & ~covered["branches_with_all_networks"])
    lacking = covered.index.to_numpy()[units]
    there = set(zip(liaisons["unit_id"].map(covered[OWN_BRANCH]), liaisons["network"], strict=True))
    wanted = dict.fromkeys(question.rules.networks)
    missing = [tuple(one for one in wanted if (branch, one) not in there) for branch in lacking]
    ended = ended.assign(unit_id=ended["unit_id"].map(covered[OWN_BRANCH]))
    ends = {network: latest_end(own) for network, own in ended.groupby("network")}
    since = [
        _first_end([ends.get(network, {}).get(branch) for network in networks])
        for branch, networks in zip(lacking, missing, strict=True)
    ]
    employees = covered["employees"].to_numpy(dtype=np.int64)[units]
    return _Lacking(Gap.NETWORKS, units, employees, since, missing)


def _first_end(ends: list[date | None]) -> date | None:
    known = [end for end in ends if end is not None]
    return min(known) if len(known) == len(ends) else None


def _read_ends(
    connection: Connection, hierarchy: Hierarchy, question: Question, day: date, units: pd.DataFrame
) -> dict[Gap, dict[str, date]]:
    zone_ends = read_zone_ends(connection, hierarchy, question, day)
    return {
        Gap.TIER_1: latest_end(zone_ends[zone_ends["tier"] == 1]),
        Gap.TIER_2: latest_end(zone_ends[zone_ends["tier"] == 2]),
        Gap.TIER_3: latest_end(zone_ends[zone_ends["tier"] == 3]),
        Gap.GROUP: latest_end(read_group_ends(connection, hierarchy, question, day, units)),
    }
