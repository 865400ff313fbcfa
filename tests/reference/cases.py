"""Counts of cases, case by case: slow, plain, and written from the indicator texts apart from the product.

A company is a dict of lists of dicts, one per table, with instants in UTC and plain dates. ``count_cases``
gives for a fact a dict from (company, department, branch, team, part, *dimensions, *values) to the counts.
"""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta

from data_access.question import Question, View
from metrics.counts import FACTS, Fact

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


def received(case: OneCase) -> Row:
    row = case.row
    return {
        "received": 1,
        "repeats": row["repeat_of"] is not None,
        "registered_on_time": row["recorded_at"] - row["received_at"] <= timedelta(hours=24),
        "excluded_cases": case.exclusion() in ("duplicate", "withdrawn", "out_of_remit", "statutory_route"),
    }


def came(case: OneCase) -> Row:
    return {"received_from_origin": 1}


def response(case: OneCase) -> Row:
    answered = case.by_now("responded_at")
    in_time = answered is not None and answered <= case.deadline("response")
    return {
        "response_due": 1,
        "responded": answered is not None or case.tolerated(),
        "responded_on_time": in_time or case.tolerated(),
        "response_tolerated": case.tolerated() and not in_time,
    }


def resolution(case: OneCase) -> Row:
    closed = case.closure()
    in_time = closed is not None and closed <= case.deadline("resolution")
    return {
        "resolution_due": 1,
        "resolved": closed is not None or case.tolerated(),
        "resolved_on_time": in_time or case.tolerated(),
        "overdue": closed is None and not case.tolerated(),
        "resolution_tolerated": case.tolerated() and not in_time,
    }


def resolved(case: OneCase) -> Row:
    row = case.row
    tell_by = end_of_working_day(case.company, local_day(case.closure(), case.question), 3, case.question)
    must_tell = tell_by is not None and tell_by <= case.now
    may_publish = not row["confidential"] and not row["restricted"]
    return {
        "resolved_in_period": 1,
        "outcome_known": row["outcome"] in ("solved", "partly", "explained", "not_now"),
        "solved": row["outcome"] == "solved",
        "feedback_due": must_tell,
        "fed_back_on_time": must_tell and row["fed_back_at"] is not None and row["fed_back_at"] <= tell_by,
        "publishable": may_publish,
        "published": may_publish and case.by_now("published_at") is not None,
        "resolved_at_grassroots": row["resolved_level"] in ("team", "branch") and not case.by_now("escalated_at"),
    }


def first_closure(case: OneCase) -> datetime | None:
    found = case.row["first_resolved_at"] or case.row["resolved_at"]
    return found if found is not None and found <= case.now - timedelta(days=30) else None


def first_resolved(case: OneCase) -> Row:
    again = case.row["reopened_at"]
    closed = first_closure(case)
    return {
        "first_resolved": 1,
        "reopened": again is not None and timedelta(0) <= again - closed <= timedelta(days=30),
    }


def told_at(case: OneCase) -> datetime | None:
    found = case.row["fed_back_at"]
    return found if found is not None and found <= case.now - timedelta(days=7) else None


def told(case: OneCase) -> Row:
    return {"told": 1, "told_and_rated": case.by_now("rated_at") is not None}


def rating_at(case: OneCase) -> datetime | None:
    return case.by_now("rated_at") if case.row["rating"] in (1, 2, 3, 4, 5) else None


def rated(case: OneCase) -> Row:
    rating = case.row["rating"]
    return {"ratings": 1, "ratings_high": rating >= 4, "ratings_middle": rating == 3}


def matured(which: str):
    def deadline_by_now(case: OneCase) -> datetime | None:
        due = case.deadline(which)
        return due if due is not None and due <= case.now else None

    return deadline_by_now


def received_at(case: OneCase) -> datetime:
    return case.row["received_at"]


def nothing_leaves(case: OneCase) -> bool:
    return False


DATED = {
    Fact.CASES_RECEIVED: (received_at, received, nothing_leaves, "responsible_unit_id"),
    Fact.CASES_BY_ORIGIN: (received_at, came, nothing_leaves, "origin_unit_id"),
    Fact.RESPONSES_DUE: (matured("response"), response, OneCase.leaves_all, "responsible_unit_id"),
    Fact.RESOLUTIONS_DUE: (matured("resolution"), resolution, OneCase.leaves_resolution, "responsible_unit_id"),
    Fact.CASES_RESOLVED: (OneCase.closure, resolved, OneCase.leaves_resolution, "responsible_unit_id"),
    Fact.CASES_FIRST_RESOLVED: (first_closure, first_resolved, OneCase.leaves_resolution, "responsible_unit_id"),
    Fact.CASES_FED_BACK: (told_at, told, OneCase.leaves_all, "responsible_unit_id"),
    Fact.CASES_RATED: (rating_at, rated, OneCase.leaves_all, "responsible_unit_id"),
}
"""For a fact: the count's own date (None: it doesn't count), its counts, who leaves, and whose it is."""

DURATIONS = {
    Fact.RESPONSE_MINUTES: (lambda case: case.by_now("responded_at"), OneCase.leaves_all),
    Fact.RESOLUTION_MINUTES: (OneCase.closure, OneCase.leaves_resolution),
    Fact.RESOLUTION_WORKING_DAYS: (OneCase.closure, OneCase.leaves_resolution),
}


