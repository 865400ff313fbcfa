"""Responsibility zones (包保责任区): which branches, teams and employees somebody is responsible for."""

import pandas as pd
from sqlalchemy import select
from sqlalchemy.engine import Connection

from data_access.counts.headcounts import read_employees
from data_access.counts.records import DatedRows, ReadFrame, read_dated, read_frame
from data_access.counts.standing import CountOn, StockDay, count_stock, stock_days
from data_access.counts.units_on import reach
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from data_access.tables import zones
from metrics.counted_rows import CountedRows
from metrics.counts import BRANCH, DEPARTMENT, TEAM, Fact

_COLUMNS = (
    zones.c.tier,
    zones.c.sponsor_unit_id,
    zones.c.sponsor_post,
    zones.c.target_unit_id,
    zones.c.employees_covered,
)


def count_zones(connection: Connection, hierarchy: Hierarchy, question: Question) -> CountedRows:
    """The coverage of each branch and team by the three tiers and by the full chain, on the last day of each part.

    A zone counts if the unit of its post exists that day. Covered employees are capped at the headcount, team by
    team; they are in the full chain where the team has a post of its branch and the branch one of a department.
    """
    return count_stock(Fact.ZONES, hierarchy, question, zones_on(connection, hierarchy, question))


def zones_on(connection: Connection, hierarchy: Hierarchy, question: Question, read: ReadFrame = read_frame) -> CountOn:
    """What counts the fact on one of the question's days."""
    days = stock_days(question)
    held = read_zones(connection, hierarchy, question, days, read)
    staff = read_employees(connection, hierarchy, question, days, read)

    def count_on(day: StockDay, units: pd.DataFrame) -> pd.DataFrame:
        return coverage(units, held.on(day.day), staff.on(day.day))

    return count_on


def read_zones(
    connection: Connection,
    hierarchy: Hierarchy,
    question: Question,
    days: tuple[StockDay, ...],
    read: ReadFrame = read_frame,
) -> DatedRows:
    """The zones for targets that the question reaches."""
    statement = select(*_COLUMNS).where(reach(zones.c.target_unit_id, hierarchy, question))
    return read_dated(connection, statement, zones.c.valid_from, zones.c.valid_to, [day.day for day in days], read)


def coverage(units: pd.DataFrame, held: pd.DataFrame, staff: "pd.Series[int]") -> pd.DataFrame:
    """The units with the counts of ZONES, from the zones and headcounts of that day."""
    tier_1, tier_2 = sponsored(units, held)
    branches, teams = units["kind"] == BRANCH, units["kind"] == TEAM
    employees = staff.reindex(units.index, fill_value=0).where(teams, 0)
    posts = held[(held["tier"] == 3) & held["sponsor_unit_id"].isin(units.index)]
    numbers = posts["employees_covered"].astype("float64").clip(lower=0).groupby(posts["target_unit_id"]).sum()
    covered = numbers.reindex(units.index, fill_value=0).clip(upper=employees)
    chained = units.index.isin(tier_2) & units["branch_id"].isin(tier_1)
    return units.assign(
        branches=branches,
        branches_sponsored=branches & units.index.isin(tier_1),
        teams=teams,
        teams_sponsored=teams & units.index.isin(tier_2),
        team_employees=employees,
        employees_covered=covered,
        employees_in_full_chain=covered.where(chained, 0),
    )


def sponsored(units: pd.DataFrame, held: pd.DataFrame) -> tuple["pd.Series[str]", "pd.Series[str]"]:
    """The targets with a department's post (tier 1), and those with a post of their own branch (tier 2)."""
    sponsor_kind = held["sponsor_unit_id"].map(units["kind"])
    own_branch = held["target_unit_id"].map(units["branch_id"])
    tier_1 = (held["tier"] == 1) & (sponsor_kind == DEPARTMENT)
    tier_2 = (held["tier"] == 2) & (sponsor_kind == BRANCH) & (held["sponsor_unit_id"] == own_branch)
    return held["target_unit_id"][tier_1], held["target_unit_id"][tier_2]
