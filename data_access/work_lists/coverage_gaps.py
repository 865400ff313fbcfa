"""Branches and teams that nobody covers: what each lacks, how many employees that concerns, and since when."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Any

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
    gaps = pd.concat([*_gaps(covered, ends), _network_gaps(question, covered, liaisons, left)])
    return gaps[gaps[WITHIN]].sort_values(["employees", "unit_id"], ascending=[False, True])[GAP_COLUMNS]


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


def _gaps(covered: pd.DataFrame, ends: dict[Gap, dict[str, date]]) -> Iterator[pd.DataFrame]:
    """The gaps of each kind but the networks."""
    branches, teams = covered["kind"] == BRANCH, covered["kind"] == TEAM
    left_out = covered["team_employees"] - covered["employees_covered"]
    partly = covered["employees_covered"] > 0
    yield _gap(covered[branches & ~covered["branches_sponsored"]], Gap.TIER_1, ends)
    yield _gap(covered[teams & ~covered["teams_sponsored"]], Gap.TIER_2, ends)
    yield _gap(covered.assign(employees=left_out)[(left_out > 0) & ~partly], Gap.TIER_3, ends)
    yield _gap(covered.assign(employees=left_out)[(left_out > 0) & partly], Gap.TIER_3, {})
    yield _gap(covered[branches & ~covered["branches_with_group"]], Gap.GROUP, ends)
    yield _gap(covered[teams & ~covered["teams_with_group"]], Gap.GROUP, ends)
    yield _gap(covered[teams & ~covered["teams_with_liaison"]], Gap.LIAISON, ends)


def _gap(units: pd.DataFrame, gap: Gap, ends: dict[Gap, dict[str, date]]) -> pd.DataFrame:
    own_ends = ends.get(gap, {})
    nothing = pd.Series([()] * len(units), index=units.index, dtype=object)
    return _rows(units, gap, [own_ends.get(unit_id) for unit_id in units.index], nothing)


def _rows(units: pd.DataFrame, gap: Gap, since: list[date | None], networks: "pd.Series[Any]") -> pd.DataFrame:
    named = units[["kind", "branch_id", WITHIN]].assign(
        gap=gap.value,
        employees=units["employees"].astype("int64"),
        since=pd.Series(since, index=units.index, dtype=object),
        networks=networks,
    )
    return named.reset_index(names="unit_id")


def _network_gaps(
    question: Question, covered: pd.DataFrame, liaisons: pd.DataFrame, ended: pd.DataFrame
) -> pd.DataFrame:
    """The branches that lack networks; since the first of those that lack came to an end, if all of them did."""
    lacking = covered[covered["liaison_branches"] & ~covered["branches_with_all_networks"]]
    there = set(zip(liaisons["unit_id"].map(covered[OWN_BRANCH]), liaisons["network"], strict=True))
    wanted = dict.fromkeys(question.rules.networks)
    missing = [tuple(one for one in wanted if (branch, one) not in there) for branch in lacking.index]
    ended = ended.assign(unit_id=ended["unit_id"].map(covered[OWN_BRANCH]))
    ends = {network: latest_end(own) for network, own in ended.groupby("network")}
    since = [
        _first_end([ends.get(network, {}).get(branch) for network in networks])
        for branch, networks in zip(lacking.index, missing, strict=True)
    ]
    return _rows(lacking, Gap.NETWORKS, since, pd.Series(missing, index=lacking.index, dtype=object))


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
