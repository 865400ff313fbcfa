"""Single cases, paged, for those who handle or supervise them: never their origin, never their text."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Row, Select, Subquery, func, not_, select, true

from data_access.counts.case_columns import At, filtered, restricted
from data_access.counts.deadlines import RESOLUTION, with_deadline
from data_access.counts.open_cases import falling_due, is_waiting, overdue
from data_access.counts.placing import Placing, as_of_day
from data_access.counts.standpoint import Standpoint, standpoint
from data_access.counts.within import roots_below_company, within
from data_access.dialect import instant
from data_access.hierarchy import Hierarchy
from data_access.instant import Instant
from data_access.question import Question, Rules
from data_access.scope import Verb
from data_access.tables import cases
from metrics.counts import Fact

LIST_VERBS = (Verb.HANDLE, Verb.SUPERVISE)
DEFAULT_PAGE_SIZE = 50
ALMOST_NOTHING = timedelta(microseconds=1)


class CasesNotAllowedError(PermissionError):
    """The viewer may see figures but no single cases; the message says what would be needed."""


class Listing(StrEnum):
    """Which open cases are listed, as OPEN_CASES counts them."""

    OPEN = "open_cases"
    OVERDUE = "overdue_cases"
    FALLING_DUE = "falling_due"


@dataclass(frozen=True)
class ListedCase:
    """One open case. Instants are in company time; grade, category, unit and deadline are None where unknown.

    ``days_left`` counts local days from the as-of day to the last day on which the case is in time, 0 on that
    day itself and negative for days late; a deadline at midnight belongs to the day that ends with it.
    ``overdue`` says that the deadline has passed, tolerated or not.
    """

    case_no: str
    grade: str | None
    category: str | None
    unit_id: str | None
    received_at: datetime
    due_at: datetime | None
    days_left: int | None
    overdue: bool


@dataclass(frozen=True)
class CasePage:
    """Some of the cases of a listing; ``total`` is how many there are on all pages."""

    cases: tuple[ListedCase, ...]
    total: int


def list_cases(
    connection: Connection,
    hierarchy: Hierarchy,
    question: Question,
    listing: Listing,
    *,
    number_prefix: str = "",
    page: int = 0,
    page_size: int = DEFAULT_PAGE_SIZE,
) -> CasePage:
    """A page (the first is 0) of the cases open at the question's as-of time, the earliest deadline first.

    Cases without a deadline come last. Restricted cases are listed only for who handles at company level.
    The question's parts and dimensions play no role. Raises CasesNotAllowedError for a scope that neither
    handles nor supervises.
    """
    if not any(question.scope.allows(verb) for verb in LIST_VERBS):
        raise CasesNotAllowedError(
            f"{question.scope.user} may see figures, but single cases are listed only for those who handle "
            "or supervise them."
        )
    listed = _listed(as_of_day(Fact.OPEN_CASES, hierarchy, question), listing, number_prefix.strip())
    columns = listed.c
    rows = connection.execute(
        select(listed, func.count().over().label("total"))
        .order_by(columns.due_at.is_(None), columns.due_at, columns.case_no)
        .limit(page_size)
        .offset(page * page_size)
    ).all()
    total = rows[0].total if rows else _count(connection, listed)
    return CasePage(tuple(_case(row, question) for row in rows), total)


def _count(connection: Connection, listed: Subquery) -> int:
    """How many cases there are, where the page itself has none and can't tell."""
    return connection.execute(select(func.count()).select_from(listed)).scalar_one()


def _listed(placing: Placing, listing: Listing, number_prefix: str) -> Subquery:
    question = placing.question
    seen = standpoint(question)

    def source(due: At) -> Select[Any]:
        return select(
            cases.c.case_no,
            cases.c.grade,
            cases.c.category,
            cases.c.responsible_unit_id,
            cases.c.received_at,
            due.label("due_at"),
        ).where(
            is_waiting(seen),
            _in_listing(listing, _unindexed(due), seen, question.rules),
            within(placing, cases.c.responsible_unit_id, instant(question.as_of), restricted()),
            *filtered(question),
            *_restricted_for_handlers(placing),
            *_numbered(number_prefix),
        )

    return with_deadline(question.rules, RESOLUTION, source).subquery("listed")


def _unindexed(due: At) -> At:
    """The deadline in a form that no index answers: few cases are open, and those are found by their closure.

    Almost every case ever received is past its deadline; PostgreSQL expected few and read 1.4 million of them.
    """
    return func.coalesce(due, due, type_=Instant())


def _in_listing(listing: Listing, due: At, seen: Standpoint, rules: Rules) -> ColumnElement[bool]:
    match listing:
        case Listing.OVERDUE:
            return overdue(due, seen)
        case Listing.FALLING_DUE:
            return falling_due(due, seen, rules)
        case Listing.OPEN:
            return true()


def _restricted_for_handlers(placing: Placing) -> list[ColumnElement[bool]]:
    company_level = not roots_below_company(placing)
    return [] if company_level and placing.question.scope.allows(Verb.HANDLE) else [not_(restricted())]


def _numbered(prefix: str) -> list[ColumnElement[bool]]:
    return [cases.c.case_no.startswith(prefix, autoescape=True)] if prefix else []


def _case(row: Row[Any], question: Question) -> ListedCase:
    time_zone = question.rules.time_zone
    due_at = row.due_at and row.due_at.astimezone(time_zone)
    return ListedCase(
        case_no=row.case_no,
        grade=row.grade,
        category=row.category,
        unit_id=row.responsible_unit_id,
        received_at=row.received_at.astimezone(time_zone),
        due_at=due_at,
        days_left=_days_left(due_at, question.as_of, time_zone) if due_at else None,
        overdue=row.due_at is not None and row.due_at <= question.as_of,
    )


def _days_left(due_at: datetime, as_of: datetime, time_zone: ZoneInfo) -> int:
    last_moment = (due_at.astimezone(UTC) - ALMOST_NOTHING).astimezone(time_zone)
    return (last_moment.date() - as_of.astimezone(time_zone).date()).days
