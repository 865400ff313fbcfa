"""The story is found again through the product: counts, compute, Results."""

from datetime import datetime, time, timedelta

import numpy as np
import pandas as pd
import pytest
from scipy.stats import fisher_exact

from dashboard.quality import circumstances
from data_access.quality.check import check
from data_access.quality.flag_agreement import flag_agreement
from data_access.question import Question
from data_access.scope import local_scope
from metrics.counts import BRANCH
from metrics.period import Period, month_period
from metrics.result import Result, Status
from tests.test_sample_data.conftest import Told


def _branch_ids(told: Told) -> list[str]:
    return [branch.id for branch in told.world.structure.of_kind(BRANCH)]


def _received(told: Told, branch_id: str, period: Period) -> pd.DataFrame:
    cases = told.frames["cases"]
    in_period = (cases["received_at"] >= pd.Timestamp(period.start)) & (cases["received_at"] < pd.Timestamp(period.end))
    known = cases["responsible_unit_id"].isin([unit.id for unit in told.world.structure.units])
    cases = cases[in_period & known]
    return cases[told.world.in_branch(cases["responsible_unit_id"].to_numpy(dtype=object), branch_id)]


def _chance(one: Result, other: Result) -> float:
    """How often chance alone makes two shares differ so much (Fisher's exact test)."""
    counts = [(each.numerator or 0, (each.denominator or 0) - (each.numerator or 0)) for each in (one, other)]
    return float(fisher_exact(counts).pvalue)


def test_the_branch_with_hard_cases_answers_faster_than_the_company(told: Told):
    quarter = told.world.dates.last_quarter
    company, branch = told.figures(
        "response_on_time_rate", [told.world.plan.prefix, told.story.hard_cases.unit_id], quarter
    )
    assert branch.value is not None
    assert company.value is not None
    assert branch.value > company.value


def test_the_median_of_its_closed_cases_flatters_it(told: Told):
    quarter, branch_id = told.world.dates.last_quarter, told.story.hard_cases.unit_id
    cases = _received(told, branch_id, quarter)
    end = pd.Timestamp(quarter.end)
    closed = cases[(cases["resolved_at"] < end) & cases["exclusion"].isna()]
    clock = told.world.clock
    days = clock.index(closed["resolved_at"].to_numpy()) - clock.index(closed["received_at"].to_numpy())
    truth = told.figure("resolution_days_median", branch_id, quarter, quarter.end)
    assert truth.value is not None
    assert truth.value >= np.median(days) + 2


def test_it_holds_most_of_what_is_overdue_and_resolves_least_in_time(told: Told):
    quarter, branch_id = told.world.dates.last_quarter, told.story.hard_cases.unit_id
    overdue = {each.group.unit_id: each.value for each in told.figures("overdue_backlog", _branch_ids(told), quarter)}
    on_time = told.figures("resolution_on_time_rate", _branch_ids(told), quarter)
    enough = [each for each in on_time if (each.denominator or 0) >= 20]
    assert max(overdue, key=lambda unit_id: overdue[unit_id] or 0) == branch_id
    assert min(enough, key=lambda each: each.value or 0).group.unit_id == branch_id


def test_the_branch_without_sponsors_had_them_until_spring(told: Told):
    chapter = told.story.lost_sponsors
    spring = month_period(chapter.since)
    for indicator in chapter.shows_in:
        before = told.figure(indicator, chapter.unit_id, spring.previous())
        after = told.figure(indicator, chapter.unit_id, spring)
        assert before.value is not None
        assert before.value > 0.8
        assert after.value == 0
    others = [unit_id for unit_id in _branch_ids(told) if unit_id != chapter.unit_id]
    assert min(each.value or 0 for each in told.figures("zone_chain_coverage", others, spring)) > 0


def test_the_silent_groups_still_cover_but_are_no_longer_active(told: Told):
    chapter = told.story.silent_groups
    first = month_period(chapter.since)
    assert told.figure("group_team_coverage", chapter.unit_id, first).value == 1
    assert told.figure("group_active_coverage", chapter.unit_id, first).value == 0
    assert (told.figure("group_active_coverage", chapter.unit_id, first.previous()).value or 0) > 0.5


def test_the_branch_that_records_nothing_scores_nothing(told: Told):
    chapter, quarter = told.story.records_nothing, told.world.dates.last_quarter
    for indicator in chapter.shows_in:
        result = told.figure(indicator, chapter.unit_id, quarter)
        assert result.value == 0
        assert (result.denominator or 0) > 0
    others = [unit_id for unit_id in _branch_ids(told) if unit_id != chapter.unit_id]
    assert min(each.value or 0 for each in told.figures("duty_completion_rate", others, quarter)) > 0.8


@pytest.mark.parametrize("back", [0, 1, 2, 3])
def test_the_small_team_is_too_small_to_judge(told: Told, back: int):
    quarter = told.world.dates.last_quarter
    for _ in range(back):
        quarter = quarter.previous()
    result = told.figure("response_on_time_rate", told.story.too_small.unit_id, quarter)
    assert result.status is Status.FEW
    assert result.denominator == 2
    assert result.tone is None


