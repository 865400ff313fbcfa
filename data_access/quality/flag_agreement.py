"""How often the source system's own on-time flag says what we say."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, case, func, or_, select

from data_access.counts.case_columns import closed_at, exists, filtered, happened
from data_access.counts.deadlines import RESOLUTION, with_deadline
from data_access.counts.standing import as_of_date
from data_access.counts.standpoint import standpoint
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
    today = as_of_date(question)
    allowed = visible(cases, question.scope, hierarchy, today)
    snapshot_at = _snapshot(connection, question, allowed)
    if snapshot_at is None:
        return FlagAgreement(0, 0, None, ())
    judged = _judged(question, snapshot_at, allowed)
    counts = select(func.count(), func.coalesce(func.sum(judged.c.agrees), 0)).select_from(judged)
    flagged, agreed = connection.execute(counts).one()
    shown = _judged(question, snapshot_at, listable(cases, question.scope, hierarchy, today))
    wrong = select(shown.c.case_no).where(shown.c.agrees == 0).order_by(shown.c.case_no).limit(DISAGREEING_SHOWN)
    return FlagAgreement(flagged, int(agreed), snapshot_at, tuple(connection.execute(wrong).scalars()))


def _snapshot(connection: Connection, question: Question, allowed: ColumnElement[bool]) -> datetime | None:
    events = (cases.c.received_at, cases.c.responded_at, cases.c.resolved_at)
    known = (case((happened(event, standpoint(question)), event)) for event in events)
    statement = _flagged(select(func.max(latest_of(*known))), question, allowed)
    newest: datetime | None = connection.execute(statement).scalar_one()
    return newest


def _judged(question: Question, snapshot_at: datetime, allowed: ColumnElement[bool]) -> Subquery:
    """One row per flagged case: its number, and whether its flag agrees with our judgement (1 or 0)."""

    def source(due: ColumnElement[Any]) -> Select[Any]:
        known = select(
            cases.c.case_no, cases.c.sla_met, closed_at(standpoint(question)).label("closed_at"), due.label("due_at")
        )
        return _flagged(known, question, allowed)

    known = with_deadline(question.rules, RESOLUTION, source).subquery()
    # An open case stands as if it were closed at the snapshot, the last moment of which the source knew.
    until = func.coalesce(known.c.closed_at, instant(snapshot_at))
    on_time = or_(known.c.due_at.is_(None), until <= known.c.due_at)
    return select(known.c.case_no, case((known.c.sla_met == on_time, 1), else_=0).label("agrees")).subquery()


def _flagged(statement: Select[Any], question: Question, allowed: ColumnElement[bool]) -> Select[Any]:
    return statement.where(cases.c.sla_met.is_not(None), exists(standpoint(question)), allowed, *filtered(question))
