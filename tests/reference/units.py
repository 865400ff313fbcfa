"""A company as plain rows, and who stood under whom on a day: slow, plain, and written apart from the product."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from data_access.question import Question
from metrics.period import Period

SHANGHAI = ZoneInfo("Asia/Shanghai")

Row = dict[str, object]
Counts = dict[tuple[object, ...], dict[str, int]]


@dataclass
class Company:
    """Rows by table; a table that isn't there is empty."""

    tables: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def rows(self, table: str) -> list[Row]:
        return self.tables.get(table, [])

    def unit(self, unit_id: object) -> Row | None:
        return next((row for row in self.rows("org_units") if row["id"] == unit_id), None)

    def kind(self, unit_id: object) -> object:
        unit = self.unit(unit_id)
        return unit["kind"] if unit else None


def holds(row: Row, day: date, first: str = "valid_from", after: str = "valid_to") -> bool:
    """Whether a row with a first day and a day after the last holds on a day."""
    return (row[first] is None or row[first] <= day) and (row[after] is None or row[after] > day)


def exists(company: Company, unit_id: object, day: date) -> bool:
    unit = company.unit(unit_id)
    return unit is not None and holds(unit, day, "founded_on", "closed_on")


def _parent(company: Company, unit_id: object, day: date) -> object:
    """The parent on a day; before the first link, and in a gap, the nearest in time counts."""
    links = sorted(
        (row for row in company.rows("unit_parents") if row["unit_id"] == unit_id),
        key=lambda row: (row["valid_from"], row["parent_id"]),
    )
    begun = [row for row in links if row["valid_from"] <= day]
    holding = [row for row in begun if holds(row, day)]
    nearest = holding[-1:] or begun[-1:] or links[:1]
    return nearest[0]["parent_id"] if nearest else None


def chain(company: Company, unit_id: object, day: date) -> list[object]:
    """The unit and those above it on a day, lowest first; the company is above every known unit."""
    found: list[object] = []
    while unit_id not in found and company.unit(unit_id) is not None:
        found.append(unit_id)
        unit_id = _parent(company, unit_id, day)
    sole = sole_company(company)
    return [*found, sole] if found and sole not in found else found


def sole_company(company: Company) -> object:
    return next((row["id"] for row in company.rows("org_units") if row["kind"] == "company"), None)


def place(company: Company, unit_id: object, day: date) -> tuple[object, object, object, object]:
    """Company, department, branch and team of a unit on a day; only the company for an unknown unit."""
    by_kind: dict[object, object] = {"company": sole_company(company)}
    for above in chain(company, unit_id, day):
        if not (company.kind(above) == "department" and "branch" in by_kind):
            by_kind.setdefault(company.kind(above), above)
    return (by_kind["company"], by_kind.get("department"), by_kind.get("branch"), by_kind.get("team"))


def within(company: Company, question: Question, unit_id: object, day: date) -> bool:
    """Whether the viewer's scope and the asked-for unit hold the unit on a day."""
    roots = [root for root in (question.scope.root_unit_id, question.unit_id) if root is not None]
    roots = [root for root in roots if company.kind(root) != "company"]
    return all(root in chain(company, unit_id, day) for root in roots)


def as_of_day(question: Question) -> date:
    return question.as_of.astimezone(question.rules.time_zone).date()


def stock_days(question: Question) -> list[tuple[Period, date]]:
    """Each part with the day on which stocks are looked at; parts that begin later have none."""
    today = as_of_day(question)
    return [(part, min(part.last_day, today)) for part in question.parts if part.start <= today]


def midnight_after(question: Question, day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), question.rules.time_zone)


def ended_months(question: Question) -> list[tuple[Period, date]]:
    """Each part with the last day of every calendar month that ended in it, by the as-of time."""
    found = []
    for part in question.parts:
        day = part.start
        while day <= part.last_day:
            last = (day + timedelta(days=1)).day == 1
            if last and midnight_after(question, day) <= question.as_of:
                found.append((part, day))
            day += timedelta(days=1)
    return found


def months_between(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month


class Tally:
    """Counts by key; keys whose counts are all zero are forgotten."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self.counts: Counts = defaultdict(lambda: dict.fromkeys(names, 0))

    def add(self, key: tuple[object, ...], **counts: int) -> None:
        for name, count in counts.items():
            self.counts[key][name] += count

    def result(self) -> Counts:
        return {key: counts for key, counts in self.counts.items() if any(counts.values())}