def test_the_moved_team_s_cases_count_where_it_was(told: Told):
    chapter, parts = told.story.moved, told.world.structure.parts
    before = Period(chapter.since - timedelta(days=300), chapter.since)
    after = Period(chapter.since, told.world.dates.until)
    cases = told.frames["cases"]
    theirs = cases["responsible_unit_id"] == chapter.unit_id
    for period, branch_id, other_id in (
        (before, parts.moved_from, parts.moved_to),
        (after, parts.moved_to, parts.moved_from),
    ):
        in_period = (cases["received_at"] >= pd.Timestamp(period.start)) & (
            cases["received_at"] < pd.Timestamp(period.end)
        )
        own = int((in_period & theirs & ~cases["restricted"]).sum())
        assert own > 0
        for unit_id, added in ((branch_id, own), (other_id, 0)):
            without = _received(told, unit_id, period).query("not restricted")
            without = without[without["responsible_unit_id"] != chapter.unit_id]
            received = told.figure("registration_on_time_rate", unit_id, period)
            assert received.denominator == len(without) + added


def test_the_merged_team_is_gone_and_its_successor_has_its_staff(told: Told):
    chapter, parts = told.story.merged, told.world.structure.parts
    unit = told.hierarchy.units[chapter.unit_id]
    assert (unit.closed_on, unit.successor_id) == (chapter.since, parts.merged_into)
    after = Period(chapter.since, told.world.dates.until)
    assert told.figure("response_on_time_rate", chapter.unit_id, after.previous()).denominator
    assert told.figure("duty_completion_rate", chapter.unit_id, after).status is Status.NO_DATA


def test_the_improvement_is_real(told: Told):
    chapter = told.story.improvement
    after = Period(chapter.since, told.world.dates.last_quarter.end)
    before = Period(told.world.dates.first_day, chapter.since)
    worse = told.figure("response_on_time_rate", chapter.unit_id, before)
    better = told.figure("response_on_time_rate", chapter.unit_id, after)
    assert (better.value or 0) > (worse.value or 1)
    assert _chance(worse, better) < 0.01


def test_the_fluctuation_is_only_one(told: Told):
    chapter, quarter = told.story.fluctuation, told.world.dates.last_quarter
    before = told.figure("resolution_on_time_rate", chapter.unit_id, quarter.previous())
    now = told.figure("resolution_on_time_rate", chapter.unit_id, quarter)
    assert (now.value or 1) < (before.value or 0) - 0.04
    assert _chance(before, now) > 0.1


def test_every_indicator_answers_in_spite_of_the_bad_rows(told: Told):
    quarter = told.world.dates.last_quarter
    for indicator in told.company.indicators:
        result = told.figure(indicator, told.world.plan.prefix, quarter)
        assert result.status in (Status.OK, Status.NO_DATA), indicator


def test_the_check_of_the_data_finds_the_bad_rows_and_no_others(told: Told):
    zone, bad = told.world.rules.time_zone, told.story.bad_rows
    as_of = datetime.combine(told.world.dates.until, time.min, zone)
    asked = circumstances(told.company, told.hierarchy, local_scope("tester"), as_of)
    found = {each.rule.id: each.bad_rows for each in check(told.connection, asked) if each.bad_rows}
    assert found == {
        "cases.channel.unknown_code": bad.unknown_channel,
        "cases.responsible_unit_id.unknown_unit": bad.orphan_unit,
        "cases.rating.out_of_range": bad.rating_out_of_range,
        "cases.responded_at+received_at.out_of_order": bad.responded_before_received,
        "cases.resolved_at+received_at.out_of_order": bad.resolved_before_received,
        "cases.first_resolved_at+received_at.out_of_order": bad.resolved_before_received,
        "cases.fed_back_at.in_the_future": bad.told_in_the_future,
        "cases.response_due_at.no_deadline": bad.no_deadline,
        "cases.resolution_due_at.no_deadline": bad.no_deadline,
    }


def test_the_source_s_own_flag_agrees_but_for_the_known_number(told: Told):
    quarter = told.world.dates.last_quarter
    as_of = datetime.combine(told.world.dates.until, time.min, told.world.rules.time_zone)
    question = Question((quarter,), as_of, local_scope("tester"), told.company.rules)
    agreement = flag_agreement(told.connection, told.hierarchy, question)
    assert agreement.flagged > 500
    assert agreement.flagged - agreement.agreeing == told.story.bad_rows.own_flag_differs


def test_a_chapter_names_indicators_that_there_are(told: Told):
    assert len(told.story.chapters) == 9
    for chapter in told.story.chapters:
        assert chapter.unit_id in told.hierarchy.units
        assert set(chapter.shows_in) <= set(told.company.indicators)
        assert chapter.truth_zh
        assert chapter.truth_en
