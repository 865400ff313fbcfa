"""Single cases, paged, for those who handle or supervise them: never their origin, never their text."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row

from data_access.case_selection import CaseSelection, Positions, read_counted, read_uncounted
from data_access.case_selection import Listing as Listing
from data_access.counters import COUNTERS
from data_access.counts.placing import as_of_day
from data_access.counts.within import roots_below_company
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from data_access.roster import finest_of
from data_access.scope import Verb
from metrics.counts import COMPANY, TEAM, Fact

LIST_VERBS = (Verb.HANDLE, Verb.SUPERVISE)
DEFAULT_PAGE_SIZE = 50
ALMOST_NOTHING = timedelta(microseconds=1)


class CasesNotAllowedError(PermissionError):
    """The viewer may see figures but no single cases; the message says what would be needed."""


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

    Cases without a deadline come last; one with a deadline before its receipt stands where it was received.
    Restricted cases are listed only for who handles at company level. The question's parts and dimensions
    play no role. Raises CasesNotAllowedError for a scope that neither handles nor supervises.
    """
    if not any(question.scope.allows(verb) for verb in LIST_VERBS):
        raise CasesNotAllowedError(
            f"{question.scope.user} may see figures, but single cases are listed only for those who handle "
            "or supervise them."
        )
    asked = CaseSelection(as_of_day(Fact.OPEN_CASES, hierarchy, question), listing, number_prefix.strip())
    positions = Positions(page * page_size, page_size)
    if asked.is_counted:
        rows, total = read_counted(
            connection, asked, positions, _counts_by_age(connection, hierarchy, question, listing)
        )
    else:
        rows, total = read_uncounted(connection, asked, positions)
    return CasePage(tuple(_case(row, question) for row in rows), total)


def _counts_by_age(
    connection: Connection, hierarchy: Hierarchy, question: Question, listing: Listing
) -> dict[str, int]:
    """How many cases of the listing there are in each age band."""
    roots = roots_below_company(as_of_day(Fact.OPEN_CASES, hierarchy, question))
    kinds = [hierarchy.units[root].kind if root in hierarchy.units else TEAM for root in roots]
    by_age = replace(question, dimensions=("age_band",), finest=finest_of(kinds or [COMPANY]))
    counts = COUNTERS[Fact.OPEN_CASES](connection, hierarchy, by_age).frame()
    return {str(band): int(number) for band, number in counts.groupby("age_band")[listing.value].sum().items()}


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
