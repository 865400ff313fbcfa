"""How often the source system's own on-time flag says what we say."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, case, func, or_, select

from data_access.counts.case_columns import closed_at, exists, filtered, happened
from data_access.counts.deadlines import RESOLUTION, with_deadline
from data_access.counts.standing import as_of_date
from data_access.dialect import instant, latest_of
from data_access.hierarchy import Hierarchy
from data_access.quality.visible import listable, visible
from data_access.question import Question
from data_access.tables import cases

DISAGREEING_SHOWN = 1000


@dataclass(frozen=True)
class FlagAgreement:
    """Cases that carry a flag, and those of them whose flag agrees with our judgement.

    ``snapshot_at`` is the time at which open cases were judged; None where no case has a flag.
    ``disagreeing`` are the numbers of the others that the viewer may be shown, the first thousand of them.
    """

    flagged: int
    agreeing: int
    snapshot_at: datetime | None
    disagreeing: tuple[str, ...]


def flag_agreement(connection: Connection, hierarchy: Hierarchy, question: Question) -> FlagAgreement:
    """The agreement over all cases that exist at the as-of time, whatever the question's period.

    On time is a case that was closed by its deadline, or is open and not yet due, or has no deadline. The
    source's flag was true when the source was read, not at our as-of time: an open case is judged at the
    last moment at which the flagged cases show any event.
    """
    allowed = visible(cases, question.scope, hierarchy, as_of_date(question))
    snapshot_at = _snapshot(connection, question, allowed)
    if snapshot_at is None:
        return FlagAgreement(0, 0, None, ())
    judged = _judged(question, snapshot_at, allowed)
    flagged, agreeing = connection.execute(
        select(func.count(), func.coalesce(func.sum(judged.c.agrees), 0)).select_from(judged)
    ).one()
    shown = listable(cases, question.scope, hierarchy, as_of_date(question))
    wrong = select(judged.c.case_no).where(judged.c.agrees == 0)
    wrong = wrong.where(judged.c.case_no.in_(select(cases.c.case_no).where(shown)))
    numbers = connection.execute(wrong.order_by(judged.c.case_no).limit(DISAGREEING_SHOWN)).scalars()
    return FlagAgreement(flagged, int(agreeing), snapshot_at, tuple(numbers))


def _snapshot(connection: Connection, question: Question, allowed: ColumnElement[bool]) -> datetime | None:
    events = (cases.c.received_at, cases.c.responded_at, cases.c.resolved_at)
    known = (case((happened(event, question), event)) for event in events)
    statement = _flagged(select(func.max(latest_of(*known))), question, allowed)
    newest: datetime | None = connection.execute(statement).scalar_one()
    return newest


def _flagged(statement: Select[Any], question: Question, allowed: ColumnElement[bool]) -> Select[Any]:
    return statement.where(cases.c.sla_met.is_not(None), exists(question), allowed, *filtered(question))


def _judged(question: Question, snapshot_at: datetime, allowed: ColumnElement[bool]) -> Subquery:
    closed = closed_at(question)

    def source(due: ColumnElement[Any]) -> Select[Any]:
        on_time = or_(
            due.is_(None),
            and_(closed.is_not(None), closed <= due),
            and_(closed.is_(None), due >= instant(snapshot_at)),
        )
        agrees = case((cases.c.sla_met == on_time, 1), else_=0)
        return _flagged(select(cases.c.case_no, agrees.label("agrees")), question, allowed)

    return with_deadline(question, RESOLUTION, source).subquery()