class Tally:
    """Sums of counts by place, part, dimensions and values."""

    def __init__(self, fact: Fact, company: Company, question: Question) -> None:
        self.fact, self.company, self.question = fact, company, question
        self.sums: dict[Key, dict[str, int]] = defaultdict(lambda: dict.fromkeys(FACTS[fact].counts, 0))

    def add(self, row: Row, unit_id: object, at: datetime, part: date, more: Row, values: Key, counts: Row) -> None:
        day = local_day(at, self.question)
        if not self.may_count(row, unit_id, day):
            return
        place = self.company.lineage(None if row["restricted"] else unit_id, day)
        dimensions = tuple({**row, **more}[name] for name in self.question.dimensions)
        for name, count in counts.items():
            self.sums[(*place, part, *dimensions, *values)][name] += int(count)

    def may_count(self, row: Row, unit_id: object, day: date) -> bool:
        wanted = self.question.filters
        for name in ("track", "grade", "channel", "category"):
            if getattr(wanted, name) is not None and row[name] != getattr(wanted, name):
                return False
        roots = [root for root in (self.question.scope.root_unit_id, self.question.unit_id) if root is not None]
        below = [root for root in roots if self.company.units.get(root, {}).get("kind") != "company"]
        chain = self.company.chain(unit_id, day)
        return not below or (not row["restricted"] and all(root in chain for root in below))

    def part_of(self, at: datetime) -> date | None:
        day = local_day(at, self.question)
        return next((part.start for part in self.question.parts if part.start <= day < part.end), None)


def count_cases(fact: Fact, company: Company, question: Question) -> dict[Key, dict[str, int]]:
    """The fact's counts, by key."""
    tally = Tally(fact, company, question)
    for row in company.cases:
        case = OneCase(row, company, question)
        if not case.known():
            continue
        if fact in DATED:
            count_dated(case, tally)
        elif fact in DURATIONS:
            count_duration(case, tally)
        elif fact is Fact.OPEN_CASES:
            count_open(case, tally)
        else:
            count_events(case, tally)
    return dict(tally.sums)


def count_dated(case: OneCase, tally: Tally) -> None:
    own_date, counts, leaves, unit = DATED[tally.fact]
    at = own_date(case)
    if at is None or leaves(case) or tally.part_of(at) is None:
        return
    tally.add(case.row, case.row[unit], at, tally.part_of(at), {}, (), counts(case))


def count_duration(case: OneCase, tally: Tally) -> None:
    milestone, leaves = DURATIONS[tally.fact]
    start, end = case.row["received_at"], milestone(case)
    part = tally.part_of(start)
    if leaves(case) or part is None or (end is not None and end < start):
        return
    last = end or case.now
    if tally.fact is Fact.RESOLUTION_WORKING_DAYS:
        length = working_days(case.company, local_day(start, case.question), local_day(last, case.question))
    else:
        length = minutes_up(start, last)
    if length is not None:
        values = (length, end is not None)
        tally.add(case.row, case.row["responsible_unit_id"], start, part, {}, values, {"cases": 1})


def age_band(case: OneCase) -> str:
    days = (case.now - case.row["received_at"]) // timedelta(days=1)
    for last, band in ((7, "0-7"), (15, "8-15"), (30, "16-30"), (90, "31-90")):
        if days <= last:
            return band
    return "91+"


def count_open(case: OneCase, tally: Tally) -> None:
    if case.closure() is not None or case.leaves_resolution():
        return
    due = case.deadline("resolution")
    ahead = timedelta(days=case.question.rules.falling_due_days)
    counts = {
        "open_cases": 1,
        "overdue_cases": due is not None and due <= case.now and not case.tolerated(),
        "falling_due": due is not None and case.now < due <= case.now + ahead,
    }
    part = max(part.start for part in case.question.parts)
    more = {"age_band": age_band(case)}
    tally.add(case.row, case.row["responsible_unit_id"], case.now, part, more, (), counts)


def decision(event: Row) -> str | None:
    if event["kind"] == "regraded":
        grades = ["A", "B", "C"]
        known = event["old"] in grades and event["new"] in grades
        return "downgraded" if known and grades.index(event["new"]) > grades.index(event["old"]) else None
    return event["kind"] if event["kind"] in ("extended", "excluded", "transferred") else None


def count_events(case: OneCase, tally: Tally) -> None:
    """The first event of a kind in a part stands for the case."""
    own = [event for event in case.company.events if event["case_no"] == case.row["case_no"]]
    own = [event for event in own if event["at"] <= case.now and decision(event)]
    seen = set()
    for event in sorted(own, key=lambda event: (event["at"], event["id"])):
        part = tally.part_of(event["at"])
        if part is None or (part, decision(event)) in seen:
            continue
        seen.add((part, decision(event)))
        sender = decision(event) == "transferred"
        unit_id = event["from_unit_id"] if sender else case.row["responsible_unit_id"]
        more = {"decided_by": event["decided_by"]}
        tally.add(case.row, unit_id, event["at"], part, more, (), {decision(event): 1})
