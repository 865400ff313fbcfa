"""The contract of the rows that metrics needs: which counts there are and what one row is.

A fact is one kind of countable thing with one date of its own. ``data_access.counts`` has one function
per fact, which gives ``CountedRows``. Its frame holds one row per unit (as placed in the hierarchy on the
count's own date), part of the period, and asked-for dimension, with the KEY columns below, the dimensions,
and the fact's counts as int64 (never missing, zero where there is none). Counts add up over rows. A
combination without anything to count has no row.
"""

from dataclasses import dataclass
from enum import StrEnum

COMPANY, DEPARTMENT, BRANCH, TEAM = "company", "department", "branch", "team"
UNIT_KINDS = (COMPANY, DEPARTMENT, BRANCH, TEAM)

LINEAGE = ("company_id", "department_id", "branch_id", "team_id")
"""Key columns: the unit itself or its ancestor of that kind on the count's date; None where none."""

PART = "part"
"""Key column: first day (datetime.date) of the part of the period the row belongs to."""

KEY = (*LINEAGE, PART)

AGE_BANDS: tuple[tuple[str, int | None], ...] = (("0-7", 8), ("8-15", 16), ("16-30", 31), ("31-90", 91), ("91+", None))
"""Codes of the dimension ``age_band``, youngest first, each with the whole days at which the next one begins."""

MINIMUM_PROTECTED_CELL = 10
MINIMUM_CELL = 5


class Fact(StrEnum):
    """A countable thing, named for the date it is counted by."""

    CASES_RECEIVED = "cases_received"
    CASES_BY_ORIGIN = "cases_by_origin"
    COHORT = "cohort"
    RESPONSES_DUE = "responses_due"
    RESOLUTIONS_DUE = "resolutions_due"
    CASES_RESOLVED = "cases_resolved"
    CASES_FIRST_RESOLVED = "cases_first_resolved"
    CASES_FED_BACK = "cases_fed_back"
    CASES_RATED = "cases_rated"
    OPEN_CASES = "open_cases"
    CASE_EVENTS = "case_events"
    RESPONSE_MINUTES = "response_minutes"
    RESOLUTION_MINUTES = "resolution_minutes"
    RESOLUTION_WORKING_DAYS = "resolution_working_days"
    HEADCOUNTS = "headcounts"
    ZONES = "zones"
    ZONE_LOADS = "zone_loads"
    CHAT_GROUPS = "chat_groups"
    CHAT_GROUP_ACTIVITY = "chat_group_activity"
    LIAISONS = "liaisons"
    DUTIES = "duties"
    CONTACT_POINTS = "contact_points"
    CONSULTATIONS = "consultations"
    ACTIVITIES = "activities"


@dataclass(frozen=True)
class FactSpec:
    """What a fact's frame holds beside KEY: ``counts``, and the dimensions that may be asked for.

    A duration fact also has the columns ``duration`` (whole minutes or working days) and ``observed``
    (bool: the milestone happened by the as-of time); its count ``cases`` says how many cases share them.
    ZONE_LOADS likewise has ``targets`` (how many targets one post has) and the count ``posts``.
    """

    counts: tuple[str, ...]
    dimensions: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


CASE_DIMENSIONS = ("grade", "track", "channel", "category")

