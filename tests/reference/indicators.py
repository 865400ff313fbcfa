"""Every indicator worked out from the reference counts: plain, and apart from the definition files."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from statistics import median

import lifelines

from data_access.question import Question
from metrics.counts import FACT_OF_COUNT, KEY, LINEAGE, Fact
from metrics.working_time import Schedule
from tests.reference import case_record, coverage, units
from tests.reference.cases import DATED, DURATIONS, count_cases
from tests.reference.duties import duties

Row = dict[str, object]
Counts = dict[tuple[object, ...], dict[str, int]]

DIMENSION = {Fact.RESPONSES_DUE: "grade", Fact.CASES_RATED: "rating_source", Fact.DUTIES: "duty_kind"}
"""What some indicators count apart."""

CASE_FACTS = {*DATED, *DURATIONS, Fact.OPEN_CASES, Fact.CASE_EVENTS}
COVERAGE = {
    Fact.HEADCOUNTS: coverage.headcounts,
    Fact.ZONES: coverage.zones,
    Fact.ZONE_LOADS: coverage.zone_loads,
    Fact.CHAT_GROUPS: coverage.chat_groups,
    Fact.CHAT_GROUP_ACTIVITY: coverage.chat_group_activity,
    Fact.LIAISONS: coverage.liaisons,
    Fact.CONTACT_POINTS: coverage.contact_points,
    Fact.CONSULTATIONS: coverage.consultations,
    Fact.ACTIVITIES: coverage.activities,
}
FIRST_DAY, LAST_DAY = date(2023, 1, 1), date(2027, 12, 31)


@dataclass(frozen=True)
class Figure:
    """A count has no denominator; without data there is nothing at all."""

    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None


class Reference:
    """A company's figures for a question of one part and the scored view."""

    def __init__(self, tables: dict[str, list[Row]], question: Question, schedule: Schedule) -> None:
        days = (FIRST_DAY + timedelta(days=number) for number in range((LAST_DAY - FIRST_DAY).days))
        self.with_cases = case_record.Company(tables, {day: schedule.is_working(day) for day in days})
        self.company = units.Company(tables)
        self.question, self.schedule = question, schedule
        self.counts = cache(self._counts)

    def figure(self, indicator: str, unit_id: str) -> Figure:
        """Raises KeyError for an indicator that has no reference."""
        return FIGURES[indicator](self, unit_id)

    def total(self, unit_id: str, count: str, *only: str) -> int:
        """The count of a unit and all below it, of only these values of the fact's dimension."""
        return sum(counts[count] for values, counts in self.rows(FACT_OF_COUNT[count], unit_id, *only))

    def rows(self, fact: Fact, unit_id: str, *only: str) -> Iterator[tuple[tuple[object, ...], dict[str, int]]]:
        """What stands behind the part in each key of the unit, and the counts."""
        for key, counts in self.counts(fact).items():
            values = key[len(KEY) :]
            if unit_id in key[: len(LINEAGE)] and (not only or values[0] in only):
                yield values, counts

    def _counts(self, fact: Fact) -> Counts:
        dimensions = (DIMENSION[fact],) if fact in DIMENSION else ()
        question = Question(**{**vars(self.question), "dimensions": dimensions})
        if fact in CASE_FACTS:
            return count_cases(fact, self.with_cases, question)
        if fact is Fact.DUTIES:
            return duties(self.company, question, self.schedule)
        return COVERAGE[fact](self.company, question)


Work = Callable[[Reference, str], Figure]


def ratio(numerator: str, denominator: str, *only: str, scale: int = 1) -> Work:
    def work(reference: Reference, unit_id: str) -> Figure:
        above, below = (reference.total(unit_id, count, *only) for count in (numerator, denominator))
        return Figure(scale * above / below, above, below) if below else Figure()

    return work


def number(count: str) -> Work:
    def work(reference: Reference, unit_id: str) -> Figure:
        found = reference.total(unit_id, count)
        return Figure(found, found)

    return work


def quantile(fact: Fact, share: float, per: int = 1) -> Work:
    """By lifelines' estimate; the value is missing where the curve doesn't come down so far."""

    def work(reference: Reference, unit_id: str) -> Figure:
        rows = list(reference.rows(fact, unit_id))
        if not rows:
            return Figure()
        lengths, observed = zip(*(values for values, _ in rows), strict=True)
        cases = [counts["cases"] for _, counts in rows]
        fitted = lifelines.KaplanMeierFitter().fit(lengths, observed, weights=cases)
        curve = fitted.survival_function_.iloc[:, 0]
        reached = curve.index[curve <= 1 - share + 1e-9]
        finished = sum(number for number, happened in zip(cases, observed, strict=True) if happened)
        return Figure(reached[0] / per if len(reached) else None, finished, sum(cases))

    return work


