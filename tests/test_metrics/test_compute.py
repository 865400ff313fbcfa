from dataclasses import replace
from datetime import date, datetime, timedelta

import pandas as pd
import pytest

from metrics.compute import Conditions, compute
from metrics.counts import Fact
from metrics.definition import Direction, Term
from metrics.result import Beside, Reason, Status, Tone
from tests.test_metrics.making import (
    AS_OF,
    AUGUST,
    B1,
    B2,
    COMPANY,
    GROUPS,
    JULY,
    SEPTEMBER,
    SHANGHAI,
    T1,
    T2,
    frame,
    indicator,
)

ON_TIME = indicator("resolution_on_time_rate", target=None)


def due(*rows):
    return {Fact.RESOLUTIONS_DUE: frame(Fact.RESOLUTIONS_DUE, *rows)}


def row(unit, cases, on_time=0, **more):
    return {"unit": unit, "resolution_due": cases, "resolved_on_time": on_time, **more}


def only(results):
    assert len(results) == 1
    return results[0]


def figure(chosen, frames, group=COMPANY, part=JULY, as_of=AS_OF, **conditions):
    return only(compute(chosen, frames, [group], [part], as_of, Conditions(**conditions)))


def test_a_higher_unit_pools_the_counts_of_all_below_it():
    frames = due(row("T1", 10, 5), row("T2", 30, 30), row("B1", 8, 4), row("B2", 20, 10), row("C", 5, 5))
    shares = {
        each.group.unit_id: (each.numerator, each.denominator)
        for each in compute(ON_TIME, frames, GROUPS, [JULY], AS_OF)
    }
    assert shares == {"C": (54, 73), "B1": (39, 48), "B2": (10, 20), "T1": (5, 10), "T2": (30, 30)}


def test_results_come_unit_by_unit_with_their_parts_in_order():
    frames = due(row("T1", 10, 5), row("T1", 20, 5, part=AUGUST.start))
    results = compute(ON_TIME, frames, [T1, COMPANY], [JULY, AUGUST], AS_OF)
    assert [(each.group, each.period, each.denominator) for each in results] == [
        (T1, JULY, 10),
        (T1, AUGUST, 20),
        (COMPANY, JULY, 10),
        (COMPANY, AUGUST, 20),
    ]
    assert {each.as_of for each in results} == {AS_OF}
    assert {each.indicator for each in results} == {"resolution_on_time_rate"}


def test_parts_and_units_that_nobody_asked_for_are_left_out():
    frames = due(row("T1", 10, 5), row("T1", 99, 5, part=AUGUST.start), row("B2", 50, 50))
    assert figure(ON_TIME, frames, B1).denominator == 10


def test_nothing_to_divide_by_is_no_data_and_never_zero():
    empty = figure(ON_TIME, due(row("T1", 10, 5)), B2)
    assert (empty.status, empty.reason) == (Status.NO_DATA, Reason.NO_DATA)
    assert (empty.value, empty.numerator, empty.denominator, empty.low, empty.high) == (None,) * 5
    assert empty.beside == ()


def test_no_units_or_parts_make_no_results():
    assert compute(ON_TIME, due(), [], [JULY], AS_OF) == []
    assert compute(ON_TIME, due(), [B1], [], AS_OF) == []


def test_few_cases_are_shown_with_their_counts_but_not_judged():
    few = figure(replace(ON_TIME, target=0.9), due(row("B2", 4, 1)), B2)
    assert (few.status, few.reason) == (Status.FEW, Reason.FEW)
    assert (few.value, few.numerator, few.denominator) == (0.25, 1, 4)
    assert (few.tone, few.gap) == (None, None)
    assert figure(ON_TIME, due(row("B2", 5, 1)), B2).status is Status.OK


def test_a_unit_kind_without_a_meaning_has_no_data():
    tier = indicator("zone_coverage_tier1")
    frames = {Fact.ZONES: frame(Fact.ZONES, {"unit": "T1", "branches": 9, "branches_sponsored": 3})}
    result = figure(tier, frames, T1)
    assert (result.status, result.reason, result.value) == (Status.NO_DATA, Reason.NOT_FOR_KIND, None)


