"""Active chat groups: months of teams, and those in which a group of theirs was active."""

import pandas as pd
from sqlalchemy import select
from sqlalchemy.engine import Connection

from data_access.counts.chat_groups import on_platform
from data_access.counts.records import ReadFrame, month_number, month_numbers, months_around, read_frame
from data_access.counts.standing import CountOn, StockDay, count_on_days, month_ends
from data_access.counts.units_on import reach
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from data_access.tables import chat_group_months, chat_groups
from metrics.counted_rows import CountedRows
from metrics.counts import TEAM, Fact


def count_chat_group_activity(connection: Connection, hierarchy: Hierarchy, question: Question) -> CountedRows:
    """Each team in each calendar month that ended in the part, and whether a group of its was active in it.

    Months for which no group of the whole company has a record of activity aren't counted.
    """
    activity_on = chat_group_activity_on(connection, hierarchy, question)
    return count_on_days(Fact.CHAT_GROUP_ACTIVITY, hierarchy, question, month_ends(question), activity_on)


def chat_group_activity_on(
    connection: Connection, hierarchy: Hierarchy, question: Question, read: ReadFrame = read_frame
) -> CountOn:
    """What counts the fact on one of the question's days, which are ends of months."""
    days = month_ends(question)
    known = _known_months(connection, question, days)
    active = _active_teams(connection, hierarchy, question, days, read)

    def count_on(day: StockDay, units: pd.DataFrame) -> pd.DataFrame:
        teams = (units["kind"] == TEAM) & (month_number(day.day) in known)
        busy = active["unit_id"][active["number"] == month_number(day.day)]
        return units.assign(team_months=teams, team_months_active=teams & units.index.isin(busy))

    return count_on


def _known_months(connection: Connection, question: Question, days: tuple[StockDay, ...]) -> set[int]:
    first, end = months_around([day.day for day in days], 0)
    months = (
        select(chat_group_months.c.month)
        .join(chat_groups, chat_groups.c.id == chat_group_months.c.group_id)
        .where(chat_group_months.c.active_days.is_not(None), on_platform(question))
        .where(chat_group_months.c.month >= first, chat_group_months.c.month < end)
        .distinct()
    )
    return {month_number(month) for month in connection.execute(months).scalars()}


def _active_teams(
    connection: Connection,
    hierarchy: Hierarchy,
    question: Question,
    days: tuple[StockDay, ...],
    read: ReadFrame,
) -> pd.DataFrame:
    """The units with an active group: ``unit_id`` and the month's ``number``."""
    first, end = months_around([day.day for day in days], 0)
    statement = (
        select(chat_groups.c.unit_id, chat_group_months.c.month)
        .join_from(chat_groups, chat_group_months, chat_groups.c.id == chat_group_months.c.group_id)
        .where(chat_group_months.c.active_days >= question.rules.active_days, on_platform(question))
        .where(chat_group_months.c.month >= first, chat_group_months.c.month < end)
        .where(reach(chat_groups.c.unit_id, hierarchy, question))
    )
    rows = read(connection, statement)
    return rows.assign(number=month_numbers(rows["month"]))
