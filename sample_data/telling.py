"""A whole sample company as frames, piece by piece."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Table

from data_access import tables
from sample_data.cases import cases_and_events
from sample_data.duties import duties
from sample_data.groups import chat_group_months, chat_groups, liaisons
from sample_data.meetings import activities, consultations, contact_points, external_scores
from sample_data.units import headcounts, org_units, unit_parents
from sample_data.world import World
from sample_data.zones import zones

RECORDED_BY = {
    "org_units": ("founded_on", 0),
    "headcounts": ("month", 5),
    "chat_group_months": ("month", 33),
    "duties": ("done_at", 0),
    "contact_points": ("contacted_at", 0),
    "consultations": ("held_on", 1),
    "activities": ("held_on", 2),
    "external_scores": ("period_start", 100),
    "zones": ("valid_from", 1),
    "liaisons": ("valid_from", 1),
    "chat_groups": ("created_on", 1),
    "unit_parents": ("valid_from", 0),
}
"""From which column, and how many days after it, a table's rows are known to the system."""

WHOLE_TABLES = {
    tables.org_units: org_units,
    tables.unit_parents: unit_parents,
    tables.headcounts: headcounts,
    tables.zones: zones,
    tables.chat_groups: chat_groups,
    tables.chat_group_months: chat_group_months,
    tables.liaisons: liaisons,
    tables.duties: duties,
    tables.contact_points: contact_points,
    tables.consultations: consultations,
    tables.activities: activities,
    tables.external_scores: external_scores,
}
"""How the rows of the tables are made that are in one piece."""


@dataclass(frozen=True)
class Piece:
    """Some rows of a table, with its columns in order; times are local, without zone.

    ``total`` is how many rows the table has in all its pieces, None where that isn't known yet.
    """

    table: Table
    rows: pd.DataFrame
    total: int | None


def tell(world: World, cases: int | None = None) -> Iterator[Piece]:
    """The rows of all source tables, each piece made when it is asked for.

    ``cases`` is the number of cases, by default the plan's.
    """
    for table, make in WHOLE_TABLES.items():
        rows = _recorded(world, table.name, make(world))
        yield Piece(table, rows[table.columns.keys()], len(rows))
    yield from _about_cases(world, world.plan.cases if cases is None else cases)


def _about_cases(world: World, size: int) -> Iterator[Piece]:
    told, events_told = 0, 0
    for cases, events in cases_and_events(world, size):
        told, events_told = told + len(cases), events_told + len(events)
        yield Piece(tables.cases, cases, size)
        yield Piece(
            tables.case_events, events[tables.case_events.columns.keys()], events_told if told == size else None
        )


def _recorded(world: World, name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with the times at which the system learned of them, never after the last day told."""
    column, days = RECORDED_BY[name]
    known = pd.to_datetime(frame[column]) + pd.Timedelta(days=days)
    known = known.where(known < world.until, pd.Timestamp(world.dates.until))
    return frame.assign(recorded_at=known, updated_at=known)