FACTS: dict[Fact, FactSpec] = {
    Fact.CASES_RECEIVED: FactSpec(("received", "repeats", "registered_on_time", "excluded_cases"), CASE_DIMENSIONS),
    Fact.CASES_BY_ORIGIN: FactSpec(("received_from_origin",), CASE_DIMENSIONS),
    Fact.COHORT: FactSpec(
        ("cohort_received", "cohort_contacted", "cohort_resolved", "cohort_told", "cohort_rated"), CASE_DIMENSIONS
    ),
    Fact.RESPONSES_DUE: FactSpec(
        ("response_due", "responded", "responded_on_time", "response_tolerated"), CASE_DIMENSIONS
    ),
    Fact.RESOLUTIONS_DUE: FactSpec(
        ("resolution_due", "resolved", "resolved_on_time", "overdue", "resolution_tolerated"), CASE_DIMENSIONS
    ),
    Fact.CASES_RESOLVED: FactSpec(
        (
            "resolved_in_period",
            "outcome_known",
            "solved",
            "feedback_due",
            "fed_back_on_time",
            "publishable",
            "published",
            "resolved_at_grassroots",
        ),
        CASE_DIMENSIONS,
    ),
    Fact.CASES_FIRST_RESOLVED: FactSpec(("first_resolved", "reopened"), CASE_DIMENSIONS),
    Fact.CASES_FED_BACK: FactSpec(("told", "told_and_rated"), CASE_DIMENSIONS),
    Fact.CASES_RATED: FactSpec(("ratings", "ratings_high", "ratings_middle"), (*CASE_DIMENSIONS, "rating_source")),
    Fact.OPEN_CASES: FactSpec(("open_cases", "overdue_cases", "falling_due"), (*CASE_DIMENSIONS, "age_band")),
    Fact.CASE_EVENTS: FactSpec(("extended", "excluded", "downgraded", "transferred"), (*CASE_DIMENSIONS, "decided_by")),
    Fact.RESPONSE_MINUTES: FactSpec(("cases",), CASE_DIMENSIONS, ("duration", "observed")),
    Fact.RESOLUTION_MINUTES: FactSpec(("cases",), CASE_DIMENSIONS, ("duration", "observed")),
    Fact.RESOLUTION_WORKING_DAYS: FactSpec(("cases",), CASE_DIMENSIONS, ("duration", "observed")),
    Fact.HEADCOUNTS: FactSpec(("employees",)),
    Fact.ZONES: FactSpec(
        (
            "branches",
            "branches_sponsored",
            "teams",
            "teams_sponsored",
            "team_employees",
            "employees_covered",
            "employees_in_full_chain",
        )
    ),
    Fact.ZONE_LOADS: FactSpec(("posts",), (), ("targets",)),
    Fact.CHAT_GROUPS: FactSpec(
        (
            "group_branches",
            "branches_with_group",
            "group_teams",
            "teams_with_group",
            "group_employees",
            "group_members",
        ),
        (),
    ),
    Fact.CHAT_GROUP_ACTIVITY: FactSpec(("team_months", "team_months_active")),
    Fact.LIAISONS: FactSpec(("liaison_branches", "branches_with_all_networks", "liaison_teams", "teams_with_liaison")),
    Fact.DUTIES: FactSpec(("duties_owed", "duties_completed", "duties_on_time"), ("duty_kind",)),
    Fact.CONTACT_POINTS: FactSpec(("contacts_owed", "contacts_closed")),
    Fact.CONSULTATIONS: FactSpec(
        ("items_raised", "items_settled", "consultation_workers", "consultation_participants"), ("level",)
    ),
    Fact.ACTIVITIES: FactSpec(("activities_held", "activity_participants"), ("activity_kind",)),
}

FACT_OF_COUNT: dict[str, Fact] = {
    count: fact for fact, spec in FACTS.items() if not spec.values for count in spec.counts
}
"""Which fact offers a count; counts of duration facts are reached through the fact's own name."""

ADDED_UP_OVER_TIME = frozenset(
    {
        Fact.CASES_RECEIVED,
        Fact.CASES_BY_ORIGIN,
        Fact.RESPONSES_DUE,
        Fact.RESOLUTIONS_DUE,
        Fact.CASES_RESOLVED,
        Fact.CASES_FIRST_RESOLVED,
        Fact.CASES_FED_BACK,
        Fact.CASES_RATED,
    }
)
"""Facts whose counts in a part are the sums of those in its pieces: every case has one date and counts on it."""

WORKING_DAY_COUNTS = frozenset(
    {
        "response_due",
        "responded",
        "responded_on_time",
        "resolution_due",
        "resolved",
        "resolved_on_time",
        "overdue",
        "feedback_due",
        "fed_back_on_time",
        "overdue_cases",
        "falling_due",
        "duties_owed",
        "duties_completed",
        "duties_on_time",
    }
)
"""Counts that depend on which days are working days, as RESOLUTION_WORKING_DAYS does."""
