"""Definitions and rules as a reader sees them."""

from datetime import date

import pytest

from dashboard.i18n import LANGUAGES, Translator
from dashboard.presenters.definitions import formula_text, is_about, present_definition
from dashboard.presenters.rules import (
    deadlines_table,
    due_text,
    limit_text,
    obligations_table,
    overrides_table,
    years_table,
)
from metrics import deadlines, obligations, vocabulary
from metrics.deadlines import Limit
from metrics.definition import Formula, Indicator
from metrics.obligations import Obligation
from metrics.registry import load
from metrics.working_time import Schedule, statutory_schedule

ZH, EN = Translator("zh"), Translator("en")
WORDS = vocabulary.load(None)
REGISTRY = load(None)


def facts(indicator: Indicator, t: Translator) -> dict[str, str]:
    shown = present_definition(indicator, (), WORDS, t)
    return {line.heading: line.text for line in shown.facts}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("indicator", REGISTRY, ids=lambda each: each.id)
def test_every_indicator_says_what_it_is(indicator: Indicator, language: str) -> None:
    shown = present_definition(indicator, (), WORDS, Translator(language))
    assert all(line.text for line in shown.texts)
    assert shown.formula
    assert shown.family != indicator.family


def test_the_formula_names_the_counts() -> None:
    assert formula_text(REGISTRY["resolution_on_time_rate"]) == "resolved_on_time ÷ resolution_due"
    assert formula_text(REGISTRY["satisfaction_rate"]) == "(ratings_high + 0.9 × ratings_middle) ÷ ratings"
    assert formula_text(REGISTRY["resolution_hours_p90"]) == "Kaplan–Meier(resolution_minutes, 0.9)"


def test_every_formula_has_a_text() -> None:
    assert {indicator.formula for indicator in REGISTRY} == set(Formula)
    assert all(formula_text(indicator) for indicator in REGISTRY)


def test_a_target_says_its_side_and_a_context_indicator_has_none() -> None:
    assert facts(REGISTRY["resolution_on_time_rate"], EN)["Target"] == "≥ 90%"
    assert facts(REGISTRY["reopen_rate"], EN)["Target"].startswith("≤ ")
    assert facts(REGISTRY["open_backlog"], EN)["Target"] == "none"


def test_only_protected_indicators_say_that_they_are() -> None:
    protected = {indicator.id for indicator in REGISTRY if "Protected" in facts(indicator, EN)}
    assert protected == {indicator.id for indicator in REGISTRY if indicator.protected}


def test_what_is_left_out_is_named_in_words() -> None:
    assert facts(REGISTRY["satisfaction_rate"], EN)["Only in the scored view"] == "Call-back"
    assert facts(REGISTRY["urgent_response_on_time_rate"], ZH)["只计"] == WORDS.name("grades", "A", "zh")


@pytest.mark.parametrize("text", ["按期办结", "On-time resolution", "RESOLUTION_ON_TIME", "时限之内办结"])
def test_the_search_finds_ids_names_and_texts_of_both_languages(text: str) -> None:
    assert is_about(REGISTRY["resolution_on_time_rate"], text)


def test_the_search_finds_nothing_where_nothing_is() -> None:
    assert not any(is_about(indicator, "no such words") for indicator in REGISTRY)


def test_limits_are_said_as_hours_or_working_days() -> None:
    assert limit_text(Limit(hours=2), EN) == "2 hours by the clock"
    assert limit_text(Limit(working_days=3), ZH) == "受理后第 3 个工作日 24:00"


def test_deadlines_have_a_row_for_each_grade_and_date() -> None:
    rules = deadlines.load(None)
    assert len(deadlines_table(rules, WORDS, ZH).rows) == len(rules)


def obligation(**changes: object) -> Obligation:
    plain = {
        "kind": "opinion_report",
        "unit_kind": "branch",
        "frequency": "monthly",
        "planned": 1,
        "effective_from": date(2020, 1, 1),
    }
    return Obligation(**(plain | changes))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"due_working_day": 5}, "by working day 5 after the period"),
        ({"due_day": 0}, "on the day itself"),
        ({"due_day": 6}, "by day 7 of the period"),
        ({"due_day": 0, "weekday": 5}, "on Friday"),
    ],
)
def test_due_rules_are_said_in_words(changes: dict[str, int], expected: str) -> None:
    assert due_text(obligation(**changes), EN) == expected


def test_obligations_name_duty_unit_and_frequency() -> None:
    table = obligations_table(obligations.load(None), WORDS, ZH)
    assert ("思想动态分析报告", "党支部", "每月", 1, "期满后第 5 个工作日前") in {row[:5] for row in table.rows}


def test_a_year_without_an_official_calendar_says_so() -> None:
    rows = {row[0]: row for row in years_table(statutory_schedule(), (2026, 2099), EN).rows}
    assert rows["2026"][1] == "official"
    assert rows["2099"][1].startswith("weekends only")
    assert rows["2099"][3:] == (0, 0)


def test_the_companys_own_days_are_listed() -> None:
    statutory = Schedule(frozenset({date(2026, 1, 1)}), frozenset({date(2026, 1, 4)}), frozenset({2026}))
    own = Schedule(frozenset({date(2026, 3, 9)}), frozenset({date(2026, 1, 4), date(2026, 3, 14)}), frozenset({2026}))
    assert overrides_table(own, statutory, EN).rows == (
        ("2026-01-01", "worked"),
        ("2026-03-09", "free"),
        ("2026-03-14", "worked"),
    )
