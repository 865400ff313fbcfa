"""A whole sample company as frames, one per table of the contract."""

import pandas as pd

from data_access.tables import SOURCE_TABLES
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


def tell(world: World, cases: int | None = None) -> dict[str, pd.DataFrame]:
    """The rows of each source table, with its columns in order; times are local, without zone.

    ``cases`` is the number of cases, by default the plan's.
    """
    case_rows, events = cases_and_events(world, world.plan.cases if cases is None else cases)
    groups = chat_groups(world)
    frames = {
        "org_units": org_units(world),
        "unit_parents": unit_parents(world),
        "headcounts": headcounts(world),
        "cases": case_rows,
        "case_events": events,
        "zones": zones(world),
        "chat_groups": groups,
        "chat_group_months": chat_group_months(world, groups),
        "liaisons": liaisons(world),
        "duties": duties(world),
        "contact_points": contact_points(world),
        "consultations": consultations(world),
        "activities": activities(world),
        "external_scores": external_scores(world),
    }
    known = {name: _recorded(world, name, frame) for name, frame in frames.items()}
    return {table.name: known[table.name][table.columns.keys()] for table in SOURCE_TABLES}


def _recorded(world: World, name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with the times at which the system learned of them, never after the last day told."""
    if "recorded_at" in frame:
        return frame
    column, days = RECORDED_BY[name]
    known = pd.to_datetime(frame[column]) + pd.Timedelta(days=days)
    known = known.where(known < world.until, pd.Timestamp(world.dates.until))
    return frame.assign(recorded_at=known, updated_at=known)
