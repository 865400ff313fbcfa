"""Joint sessions (联合会诊): problems raised and settled, and who took part."""

from sqlalchemy import and_, case, select
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import ColumnElement

from data_access.counts.grouping import AT, count
from data_access.counts.placing import UNIT, Placing, by_date
from data_access.counts.standing import as_of_date
from data_access.counts.within import within
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from data_access.tables import consultations
from metrics.counted_rows import CountedRows
from metrics.counts import Fact

_TABLE = consultations.c


def count_consultations(connection: Connection, hierarchy: Hierarchy, question: Question) -> CountedRows:
    """Problems raised and settled in the sessions held by the as-of day, and cadres and workers present.

    No more counts as settled than was raised. A session that doesn't tell both cadres and workers leaves the
    share of workers on both sides.
    """
    placing = by_date(Fact.CONSULTATIONS, hierarchy, question)
    told = and_(_TABLE.workers.is_not(None), _TABLE.cadres.is_not(None))
    workers = case((told, at_least_zero(_TABLE.workers)), else_=0)
    cadres = case((told, at_least_zero(_TABLE.cadres)), else_=0)
    raised, settled = at_least_zero(_TABLE.items_raised), at_least_zero(_TABLE.items_settled)
    source = select(
        _TABLE.unit_id.label(UNIT),
        _TABLE.held_on.label(AT),
        *(_TABLE.level.label(name) for name in placing.dimensions),
        raised.label("items_raised"),
        case((settled > raised, raised), else_=settled).label("items_settled"),
        workers.label("consultation_workers"),
        (workers + cadres).label("consultation_participants"),
    ).where(*held(placing, _TABLE.unit_id, _TABLE.held_on))
    return count(connection, placing, source)


def at_least_zero(column: ColumnElement[int]) -> ColumnElement[int]:
    """The number, with 0 for one below."""
    return case((column > 0, column), else_=0)


def held(
    placing: Placing, unit: ColumnElement[str], day: ColumnElement[object]
) -> tuple[ColumnElement[bool], ColumnElement[bool], ColumnElement[bool]]:
    """The conditions that something was held in the period, by the as-of day, by a unit asked about."""
    return placing.holds(day), day <= as_of_date(placing.question), within(placing, unit, day)