def satisfaction(reference: Reference, unit_id: str) -> Figure:
    high, middle, ratings = (
        reference.total(unit_id, count, "callback") for count in ("ratings_high", "ratings_middle", "ratings")
    )
    satisfied = high + 0.9 * middle
    return Figure(satisfied / ratings, satisfied, ratings) if ratings else Figure()


def zone_load(reference: Reference, unit_id: str) -> Figure:
    loads = [values[0] for values, counts in reference.rows(Fact.ZONE_LOADS, unit_id) for _ in range(counts["posts"])]
    return Figure(median(loads), sum(loads), len(loads)) if loads else Figure()


def done(*kinds: str) -> Work:
    return ratio("duties_completed", "duties_owed", *kinds)


def in_time(*kinds: str) -> Work:
    return ratio("duties_on_time", "duties_owed", *kinds)


ZONE_DUTIES = ("zone_thinking", "zone_safety", "zone_appeals", "zone_hardship", "zone_stability")

FIGURES: dict[str, Work] = {
    "response_rate": ratio("responded", "response_due"),
    "response_on_time_rate": ratio("responded_on_time", "response_due"),
    "urgent_response_on_time_rate": ratio("responded_on_time", "response_due", "A"),
    "response_hours_median": quantile(Fact.RESPONSE_MINUTES, 0.5, per=60),
    "resolution_rate": ratio("resolved", "resolution_due"),
    "resolution_on_time_rate": ratio("resolved_on_time", "resolution_due"),
    "resolution_days_median": quantile(Fact.RESOLUTION_WORKING_DAYS, 0.5),
    "resolution_days_p90": quantile(Fact.RESOLUTION_WORKING_DAYS, 0.9),
    "resolution_hours_median": quantile(Fact.RESOLUTION_MINUTES, 0.5, per=60),
    "resolution_hours_p90": quantile(Fact.RESOLUTION_MINUTES, 0.9, per=60),
    "overdue_rate": ratio("overdue", "resolution_due"),
    "open_backlog": number("open_cases"),
    "overdue_backlog": number("overdue_cases"),
    "solved_rate": ratio("solved", "outcome_known"),
    "satisfaction_rate": satisfaction,
    "rating_participation": ratio("told_and_rated", "told"),
    "feedback_rate": ratio("fed_back_on_time", "feedback_due"),
    "publication_rate": ratio("published", "publishable"),
    "reopen_rate": ratio("reopened", "first_resolved"),
    "repeat_rate": ratio("repeats", "received"),
    "extension_rate": ratio("extended", "received"),
    "exclusion_rate": ratio("excluded", "received"),
    "downgrade_rate": ratio("downgraded", "received"),
    "transfer_rate": ratio("transferred", "received"),
    "grassroots_resolution_rate": ratio("resolved_at_grassroots", "resolved_in_period"),
    "registration_on_time_rate": ratio("registered_on_time", "received"),
    "zone_coverage_tier1": ratio("branches_sponsored", "branches"),
    "zone_coverage_tier2": ratio("teams_sponsored", "teams"),
    "zone_coverage_tier3": ratio("employees_covered", "team_employees"),
    "zone_chain_coverage": ratio("employees_in_full_chain", "team_employees"),
    "zone_load": zone_load,
    "group_branch_coverage": ratio("branches_with_group", "group_branches"),
    "group_team_coverage": ratio("teams_with_group", "group_teams"),
    "group_employee_coverage": ratio("group_members", "group_employees"),
    "group_active_coverage": ratio("team_months_active", "team_months"),
    "liaison_team_coverage": ratio("teams_with_liaison", "liaison_teams"),
    "liaison_network_coverage": ratio("branches_with_all_networks", "liaison_branches"),
    "duty_on_time_rate": in_time(),
    "duty_completion_rate": done(),
    "report_on_time_rate": in_time("opinion_report"),
    "reception_day_rate": in_time("reception_day"),
    "study_day_rate": in_time("party_league_day", "skills_study", "safety_day"),
    "letter_signing_rate": done("responsibility_letter"),
    "zone_duty_rate": in_time(*ZONE_DUTIES),
    "care_visit_rate": done("care_visit"),
    "mentoring_rate": done("violation_mentoring"),
    "contact_point_closure": ratio("contacts_closed", "contacts_owed"),
    "consultation_settlement_rate": ratio("items_settled", "items_raised"),
    "consultation_worker_share": ratio("consultation_workers", "consultation_participants"),
    "activity_participation": ratio("activity_participants", "employees", scale=100),
    "cases_per_100_employees": ratio("received_from_origin", "employees", scale=100),
    "cases_received": number("received"),
}
