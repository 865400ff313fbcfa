"""Counts of cases, case by case: slow, plain, and written from the indicator texts apart from the product.

A company is a dict of lists of dicts, one per table, with instants in UTC and plain dates. ``count_cases``
gives for a fact a dict from (company, department, branch, team, part, *dimensions, *values) to the counts.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta

from data_access.question import Question
from metrics.counts import FACTS, Fact
from tests.reference.case_record import (
    Company,
    Key,
    OneCase,
    Row,
    end_of_working_day,
    local_day,
    minutes_up,
    working_days,
)


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
    again = [case.row["reopened_at"]] if case.row["reopened_at"] else []
    own = [event for event in case.company.events if event["case_no"] == case.row["case_no"]]
    again += [event["at"] for event in own if event["kind"] == "reopened"]
    closed = first_closure(case)
    return {
        "first_resolved": 1,
        "reopened": any(timedelta(0) <= time - closed <= timedelta(days=30) for time in again),
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


def cohort(case: OneCase) -> Row:
    """Each step only for those who took the one before."""
    contacted = case.by_now("responded_at") is not None
    resolved = contacted and case.closure() is not None
    told = resolved and case.by_now("fed_back_at") is not None
    rated = told and case.by_now("rated_at") is not None and case.row["rating"] is not None
    steps = (True, contacted, resolved, told, rated)
    return dict(zip(FACTS[Fact.COHORT].counts, steps, strict=True))


def matured(which: str) -> Callable[[OneCase], datetime | None]:
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
    Fact.COHORT: (received_at, cohort, OneCase.leaves_resolution, "responsible_unit_id"),
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
