"""Contact points (联系点): monthly contacts that a department owes the branches it sponsors."""

from bisect import bisect_right
from collections import Counter
from datetime import date

import pandas as pd
from sqlalchemy import select
from sqlalchemy.engine import Connection

from data_access.counts.grouping import placed
from data_access.counts.placing import Placing, by_date
from data_access.counts.records import (
    as_stored,
    instants,
    month_number,
    month_numbers,
    months_around,
    read_dated,
    read_frame,
)
from data_access.counts.standing import StockDay, month_ends
from data_access.counts.units_on import Inside, UnitsByDay, reach
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from data_access.tables import contact_points, zones
from metrics.counted_rows import CountedRows
from metrics.counts import BRANCH, DEPARTMENT, Fact

STEPS = ("contacted_at", "registered_at", "reported_at", "implemented_at", "fed_back_at")
PAIR = ["department_id", "unit_id"]


def count_contact_points(connection: Connection, hierarchy: Hierarchy, question: Question) -> CountedRows:
    """Contacts owed for the calendar months that ended in a part by the as-of time, and those with all five steps.

    A department owes one to each branch for which it has a post on the last day of the month, and one wherever
    it has a record. Its date is that last day; it belongs to the department.
    """
    placing, inside = by_date(Fact.CONTACT_POINTS, hierarchy, question), Inside(hierarchy, question)
    owed: Counter[tuple[str, int]] = Counter()
    closed: Counter[tuple[str, int]] = Counter()
    for day, contacts in read_contacts(connection, hierarchy, question, month_ends(question)):
        for department, of_department in contacts.groupby("department_id"):
            if inside.holds(str(department), day):
                key = (str(department), stretch_number(placing, day))
                owed[key] += len(of_department)
                closed[key] += int(of_department["closed"].sum())
    return placed([(*key, owed[key], closed[key]) for key in owed], placing)


def stretch_number(placing: Placing, day: date) -> int:
    """The index of the stretch that holds a day of the period."""
    return bisect_right(placing.stretches, day, key=lambda stretch: stretch.start) - 1


def read_contacts(
    connection: Connection, hierarchy: Hierarchy, question: Question, days: tuple[StockDay, ...]
) -> list[tuple[date, pd.DataFrame]]:
    """For the last day of each month the contacts owed: ``department_id``, ``unit_id``, ``closed_at``, ``closed``.

    A contact was closed when the last of its steps was done; NaT where one is missing. ``closed`` says whether
    that was so by the as-of time.
    """
    statement = select(zones.c.sponsor_unit_id.label("department_id"), zones.c.target_unit_id.label("unit_id"))
    statement = statement.where(zones.c.tier == 1, reach(zones.c.sponsor_unit_id, hierarchy, question))
    dates = [day.day for day in days]
    held = read_dated(connection, statement, zones.c.valid_from, zones.c.valid_to, dates, read_frame)
    records = _read_records(connection, hierarchy, question, dates)
    by_day = UnitsByDay(hierarchy, question)
    return [
        (day, _owed(by_day.on(day)["kind"], held.on(day), records[records["number"] == month_number(day)]))
        for day in dates
    ]


def _owed(kinds: "pd.Series[str]", held: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    sponsors = (held["department_id"].map(kinds) == DEPARTMENT) & (held["unit_id"].map(kinds) == BRANCH)
    recorded = records[[*PAIR, "closed_at", "closed"]]
    pairs = pd.concat([recorded, held.loc[sponsors, PAIR]]).drop_duplicates(PAIR)
    return pairs.assign(closed=pairs["closed"].eq(True))


def _read_records(connection: Connection, hierarchy: Hierarchy, question: Question, days: list[date]) -> pd.DataFrame:
    """The recorded contacts with the ``number`` of their month, and when all five steps were done."""
    first, end = months_around(days, 0)
    statement = (
        select(*(contact_points.c[name] for name in PAIR), contact_points.c.month)
        .add_columns(*(as_stored(contact_points.c[step]).label(step) for step in STEPS))
        .where(contact_points.c.month >= first, contact_points.c.month < end)
        .where(reach(contact_points.c.department_id, hierarchy, question))
    )
    rows = read_frame(connection, statement)
    closed_at = pd.concat([instants(rows[step]) for step in STEPS], axis=1).max(axis=1, skipna=False)
    numbers = month_numbers(rows["month"])
    return rows[PAIR].assign(number=numbers, closed_at=closed_at, closed=closed_at <= question.as_of)
