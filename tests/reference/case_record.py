"""A company's rows, and one case as it was known at the as-of time: plain, and apart from the product."""

from datetime import UTC, date, datetime, time, timedelta

from data_access.question import Question, View

Row = dict[str, object]
Key = tuple[object, ...]


class Company:
    """The rows of a company, and its days: ``working`` says of each local day whether people work."""

    def __init__(self, tables: dict[str, list[Row]], working: dict[date, bool]) -> None:
        self.units = {row["id"]: row for row in tables["org_units"]}
        self.parents = tables["unit_parents"]
        self.cases = tables["cases"]
        self.events = tables["case_events"]
        self.working = working

    def above(self, unit_id: object, day: date) -> object:
        """The unit above; before its first link a unit was where it came first, after its last where it was last."""
        links = sorted((row for row in self.parents if row["unit_id"] == unit_id), key=lambda row: row["valid_from"])
        if not links:
            return None
        begun = [row for row in links if row["valid_from"] <= day]
        return begun[-1]["parent_id"] if begun else links[0]["parent_id"]

    def chain(self, unit_id: object, day: date) -> list[object]:
        found = []
        while unit_id in self.units and unit_id not in found:
            found.append(unit_id)
            unit_id = self.above(unit_id, day)
        return found

    def lineage(self, unit_id: object, day: date) -> Key:
        company = next(key for key, unit in self.units.items() if unit["kind"] == "company")
        kinds = {self.units[one]["kind"]: one for one in self.chain(unit_id, day)}
        department = None if "branch" in kinds else kinds.get("department")
        return company, department, kinds.get("branch"), kinds.get("team")


def local_day(instant: datetime, question: Question) -> date:
    return instant.astimezone(question.rules.time_zone).date()


def midnight(day: date, question: Question) -> datetime:
    return datetime.combine(day, time.min, question.rules.time_zone).astimezone(UTC)


def end_of_working_day(company: Company, start: date, number: int, question: Question) -> datetime | None:
    """24:00 of the ``number``-th working day after ``start``; None where the calendar ends before."""
    day = start
    if day not in company.working:
        return None
    while number > 0:
        day += timedelta(days=1)
        if day not in company.working:
            return None
        number -= company.working[day]
    return midnight(day + timedelta(days=1), question)


def working_days(company: Company, first: date, last: date) -> int | None:
    if first not in company.working or last not in company.working:
        return None
    days = [first + timedelta(days=offset + 1) for offset in range((last - first).days)]
    return sum(company.working[day] for day in days)


def minutes_up(earlier: datetime, later: datetime) -> int:
    """Elapsed minutes, the last one begun counted whole; in UTC, for Python ignores clock changes within a zone."""
    elapsed = later.astimezone(UTC) - earlier.astimezone(UTC)
    whole, rest = divmod(elapsed, timedelta(minutes=1))
    return whole + (1 if rest else 0)


class OneCase:
    """A case as it is known at the as-of time."""

    def __init__(self, row: Row, company: Company, question: Question) -> None:
        self.row = row
        self.company = company
        self.question = question
        self.now = question.as_of.astimezone(UTC)

    def by_now(self, column: str) -> datetime | None:
        """The milestone, if it has happened."""
        value = self.row[column]
        return value if value is not None and value <= self.now else None

    def known(self) -> bool:
        return self.row["recorded_at"] <= self.now and self.row["received_at"] <= self.now

    def exclusion(self) -> object:
        if self.question.view is View.FULL:
            return None
        decided = self.row["excluded_at"]
        return self.row["exclusion"] if decided is None or decided <= self.now else None

    def leaves_all(self) -> bool:
        return self.exclusion() in ("duplicate", "withdrawn")

    def leaves_resolution(self) -> bool:
        return self.leaves_all() or self.exclusion() in ("out_of_remit", "statutory_route")

    def tolerated(self) -> bool:
        return self.exclusion() == "tolerated"

    def closure(self) -> datetime | None:
        """The closure that stood."""
        if self.by_now("resolved_at"):
            return self.by_now("resolved_at")
        return None if self.by_now("reopened_at") else self.by_now("first_resolved_at")

    def deadline(self, which: str) -> datetime | None:
        if self.row[f"{which}_due_at"] is not None:
            return self.row[f"{which}_due_at"]
        received = self.row["received_at"]
        day = local_day(received, self.question)
        rules = [rule for rule in self.question.rules.deadlines if rule.grade == self.row["grade"]]
        rules = [rule for rule in rules if rule.effective_from <= day]
        if not rules:
            return None
        limit = getattr(max(rules, key=lambda rule: rule.effective_from), which)
        if limit.hours is not None:
            return received + timedelta(hours=limit.hours)
        return end_of_working_day(self.company, day, limit.working_days, self.question)
