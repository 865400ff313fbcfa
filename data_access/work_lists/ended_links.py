"""When what once covered a unit came to an end."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Select, or_, select

from data_access.counts.chat_groups import on_platform
from data_access.counts.records import read_frame
from data_access.counts.units_on import OWN_BRANCH, reach
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from data_access.tables import chat_groups, liaisons, zones
from metrics.counts import BRANCH, DEPARTMENT

SPONSOR_KINDS = {1: DEPARTMENT, 2: BRANCH}


def read_zone_ends(connection: Connection, hierarchy: Hierarchy, question: Question, day: date) -> pd.DataFrame:
    """The zones that ended by the day, or whose post's unit did: ``tier``, ``unit_id`` (the target), ``end``."""
    columns = (zones.c.tier, zones.c.sponsor_unit_id, zones.c.target_unit_id.label("unit_id"))
    gone = [unit.id for unit in hierarchy.units.values() if unit.closed_on is not None and unit.closed_on <= day]
    statement = select(*columns, zones.c.valid_to.label("end")).where(
        zones.c.valid_from <= day,
        or_(zones.c.valid_to <= day, zones.c.sponsor_unit_id.in_(gone)),
        reach(zones.c.target_unit_id, hierarchy, question),
    )
    rows = read_frame(connection, statement)
    sponsors = [hierarchy.units.get(unit_id) for unit_id in rows["sponsor_unit_id"]]
    fitting = [
        sponsor is not None and SPONSOR_KINDS.get(tier, sponsor.kind) == sponsor.kind
        for tier, sponsor in zip(rows["tier"], sponsors, strict=True)
    ]
    closings = [None if sponsor is None else sponsor.closed_on for sponsor in sponsors]
    ends = [min(end or date.max, closing or date.max) for end, closing in zip(rows["end"], closings, strict=True)]
    return rows.assign(end=pd.Series(ends, dtype=object))[np.array(fitting, dtype=np.bool_)][["tier", "unit_id", "end"]]


def read_group_ends(
    connection: Connection, hierarchy: Hierarchy, question: Question, day: date, units: pd.DataFrame
) -> pd.DataFrame:
    """The groups closed by the day, each for its unit and for that one's branch: ``unit_id``, ``end``."""
    statement = select(chat_groups.c.unit_id, chat_groups.c.closed_on.label("end"))
    reached = reach(chat_groups.c.unit_id, hierarchy, question)
    closed = read_frame(connection, statement.where(chat_groups.c.closed_on <= day, reached, on_platform(question)))
    of_branch = closed.assign(unit_id=closed["unit_id"].map(units[OWN_BRANCH]))
    return pd.concat([closed, of_branch])


def read_liaison_ends(connection: Connection, hierarchy: Hierarchy, question: Question, day: date) -> pd.DataFrame:
    """The liaisons that ended by the day: ``network``, ``unit_id``, ``end``."""
    statement: Select[Any] = select(liaisons.c.network, liaisons.c.unit_id, liaisons.c.valid_to.label("end"))
    reached = reach(liaisons.c.unit_id, hierarchy, question)
    return read_frame(connection, statement.where(liaisons.c.valid_to <= day, reached))


def latest_end(ends: pd.DataFrame) -> dict[str, date]:
    """The last day on which something ended, by unit."""
    latest: dict[str, date] = {}
    for unit_id, end in zip(ends["unit_id"], ends["end"], strict=True):
        if isinstance(unit_id, str):
            latest[unit_id] = max(end, latest.get(unit_id, end))
    return latest
