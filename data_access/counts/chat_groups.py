"""Chat groups: branches and teams with a group, and employees who are members of one."""

import pandas as pd
from sqlalchemy import Select, exists, or_, select, true
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import ColumnElement

from data_access.counts.headcounts import read_employees
from data_access.counts.records import (
    DatedRows,
    MonthlyValues,
    ReadFrame,
    months_around,
    read_dated,
    read_frame,
    read_monthly,
)
from data_access.counts.standing import CountOn, StockDay, count_stock, stock_days
from data_access.counts.units_on import OWN_BRANCH, reach
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from data_access.tables import chat_group_months, chat_groups
from metrics.counted_rows import CountedRows
from metrics.counts import BRANCH, TEAM, Fact

MONTHS_KEPT = 3
"""A number of members stays good for three months where no newer one came."""

_OF_GROUP = chat_group_months.c.group_id == chat_groups.c.id
_MEMBERS = chat_group_months.c.members


def count_chat_groups(connection: Connection, hierarchy: Hierarchy, question: Question) -> CountedRows:
    """Branches and teams with an open group, and their members among the employees, on the last day of each part.

    Members fill up a team to its headcount; those of a branch's group fill up what is left of the branch's
    employees. Where no group of the whole company has a known number of members, employees count 0 as well.
    """
    return count_stock(Fact.CHAT_GROUPS, hierarchy, question, chat_groups_on(connection, hierarchy, question))


def chat_groups_on(
    connection: Connection, hierarchy: Hierarchy, question: Question, read: ReadFrame = read_frame
) -> CountOn:
    """What counts the fact on one of the question's days."""
    days = stock_days(question)
    groups = read_groups(connection, hierarchy, question, days, read)
    members = _read_members(connection, hierarchy, question, days, read)
    staff = read_employees(connection, hierarchy, question, days, read)

    def count_on(day: StockDay, units: pd.DataFrame) -> pd.DataFrame:
        opened = groups.on(day.day)
        known = _members_known(connection, question, day)
        joined = opened["id"].map(members.on(day.day)).fillna(0).astype("int64").groupby(opened["unit_id"]).sum()
        return grouped(units, opened["unit_id"]).join(_reached(units, joined, staff.on(day.day)) * known)

    return count_on


def read_groups(
    connection: Connection,
    hierarchy: Hierarchy,
    question: Question,
    days: tuple[StockDay, ...],
    read: ReadFrame = read_frame,
) -> DatedRows:
    """The groups of units that the question reaches, of the platform it asks for."""
    statement = select(chat_groups.c.id, chat_groups.c.unit_id)
    statement = statement.where(reach(chat_groups.c.unit_id, hierarchy, question), on_platform(question))
    return read_dated(
        connection, statement, chat_groups.c.created_on, chat_groups.c.closed_on, [day.day for day in days], read
    )


def on_platform(question: Question) -> ColumnElement[bool]:
    """The condition that a group is on the platform that the question asks for."""
    platform = question.filters.platform
    return true() if platform is None else chat_groups.c.platform == platform


def _read_members(
    connection: Connection,
    hierarchy: Hierarchy,
    question: Question,
    days: tuple[StockDay, ...],
    read: ReadFrame,
) -> MonthlyValues:
    statement = select(chat_groups.c.id.label("id"), _MEMBERS.label("value")).join_from(
        chat_groups, chat_group_months, _OF_GROUP
    )
    statement = statement.where(
        _MEMBERS.is_not(None), on_platform(question), reach(chat_groups.c.unit_id, hierarchy, question)
    )
    return read_monthly(connection, statement, chat_group_months.c.month, [day.day for day in days], MONTHS_KEPT, read)


def _members_known(connection: Connection, question: Question, day: StockDay) -> bool:
    """Whether any open group of the company, in the viewer's scope or not, has a fresh number of members."""
    return bool(connection.execute(select(exists(_known_members(question, day)))).scalar_one())


def _known_members(question: Question, day: StockDay) -> Select[tuple[str]]:
    first, end = months_around([day.day], MONTHS_KEPT)
    return (
        select(chat_groups.c.id)
        .join_from(chat_groups, chat_group_months, _OF_GROUP)
        .where(on_platform(question), chat_groups.c.created_on <= day.day, _MEMBERS.is_not(None))
        .where(or_(chat_groups.c.closed_on.is_(None), chat_groups.c.closed_on > day.day))
        .where(chat_group_months.c.month >= first, chat_group_months.c.month < end)
    )


def grouped(units: pd.DataFrame, with_group: "pd.Series[str]") -> pd.DataFrame:
    """The units with the counts of branches and teams of CHAT_GROUPS, from the units of that day's open groups."""
    branches, teams = units["kind"] == BRANCH, units["kind"] == TEAM
    return units.assign(
        group_branches=branches,
        branches_with_group=branches & units.index.isin(with_group.map(units[OWN_BRANCH])),
        group_teams=teams,
        teams_with_group=teams & units.index.isin(with_group),
    )


def _reached(units: pd.DataFrame, members: "pd.Series[int]", staff: "pd.Series[int]") -> pd.DataFrame:
    """Employees of each team, and of each branch's own staff, and how many of them are in a group."""
    branches, teams = units["kind"] == BRANCH, units["kind"] == TEAM
    employees = staff.reindex(units.index, fill_value=0).where(branches | teams, 0)
    members = members.reindex(units.index, fill_value=0)
    in_teams = members.clip(upper=employees).where(teams, 0)
    left = (employees - in_teams).groupby(units[OWN_BRANCH]).sum().reindex(units.index, fill_value=0)
    in_branches = members.clip(upper=left).where(branches, 0)
    return pd.DataFrame({"group_employees": employees, "group_members": in_teams + in_branches})
