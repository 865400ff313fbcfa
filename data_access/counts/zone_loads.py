"""Load of the posts (包保数): how many targets each one is responsible for."""

import pandas as pd
from sqlalchemy import select
from sqlalchemy.engine import Connection

from data_access.counts.records import DatedRows, ReadFrame, read_dated, read_frame
from data_access.counts.standing import CountOn, StockDay, count_stock, stock_days
from data_access.counts.units_on import reach
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from data_access.tables import zones
from metrics.counted_rows import CountedRows
from metrics.counts import Fact

POST = ["sponsor_unit_id", "sponsor_post"]


def count_zone_loads(connection: Connection, hierarchy: Hierarchy, question: Question) -> CountedRows:
    """How many posts have how many targets on the last day of each part, at the unit of the post.

    Targets are units that exist that day, each counted once a post, whatever the tier.
    """
    return count_stock(Fact.ZONE_LOADS, hierarchy, question, zone_loads_on(connection, hierarchy, question))


def zone_loads_on(
    connection: Connection, hierarchy: Hierarchy, question: Question, read: ReadFrame = read_frame
) -> CountOn:
    """What counts the fact on one of the question's days; one row is a post of ``sponsor_unit_id``."""
    held = read_posts(connection, hierarchy, question, stock_days(question), read)

    def count_on(day: StockDay, units: pd.DataFrame) -> pd.DataFrame:
        loads = targets_of_posts(units, held.on(day.day))
        return units.merge(loads, left_index=True, right_on="sponsor_unit_id").assign(posts=1)

    return count_on


def read_posts(
    connection: Connection,
    hierarchy: Hierarchy,
    question: Question,
    days: tuple[StockDay, ...],
    read: ReadFrame = read_frame,
) -> DatedRows:
    """The posts of units that the question reaches, with their targets."""
    statement = select(zones.c.sponsor_unit_id, zones.c.sponsor_post, zones.c.target_unit_id)
    statement = statement.where(reach(zones.c.sponsor_unit_id, hierarchy, question))
    return read_dated(connection, statement, zones.c.valid_from, zones.c.valid_to, [day.day for day in days], read)


def targets_of_posts(units: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """One row per post with the number of its ``targets``, from the zones of that day."""
    return standing_targets(units, held).groupby(POST).size().rename("targets").reset_index()


def standing_targets(units: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """Each post with each of its targets that exists that day, once."""
    return held[held["target_unit_id"].isin(units.index)].drop_duplicates([*POST, "target_unit_id"])
