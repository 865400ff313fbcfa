"""Support and outreach activities (活动): how many were held, and how many took part."""

from sqlalchemy import literal_column, select
from sqlalchemy.engine import Connection

from data_access.counts.consultations import at_least_zero, held
from data_access.counts.grouping import AT, count
from data_access.counts.placing import UNIT, by_date
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from data_access.tables import activities
from metrics.counted_rows import CountedRows
from metrics.counts import Fact

_TABLE = activities.c


def count_activities(connection: Connection, hierarchy: Hierarchy, question: Question) -> CountedRows:
    """Activities held by the as-of day and the people present; who came twice counts twice."""
    placing = by_date(Fact.ACTIVITIES, hierarchy, question)
    source = select(
        _TABLE.unit_id.label(UNIT),
        _TABLE.held_on.label(AT),
        *(_TABLE.kind.label(name) for name in placing.dimensions),
        literal_column("1").label("activities_held"),
        at_least_zero(_TABLE.participants).label("activity_participants"),
    ).where(*held(placing, _TABLE.unit_id, _TABLE.held_on))
    return count(connection, placing, source)