def test_counts_beside_come_with_the_figure():
    frames = due(row("T1", 10, 5, resolution_tolerated=2), row("T2", 10, 5, resolution_tolerated=1))
    assert figure(ON_TIME, frames, B1).beside == (Beside("resolution_tolerated", 3.0),)


def test_conditions_keep_only_rows_of_their_values():
    urgent = indicator("urgent_response_on_time_rate", beside=())
    rows = [
        {"unit": "T1", "grade": grade, "response_due": count, "responded_on_time": count - 1}
        for grade, count in (("A", 6), ("B", 20), (None, 7))
    ]
    frames = {Fact.RESPONSES_DUE: frame(Fact.RESPONSES_DUE, *rows, dimensions=("grade",))}
    assert figure(urgent, frames).denominator == 6


def ratings(*rows):
    names = ("unit", "rating_source", "ratings", "ratings_high", "ratings_middle")
    rows = [dict(zip(names, each, strict=True)) for each in rows]
    return {Fact.CASES_RATED: frame(Fact.CASES_RATED, *rows, dimensions=("rating_source",))}


def test_satisfaction_weighs_ratings_and_scores_call_backs_only():
    frames = ratings(("B1", "callback", 20, 10, 5), ("B1", "self_service", 30, 0, 0))
    satisfaction = indicator("satisfaction_rate")
    scored = figure(satisfaction, frames, B1)
    assert (scored.numerator, scored.denominator, scored.value) == (14.5, 20, 0.725)
    assert figure(satisfaction, frames, B1, scored=False).denominator == 50


def test_weighted_counts_are_the_same_however_fine_the_rows_are():
    satisfaction = indicator("satisfaction_rate")
    fine = figure(satisfaction, ratings(*[("T1", "callback", 7, 1, 5)] * 10_000), B1)
    assert fine == figure(satisfaction, ratings(("T1", "callback", 70_000, 10_000, 50_000)), B1)
    assert fine.numerator == 55_000


def test_a_weighted_sum_is_free_of_float_dust():
    result = figure(indicator("satisfaction_rate"), ratings(("B1", "callback", 30, 0, 30)), B1)
    assert (result.numerator, result.tone, result.gap) == (27.0, Tone.MET, 0)


def test_a_ratio_may_compare_two_facts_and_has_no_interval_then():
    frames = {
        Fact.CASE_EVENTS: frame(Fact.CASE_EVENTS, {"unit": "B1", "extended": 12}),
        Fact.CASES_RECEIVED: frame(Fact.CASES_RECEIVED, {"unit": "T1", "received": 8}),
    }
    result = figure(indicator("extension_rate"), frames, B1)
    assert (result.value, result.numerator, result.denominator, result.low, result.high) == (1.5, 12, 8, None, None)


def test_a_rate_per_100_employees():
    frames = {
        Fact.ACTIVITIES: frame(Fact.ACTIVITIES, {"unit": "B1", "activity_participants": 30}),
        Fact.HEADCOUNTS: frame(Fact.HEADCOUNTS, {"unit": "T1", "employees": 120}, {"unit": "B1", "employees": 5}),
    }
    result = figure(indicator("activity_participation"), frames, B1)
    assert (result.value, result.numerator, result.denominator) == (24.0, 30, 125)


OVERDUE = indicator("overdue_backlog")


def open_cases(*rows):
    return {Fact.OPEN_CASES: frame(Fact.OPEN_CASES, *rows)}


def test_a_count_of_nothing_is_zero_where_there_are_data():
    result = figure(OVERDUE, open_cases({"unit": "B1", "overdue_cases": 3, "open_cases": 9}), B2)
    assert (result.status, result.value, result.denominator, result.beside) == (
        Status.OK,
        0,
        None,
        (Beside("open_cases", 0),),
    )


def test_open_cases_stand_at_one_instant_and_belong_to_the_last_part():
    frames = open_cases({"unit": "B1", "overdue_cases": 3, "part": JULY.start})
    months = compute(OVERDUE, frames, [B1], [JULY, AUGUST, SEPTEMBER], AS_OF)
    assert [each.value for each in months] == [None, None, 3]
    assert months[0].status is Status.NO_DATA


