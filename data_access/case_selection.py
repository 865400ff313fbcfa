"""Which open cases are listed, and their rows from one place to another in the order of their deadlines.

Few cases of a long list are shown at once. Those with the earliest deadlines are among the oldest, and how many
there are of each age is counted already, so that the young ones need not be read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Subquery, and_, case, func, not_, or_, select, true

from data_access.counts.case_columns import At, filtered, restricted
from data_access.counts.deadlines import RESOLUTION, cases_with_calendar, derived_deadline
from data_access.counts.open_cases import falling_due, is_waiting, overdue
from data_access.counts.placing import Placing
from data_access.counts.standpoint import Standpoint, standpoint
from data_access.counts.within import roots_below_company, within
from data_access.dialect import days_apart, instant
from data_access.instant import Instant
from data_access.question import Rules
from data_access.scope import Verb
from data_access.tables import cases
from metrics.counts import AGE_BANDS

Rows = Sequence[Row[Any]]


OPEN_LONG = timedelta(days=30)
"""Cases that were closed later than that after their receipt have an index of their own."""

ROUNDING = timedelta(days=1)
"""By so much more must a case have been open, so that no rounding of instants keeps it out of that index."""


class Listing(StrEnum):
    """Which open cases are listed, as OPEN_CASES counts them."""

    OPEN = "open_cases"
    OVERDUE = "overdue_cases"
    FALLING_DUE = "falling_due"


@dataclass(frozen=True)
class Positions:
    """The places of a page's rows in the whole list: ``count`` of them, the first being 0."""

    first: int
    count: int


@dataclass(frozen=True)
class CaseSelection:
    """What is listed: for which question, which open cases, and how their numbers begin ("": anyhow)."""

    placing: Placing
    listing: Listing
    number_prefix: str

    @property
    def is_counted(self) -> bool:
        """Whether OPEN_CASES counts exactly these cases: any number, and restricted ones where the company is."""
        return not self.number_prefix and (self.below_company or self.with_restricted)

    @property
    def below_company(self) -> bool:
        """Whether only a part of the company is looked at, in which restricted cases never count."""
        return bool(roots_below_company(self.placing))

    @property
    def with_restricted(self) -> bool:
        """Whether restricted cases are listed: for who handles at company level."""
        return not self.below_company and self.placing.question.scope.allows(Verb.HANDLE)


def read_uncounted(connection: Connection, asked: CaseSelection, positions: Positions) -> tuple[Rows, int]:
    """The rows at these positions, and how many there are in all, which is found by reading them all."""
    listed = _listed(asked)
    rows = connection.execute(_page(listed, positions).add_columns(func.count().over().label("total"))).all()
    # Behind the last page no row is there to tell.
    total = rows[0].total if rows else connection.execute(select(func.count()).select_from(listed)).scalar_one()
    return rows, total


def read_counted(
    connection: Connection, asked: CaseSelection, positions: Positions, counts: Mapping[str, int]
) -> tuple[Rows, int]:
    """The rows at these positions, and how many there are in all, from the counts by age band."""
    total = sum(counts.values())
    wanted = min(positions.first + positions.count, total)
    if wanted <= positions.first:
        return (), total
    oldest = received_by(asked, wanted, counts)
    rows = _read(connection, asked, positions, oldest)
    complete = len(rows) == wanted - positions.first
    if oldest is not None and not (complete and _comes_by(rows[-1], oldest)):
        # No case is missing that comes before the last of them; others may be, which are looked for now.
        rows = _read(connection, asked, positions, rows[-1].place if complete else None)
    return rows, total


def received_by(asked: CaseSelection, wanted: int, counts: Mapping[str, int]) -> datetime | None:
    """The time of receipt up to which there are so many cases; None where all ages are needed.

    Cases falling due aren't the oldest ones: those are late already.
    """
    if asked.listing is Listing.FALLING_DUE:
        return None
    older = 0
    for (code, _), (_, age) in zip(reversed(AGE_BANDS), reversed(AGE_BANDS[:-1]), strict=False):
        older += counts.get(code, 0)
        if older >= wanted and age is not None:
            return asked.placing.question.as_of.astimezone(UTC) - timedelta(days=age)
    return None


def _comes_by(row: Row[Any], at: datetime) -> bool:
    """Whether the row's place is one that no case received later than ``at`` can have."""
    return row.place is not None and row.place <= at


def _read(connection: Connection, asked: CaseSelection, positions: Positions, received_by: datetime | None) -> Rows:
    conditions = () if received_by is None else tuple(open_by(asked, received_by))
    return connection.execute(_page(_listed(asked, *conditions), positions)).all()


def open_by(asked: CaseSelection, received_by: datetime) -> Iterator[ColumnElement[bool]]:
    """What is true of the listed cases that were received by then; where that is long ago, as an index has it, too."""
    yield cases.c.received_at <= instant(received_by)
    as_of = asked.placing.question.as_of
    if as_of - received_by >= OPEN_LONG + ROUNDING:
        closed_late = days_apart(cases.c.received_at, cases.c.resolved_at, OPEN_LONG.days)
        yield or_(cases.c.resolved_at.is_(None), and_(cases.c.resolved_at > instant(as_of), closed_late))


def _page(listed: Subquery, positions: Positions) -> Select[Any]:
    place = listed.c.place
    ordered = select(listed).order_by(place.is_(None), place, listed.c.due_at, listed.c.case_no)
    return ordered.limit(positions.count).offset(positions.first)


def _listed(asked: CaseSelection, *conditions: ColumnElement[bool]) -> Subquery:
    """The cases, each with its ``place`` in the list: its deadline, or its receipt where that is later.

    So whatever stands in the list before an instant was received before it, slips of the pen included.
    """
    rules = asked.placing.question.rules
    due: At = func.coalesce(RESOLUTION.own, derived_deadline(rules, RESOLUTION), type_=Instant())
    place = case((due < cases.c.received_at, cases.c.received_at), else_=due)
    columns = (cases.c[name] for name in ("case_no", "grade", "category", "responsible_unit_id", "received_at"))
    listed = select(*columns, due.label("due_at"), place.label("place")).where(*_conditions(asked, due), *conditions)
    return listed.select_from(cases_with_calendar(rules, RESOLUTION)).subquery("listed")


def _conditions(asked: CaseSelection, due: At) -> list[ColumnElement[bool]]:
    placing, question = asked.placing, asked.placing.question
    seen = standpoint(question)
    return [
        is_waiting(seen),
        _in_listing(asked.listing, due, seen, question.rules),
        within(placing, cases.c.responsible_unit_id, instant(question.as_of), restricted()),
        *filtered(question),
        *([] if asked.with_restricted else [not_(restricted())]),
        *_numbered(asked.number_prefix),
    ]


def _in_listing(listing: Listing, due: At, seen: Standpoint, rules: Rules) -> ColumnElement[bool]:
    match listing:
        case Listing.OVERDUE:
            return overdue(due, seen)
        case Listing.FALLING_DUE:
            return falling_due(due, seen, rules)
        case Listing.OPEN:
            return true()


def _numbered(prefix: str) -> list[ColumnElement[bool]]:
    return [cases.c.case_no.startswith(prefix, autoescape=True)] if prefix else []
