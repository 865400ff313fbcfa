"""Headcounts: how many employees a unit has of its own."""

from datetime import date

import pandas as pd
from sqlalchemy import select
from sqlalchemy.engine import Connection

from data_access.counts.records import MonthlyValues, ReadFrame, months_around, read_frame, read_monthly
from data_access.counts.standing import CountOn, StockDay, count_stock, stock_days
from data_access.counts.units_on import reach
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from data_access.tables import headcounts, org_units
from metrics.counted_rows import CountedRows
from metrics.counts import Fact

MONTHS_KEPT = 12
"""A headcount stays good for a year where no newer one came."""


def count_headcounts(connection: Connection, hierarchy: Hierarchy, question: Question) -> CountedRows:
    """The employees of each unit's own staff on the last day of each part."""
    return count_stock(Fact.HEADCOUNTS, hierarchy, question, headcounts_on(connection, hierarchy, question))


def headcounts_on(
    connection: Connection, hierarchy: Hierarchy, question: Question, read: ReadFrame = read_frame
) -> CountOn:
    """What counts the fact on one of the question's days."""
    staff = read_employees(connection, hierarchy, question, stock_days(question), read)

    def count_on(day: StockDay, units: pd.DataFrame) -> pd.DataFrame:
        return units.assign(employees=staff.on(day.day).reindex(units.index, fill_value=0))

    return count_on


def read_employees(
    connection: Connection,
    hierarchy: Hierarchy,
    question: Question,
    days: tuple[StockDay, ...],
    read: ReadFrame = read_frame,
) -> MonthlyValues:
    """Own staff by unit and month, for the units that the question reaches."""
    statement = select(headcounts.c.unit_id.label("id"), headcounts.c.employees.label("value"))
    statement = statement.where(reach(headcounts.c.unit_id, hierarchy, question))
    return read_monthly(connection, statement, headcounts.c.month, [day.day for day in days], MONTHS_KEPT, read)


def read_employees_on(connection: Connection, hierarchy: Hierarchy, question: Question, day: date) -> "pd.Series[int]":
    """What ``read_employees`` knows on one day, by known unit: the newest headcount of each that is still good.

    Each is looked up by itself, which takes a fifth of the time of finding the newest among all months.
    """
    first, end = months_around([day], MONTHS_KEPT)
    newest = (
        select(headcounts.c.employees)
        .where(headcounts.c.unit_id == org_units.c.id, headcounts.c.month >= first, headcounts.c.month < end)
        .order_by(headcounts.c.month.desc())
        .limit(1)
        .scalar_subquery()
    )
    statement = select(org_units.c.id, newest.label("employees")).where(reach(org_units.c.id, hierarchy, question))
    rows = read_frame(connection, statement).dropna()
    return rows.set_index("id")["employees"].astype("int64").clip(lower=0)