def test_a_part_that_has_not_begun_or_lies_before_the_data_has_no_count():
    before = datetime(2026, 6, 30, 23, 59, tzinfo=SHANGHAI)
    assert figure(OVERDUE, open_cases(), as_of=before).status is Status.NO_DATA
    assert figure(OVERDUE, open_cases(), as_of=before + timedelta(minutes=1)).value == 0
    assert figure(OVERDUE, open_cases(), first_day=date(2026, 8, 1)).status is Status.NO_DATA
    assert figure(OVERDUE, open_cases(), first_day=date(2026, 7, 31)).value == 0


def test_before_the_first_day_with_data_a_rate_has_none():
    assert figure(ON_TIME, due(row("B1", 10, 5)), first_day=date(2026, 8, 1)).status is Status.NO_DATA


def test_targets_of_the_unit_win_over_those_of_its_kind_and_of_the_definition():
    frames = due(row("B1", 20, 18), row("B2", 20, 18))
    targets = {
        (ON_TIME.id, "branch", 2026): 0.95,
        (ON_TIME.id, "B2", 2026): 0.5,
        (ON_TIME.id, "B1", 2025): 0.1,
        ("other", "B1", 2026): 0.2,
    }
    results = compute(replace(ON_TIME, target=0.9), frames, GROUPS, [JULY], AS_OF, Conditions(targets=targets))
    assert {each.group.unit_id: each.target for each in results} == {
        "C": 0.9,
        "B1": 0.95,
        "B2": 0.5,
        "T1": 0.9,
        "T2": 0.9,
    }
    assert {each.group.unit_id: each.gap for each in results} == {"C": 0, "B1": 1, "B2": 0, "T1": None, "T2": None}


def test_context_is_never_judged_whatever_the_table_of_targets_says():
    targets = {("overdue_backlog", "B1", 2026): 0.0}
    result = figure(OVERDUE, open_cases({"unit": "B1", "overdue_cases": 3}), B1, targets=targets)
    assert (result.target, result.tone, result.gap) == (None, None, None)


def test_a_judged_count_is_exact():
    judged = replace(OVERDUE, direction=Direction.LOWER, target=0.0)
    result = figure(judged, open_cases({"unit": "B1", "overdue_cases": 3}), B1)
    assert (result.tone, result.gap) == (Tone.MISSED, 3)
    assert (result.low, result.high) == (None, None)


def test_figures_on_working_days_say_where_the_calendar_is_not_official():
    frames = due(row("B1", 20, 18)) | {Fact.CASES_RECEIVED: frame(Fact.CASES_RECEIVED, {"unit": "B1", "received": 9})}
    unofficial = frozenset({JULY.start})
    assert figure(ON_TIME, frames, B1, unofficial=unofficial).reason is Reason.UNOFFICIAL_CALENDAR
    assert figure(ON_TIME, frames, B1, part=AUGUST, unofficial=unofficial).reason is Reason.NO_DATA
    assert figure(indicator("registration_on_time_rate"), frames, B1, unofficial=unofficial).reason is Reason.NONE


def test_a_missing_frame_is_an_error():
    with pytest.raises(KeyError):
        compute(ON_TIME, {}, [B1], [JULY], AS_OF)


def test_an_impossible_share_does_not_stop_anything():
    result = figure(ON_TIME, due(row("B1", 5, 7)), B1)
    assert result.value == 1.4


def test_a_frame_may_come_with_an_index_of_its_own():
    frames = due(row("T1", 10, 5), row("B2", 30, 30))
    shuffled = {fact: table.iloc[::-1].set_index(pd.Index([7, 7])) for fact, table in frames.items()}
    assert compute(ON_TIME, shuffled, GROUPS, [JULY], AS_OF) == compute(ON_TIME, frames, GROUPS, [JULY], AS_OF)


def test_terms_add_up():
    both = replace(ON_TIME, numerator=(Term("resolved_on_time"), Term("overdue", 0.5)))
    assert figure(both, due(row("B1", 10, 4, overdue=3)), B1).numerator == 5.5
    assert figure(both, due(row("T2", 10, 4, overdue=3)), T2).value == 0.55
