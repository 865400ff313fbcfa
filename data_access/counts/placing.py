"""Where a count belongs: the part of the period it falls in, and the unit's lineage on its own date.

The parts of a question are cut where a unit moved; in each such stretch of days every unit has one lineage.
SQL groups by unit and stretch, and the lineage is put in place of both afterwards.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, Integer, and_, case, false, literal, or_

from data_access.hierarchy import Hierarchy
from data_access.question import Question
from metrics.counts import FACTS, Fact
from metrics.period import Period

UNIT = "unit_id"
STRETCH = "stretch"


class UnknownDimensionError(ValueError):
    """The question asks for a dimension that the fact doesn't offer; the message names those it does."""


@dataclass(frozen=True, order=True)
class Stretch:
    """Days from ``start`` to before ``end`` within the part that begins on ``part``; no unit moves in them."""

    start: date
    end: date
    part: date


@dataclass(frozen=True)
class Placing:
    """The fact, what is asked of it, and the stretches its counts are sorted into, by their first days."""

    fact: Fact
    question: Question
    hierarchy: Hierarchy
    stretches: tuple[Stretch, ...]

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions asked for; raises UnknownDimensionError for one that the fact doesn't have."""
        offered = FACTS[self.fact].dimensions
        unknown = [name for name in self.question.dimensions if name not in offered]
        if unknown:
            raise UnknownDimensionError(
                f"{self.fact} has no dimension {', '.join(unknown)}; it has: {', '.join(offered) or 'none'}"
            )
        return self.question.dimensions

    def stretch_of(self, day: date) -> Stretch:
        """The stretch that holds a day of which ``holds`` is true."""
        return self.stretches[bisect_right(self.stretches, day, key=lambda stretch: stretch.start) - 1]

    def holds(self, at: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether a date or instant lies in one of the stretches: one range for each unbroken run of them."""
        runs = [self.between(first, end, at) for first, end in unbroken(self.stretches)]
        return or_(*runs) if runs else false()

    def between(self, first: date, end: date, at: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether a date or instant lies on local days from ``first`` to before ``end``."""
        return and_(at >= self._bound(first, at), at < self._bound(end, at))

    def number(self, at: ColumnElement[Any]) -> ColumnElement[int]:
        """The index of the stretch that holds a date or instant of which ``holds`` is true."""
        return self._search(at, tuple(stretch.start for stretch in self.stretches))

    def part_number(self, at: ColumnElement[Any]) -> ColumnElement[int]:
        """The index of the part that holds a date or instant of which ``holds`` is true."""
        return self._search(at, tuple(dict.fromkeys(stretch.part for stretch in self.stretches)))

    def _search(self, at: ColumnElement[Any], starts: Sequence[date], number: int = 0) -> ColumnElement[int]:
        """How many of ``starts`` but the first are not later than ``at``, by binary search; ``number`` is added."""
        if len(starts) <= 1:
            return literal(number, Integer())
        middle = len(starts) // 2
        earlier = self._search(at, starts[:middle], number)
        later = self._search(at, starts[middle:], number + middle)
        return case((at < self._bound(starts[middle], at), earlier), else_=later)

    def _bound(self, day: date, at: ColumnElement[Any]) -> ColumnElement[Any]:
        value = day if isinstance(at.type, Date) else midnight(day, self.question.rules.time_zone)
        return literal(value, at.type)


def by_date(fact: Fact, hierarchy: Hierarchy, question: Question) -> Placing:
    """The placing of counts that have a date of their own in the period."""
    return Placing(fact, question, hierarchy, stretches(question.parts, hierarchy.move_days))


def as_of_day(fact: Fact, hierarchy: Hierarchy, question: Question) -> Placing:
    """The placing of counts as they stand at the as-of time, in the row of the question's last part."""
    day = question.as_of.astimezone(question.rules.time_zone).date()
    last = max(question.parts).start if question.parts else day
    return Placing(fact, question, hierarchy, (Stretch(day, day + timedelta(days=1), last),))


def stretches(parts: Iterable[Period], move_days: Iterable[date]) -> tuple[Stretch, ...]:
    """The parts in the order of their days, cut before each day on which a unit moved."""
    days = sorted(set(move_days))
    return tuple(stretch for part in sorted(parts) for stretch in _cut(part, days))


def _cut(part: Period, days: Sequence[date]) -> Iterable[Stretch]:
    cuts = [part.start, *(day for day in days if part.start < day < part.end), part.end]
    return (Stretch(start, end, part.start) for start, end in pairwise(cuts))


def unbroken(pieces: Sequence[Stretch]) -> list[tuple[date, date]]:
    """First day and end of each run of stretches without a gap between them."""
    runs: list[tuple[date, date]] = []
    for piece in pieces:
        if runs and runs[-1][1] == piece.start:
            runs[-1] = (runs[-1][0], piece.end)
        else:
            runs.append((piece.start, piece.end))
    return runs


def midnight(day: date, time_zone: ZoneInfo) -> datetime:
    """The instant at which a local day begins."""
    return datetime.combine(day, time.min, time_zone)
