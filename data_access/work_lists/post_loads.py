"""How many targets each post is responsible for, the most loaded first."""

import pandas as pd
from sqlalchemy import Connection

from data_access.counts.standing import stock_days
from data_access.counts.units_on import WITHIN, UnitsByDay
from data_access.counts.zone_loads import POST, read_posts, standing_targets
from data_access.hierarchy import Hierarchy
from data_access.question import Question

LOAD_COLUMNS = ["unit_id", "post", "targets", "target_ids"]


def list_post_loads(connection: Connection, hierarchy: Hierarchy, question: Question) -> pd.DataFrame:
    """The posts with a zone on the last day of the question's last part (or on its as-of day).

    One row is a post: ``unit_id`` (the unit it belongs to), ``post`` (its code), ``targets`` (how many units it is
    responsible for), ``target_ids`` (which, as a tuple). Most targets first.
    """
    days = stock_days(question)
    if not days:
        return pd.DataFrame(columns=LOAD_COLUMNS)
    day = max(days, key=lambda one: one.day)
    units = UnitsByDay(hierarchy, question).on(day.day)
    targets = standing_targets(units, read_posts(connection, hierarchy, question, (day,)).on(day.day))
    inside = targets[targets["sponsor_unit_id"].isin(units.index[units[WITHIN]])]
    targets_of: dict[tuple[str, str], list[str]] = {}
    for unit_id, post, target in zip(*(inside[name] for name in (*POST, "target_unit_id")), strict=True):
        targets_of.setdefault((unit_id, post), []).append(target)
    rows = [(*post, len(own), tuple(sorted(own))) for post, own in targets_of.items()]
    frame = pd.DataFrame(rows, columns=LOAD_COLUMNS)
    return frame.sort_values(["targets", "unit_id", "post"], ascending=[False, True, True], ignore_index=True)
