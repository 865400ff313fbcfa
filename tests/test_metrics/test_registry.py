import re

import pytest

from metrics.counts import FACT_OF_COUNT, FACTS, Fact
from metrics.definition import FAMILIES
from metrics.registry import load

CATALOGUE = """
response_rate response_on_time_rate urgent_response_on_time_rate response_hours_median resolution_rate
resolution_on_time_rate resolution_days_median resolution_days_p90 resolution_hours_median resolution_hours_p90
overdue_rate open_backlog overdue_backlog solved_rate satisfaction_rate rating_participation feedback_rate
publication_rate reopen_rate repeat_rate extension_rate exclusion_rate downgrade_rate transfer_rate
grassroots_resolution_rate registration_on_time_rate zone_coverage_tier1 zone_coverage_tier2 zone_coverage_tier3
zone_chain_coverage zone_load group_branch_coverage group_team_coverage group_employee_coverage
group_active_coverage liaison_team_coverage liaison_network_coverage duty_on_time_rate duty_completion_rate
report_on_time_rate reception_day_rate study_day_rate letter_signing_rate zone_duty_rate care_visit_rate
mentoring_rate contact_point_closure consultation_settlement_rate consultation_worker_share
activity_participation cases_per_100_employees
"""
VOLUME = "cases_received"
"""Not in the catalogue: the plain number that every share stands on."""


def test_the_built_in_indicators_are_the_catalogue():
    assert sorted(load(None).ids) == sorted([*CATALOGUE.split(), VOLUME])


def test_protected_are_ratings_reopening_escalation_and_origin():
    protected = {each.id for each in load(None) if each.protected}
    assert protected == {
        "satisfaction_rate",
        "rating_participation",
        "reopen_rate",
        "grassroots_resolution_rate",
        "cases_per_100_employees",
    }


@pytest.mark.parametrize(
    ("name", "direction", "target"),
    [
        ("response_rate", "higher", 1.0),
        ("response_on_time_rate", "higher", 0.95),
        ("urgent_response_on_time_rate", "higher", 1.0),
        ("response_hours_median", "lower", None),
        ("resolution_rate", "higher", 0.95),
        ("resolution_on_time_rate", "higher", 0.9),
        ("overdue_rate", "lower", 0.0),
        ("overdue_backlog", "context", None),
        ("solved_rate", "higher", 0.85),
        ("satisfaction_rate", "higher", 0.9),
        ("rating_participation", "higher", 0.6),
        ("feedback_rate", "higher", 1.0),
        ("publication_rate", "higher", 0.6),
        ("reopen_rate", "lower", 0.03),
        ("registration_on_time_rate", "higher", 0.95),
        ("zone_chain_coverage", "higher", 1.0),
        ("group_team_coverage", "higher", 0.7),
        ("liaison_network_coverage", "higher", 1.0),
        ("duty_completion_rate", "higher", 0.95),
        ("contact_point_closure", "higher", 0.9),
        ("consultation_settlement_rate", "higher", 0.85),
        ("cases_per_100_employees", "context", None),
    ],
)
def test_directions_and_targets_are_those_of_the_catalogue(name, direction, target):
    assert (load(None)[name].direction, load(None)[name].target) == (direction, target)


def test_headlines_are_eight_to_ten_in_the_order_of_families():
    headlines = load(None).headlines()
    assert 8 <= len(headlines) <= 10
    assert headlines[0].id == "response_on_time_rate"
    places = [FAMILIES.index(each.family) for each in headlines]
    assert places == sorted(places)


def test_every_text_is_written_in_its_language():
    for indicator in load(None):
        zh, en = indicator.text("zh"), indicator.text("en")
        for field in ("name", "short", "meaning", "why", "calculation", "caveats", "owner"):
            assert re.search(r"[\u4e00-\u9fff]", getattr(zh, field)), f"{indicator.id} zh {field}"
            assert not re.search(r"[\u4e00-\u9fff]", getattr(en, field)), f"{indicator.id} en {field}"
        assert bool(zh.target_basis) == bool(en.target_basis)


def test_names_are_different():
    for language in ("zh", "en"):
        names = [each.text(language).name for each in load(None)]
        assert len(names) == len(set(names))


def test_an_indicator_says_which_facts_and_dimensions_it_needs():
    registry = load(None)
    assert registry["satisfaction_rate"].facts == (Fact.CASES_RATED,)
    assert registry["satisfaction_rate"].dimensions == ("rating_source",)
    assert registry["extension_rate"].facts == (Fact.CASE_EVENTS, Fact.CASES_RECEIVED)
    assert registry["resolution_days_median"].facts == (Fact.RESOLUTION_WORKING_DAYS,)
    assert registry["zone_load"].facts == (Fact.ZONE_LOADS,)
    assert registry["overdue_backlog"].facts == (Fact.OPEN_CASES,)
    for indicator in registry:
        offered = {name for fact in indicator.facts for name in FACTS[fact].dimensions}
        assert set(indicator.dimensions) <= offered


def test_every_count_is_used_by_an_indicator():
    used = {term.count for each in load(None) for term in (*each.numerator, *each.denominator)}
    used |= {name for each in load(None) for name in each.beside}
    flow = {count for count in FACT_OF_COUNT if count.startswith("cohort_")}
    assert set(FACT_OF_COUNT) - used - flow <= {"excluded_cases", "activities_held"}


def test_a_share_that_is_counted_case_by_case_is_binary():
    registry = load(None)
    assert registry["resolution_on_time_rate"].binary
    assert registry["satisfaction_rate"].part_of_whole
    assert not registry["satisfaction_rate"].binary
    assert not registry["extension_rate"].part_of_whole
    assert not registry["resolution_days_median"].binary


def test_families_come_in_order_with_their_indicators():
    families = load(None).families()
    assert [family for family, _ in families] == list(FAMILIES)
    assert [each.id for each in dict(families)["backlog"]] == ["open_backlog", "overdue_backlog"]


def test_looking_up():
    registry = load(None)
    assert "solved_rate" in registry
    assert "nothing" not in registry
    assert registry.get("nothing") is None
    assert registry.get("solved_rate") is registry["solved_rate"]
    assert len(registry) == len(registry.ids)
    with pytest.raises(KeyError):
        registry["nothing"]
