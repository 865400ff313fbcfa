"""What was owed, done and done in time, one unit, one period and one record at a time."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from data_access.question import Question
from metrics.counts import FACTS, Fact
from metrics.obligations import Obligation
from metrics.working_time import Schedule
from tests.reference.units import Company, Counts, Row, Tally, place, within

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Occasion:
    kind: str
    start: date
    end: date
    due_day: date
    planned: int


def begins(frequency: str, day: date) -> bool:
    return {
        "daily": True,
        "working_day": True,
        "weekly": day.weekday() == 0,
        "monthly": day.day == 1,
        "quarterly": day.day == 1 and day.month in (1, 4, 7, 10),
        "yearly": day.day == 1 and day.month == 1,
    }[frequency]


def due_day(obligation: Obligation, start: date, end: date, schedule: Schedule) -> date | None:
    placed = start + ((obligation.weekday or 1) - 1) * DAY
    if (obligation.frequency == "working_day" or obligation.weekday) and not schedule.is_working(placed):
        return None
    if obligation.due_day is not None:
        return placed + obligation.due_day * DAY
    day, left = end - DAY, obligation.due_working_day or 0
    while left:
        day += DAY
        left -= schedule.is_working(day)
    return day


def occasions(question: Question, unit: Row, schedule: Schedule) -> Iterator[Occasion]:
    """All that a unit owes by plan, from long before the question's parts to long after."""
    for obligation in question.rules.obligations:
        if obligation.unit_kind != unit["kind"] or obligation.function not in (None, unit["function"]):
            continue
        day, last = min(part.start for part in question.parts) - 800 * DAY, date(2028, 1, 1)
        starts = [day + n * DAY for n in range((last - day).days) if begins(obligation.frequency, day + n * DAY)]
        for start, end in pairwise(starts):
            due = due_day(obligation, start, end, schedule)
            if due is not None and in_force(question, obligation, start) and there(unit, start, due):
                yield Occasion(obligation.kind, start, end, due, obligation.planned)


def in_force(question: Question, obligation: Obligation, start: date) -> bool:
    same = [
        other.effective_from
        for other in question.rules.obligations
        if (other.kind, other.unit_kind, other.function) == (obligation.kind, obligation.unit_kind, obligation.function)
    ]
    return max((day for day in same if day <= start), default=None) == obligation.effective_from


def there(unit: Row, start: date, due: date) -> bool:
    founded, closed = unit["founded_on"], unit["closed_on"]
    return (founded is None or founded <= start) and (closed is None or closed > due)


def last_day_before(question: Question, instant: datetime) -> date:
    """The local day that had not ended before the instant: a midnight belongs to the day that it ends."""
    return (instant - timedelta(microseconds=1)).astimezone(question.rules.time_zone).date()


def end_of(question: Question, day: date) -> datetime:
    return datetime.combine(day + DAY, datetime.min.time(), question.rules.time_zone)


def _key(company: Company, question: Question, row: tuple[object, str], day: date) -> tuple[object, ...] | None:
    """The key of a duty of a unit and kind due on a day, None if it isn't asked about."""
    unit_id, kind = row
    parts = [part.start for part in question.parts if part.start <= day <= part.last_day]
    if not parts or not within(company, question, unit_id, day):
        return None
    key = (*place(company, unit_id, day), parts[0])
    return (*key, kind) if "duty_kind" in question.dimensions else key


def _done(question: Question, record: Row) -> int:
    happened = record["done_at"] is None or record["done_at"] <= question.as_of
    return max(0, record["done"]) if happened else 0


def duties(company: Company, question: Question, schedule: Schedule) -> Counts:
    tally = Tally(FACTS[Fact.DUTIES].counts)
    by_unit_and_kind = defaultdict(list)
    for record in company.rows("duties"):
        by_unit_and_kind[record["unit_id"], record["kind"]].append(record)
    planned: set[int] = set()
    for unit in company.rows("org_units"):
        for occasion in occasions(question, unit, schedule):
            own = [
                record
                for record in by_unit_and_kind[unit["id"], occasion.kind]
                if occasion.start <= record["period_start"] < occasion.end
            ]
            planned.update(id(record) for record in own)
            due = end_of(question, occasion.due_day)
            key = _key(company, question, (unit["id"], occasion.kind), occasion.due_day)
            if key and due <= question.as_of:
                needed = max([occasion.planned, *(record["planned"] for record in own)])
                in_time = [record for record in own if record["done_at"] and record["done_at"] <= due]
                tally.add(
                    key,
                    duties_owed=1,
                    duties_completed=int(sum(_done(question, record) for record in own) >= needed),
                    duties_on_time=int(sum(_done(question, record) for record in in_time) >= needed),
                )
    for record in company.rows("duties"):
        if id(record) not in planned:
            _add_single(tally, company, question, record)
    return tally.result()


def _add_single(tally: Tally, company: Company, question: Question, record: Row) -> None:
    due = record["due_at"]
    if due is None or due > question.as_of:
        return
    key = _key(company, question, (record["unit_id"], record["kind"]), last_day_before(question, due))
    if key:
        completed = _done(question, record) >= max(1, record["planned"])
        on_time = completed and record["done_at"] is not None and record["done_at"] <= due
        tally.add(key, duties_owed=1, duties_completed=int(completed), duties_on_time=int(on_time))
