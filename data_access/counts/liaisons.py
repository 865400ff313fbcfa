"""Liaisons (信息员): teams with a contact, and branches with one in every network."""

import pandas as pd
from sqlalchemy import select
from sqlalchemy.engine import Connection

from data_access.counts.records import DatedRows, ReadFrame, read_dated, read_frame
from data_access.counts.standing import CountOn, StockDay, count_stock, stock_days
from data_access.counts.units_on import OWN_BRANCH, reach
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from data_access.tables import liaisons
from metrics.counted_rows import CountedRows
from metrics.counts import BRANCH, TEAM, Fact


def count_liaisons(connection: Connection, hierarchy: Hierarchy, question: Question) -> CountedRows:
    """Teams with a liaison and branches that have every network, themselves or through their teams.

    Where the company names no networks, branches aren't counted at all.
    """
    return count_stock(Fact.LIAISONS, hierarchy, question, liaisons_on(connection, hierarchy, question))


def liaisons_on(
    connection: Connection, hierarchy: Hierarchy, question: Question, read: ReadFrame = read_frame
) -> CountOn:
    """What counts the fact on one of the question's days."""
    held = read_liaisons(connection, hierarchy, question, stock_days(question), read)

    def count_on(day: StockDay, units: pd.DataFrame) -> pd.DataFrame:
        return contacts(units, held.on(day.day), question.rules.networks)

    return count_on


def read_liaisons(
    connection: Connection,
    hierarchy: Hierarchy,
    question: Question,
    days: tuple[StockDay, ...],
    read: ReadFrame = read_frame,
) -> DatedRows:
    """The liaisons of units that the question reaches: ``network``, ``unit_id``."""
    statement = select(liaisons.c.network, liaisons.c.unit_id)
    statement = statement.where(reach(liaisons.c.unit_id, hierarchy, question))
    return read_dated(
        connection, statement, liaisons.c.valid_from, liaisons.c.valid_to, [day.day for day in days], read
    )


def contacts(units: pd.DataFrame, held: pd.DataFrame, networks: tuple[str, ...]) -> pd.DataFrame:
    """The units with the counts of LIAISONS, from the liaisons of that day."""
    teams = units["kind"] == TEAM
    branches = (units["kind"] == BRANCH) & bool(networks)
    wanted = held[held["network"].isin(networks)]
    found = wanted["network"].groupby(wanted["unit_id"].map(units[OWN_BRANCH])).nunique()
    return units.assign(
        liaison_branches=branches,
        branches_with_all_networks=branches & (found.reindex(units.index, fill_value=0) == len(set(networks))),
        liaison_teams=teams,
        teams_with_liaison=teams & units.index.isin(held["unit_id"]),
    )
