"""Headline tiles: what they say of one figure."""

from dashboard.presenters.tiles import Headline, present_tile
from metrics.definition import Direction
from metrics.result import Reason, Status, Tone
from tests.test_dashboard.results import CHINESE, ENGLISH, MEDIAN_DAYS, ON_TIME, REGISTRY, like, result

NEAR = result(0.882, numerator=1226, denominator=1390, target=0.9, tone=Tone.NEAR, gap=25)


def headline(now=NEAR, **given):
    fields = {"indicator": ON_TIME, "now": now, "last_period": None, "year_before": None, "months": ()}
    return Headline(**(fields | given))


def test_a_tile_says_value_tone_target_counts_and_gap() -> None:
    tile = present_tile(headline(), CHINESE)
    assert (str(tile.number), tile.judgement, tile.target, tile.counts, tile.gap) == (
        "88.2%",
        "▲ 接近",
        "目标 90%",
        "1,226 / 1,390",
        "还差 25 件",
    )


def test_the_same_in_english() -> None:
    tile = present_tile(headline(), ENGLISH)
    assert (tile.judgement, tile.target, tile.gap) == ("▲ near", "target 90%", "25 cases short of target")


def test_a_met_target_tells_by_how_much() -> None:
    met = result(0.964, numerator=964, denominator=1000, target=0.95, tone=Tone.MET, gap=0)
    assert present_tile(headline(met), CHINESE).gap == "优于目标 1.4 个百分点"


def test_a_lower_rate_is_missed_by_too_many_cases() -> None:
    overdue = REGISTRY["overdue_rate"]
    missed = result(0.02, indicator=overdue, numerator=6, denominator=300, target=0.0, tone=Tone.MISSED, gap=6)
    tile = present_tile(headline(missed, indicator=overdue), CHINESE)
    assert (tile.gap, tile.target) == ("超出 6 件", "目标 0%")


def test_both_comparisons_stand_beside_with_their_periods_in_full() -> None:
    last = result(0.888, period=NEAR.period.previous())
    tile = present_tile(headline(last_period=last), CHINESE)
    assert tile.last_period.text == "环比 −0.6"
    assert tile.last_period.full == "环比 −0.6 个百分点，2026年第二季度为 88.8%"
    assert tile.year_before.text == "同比 –"
    assert tile.year_before.full == "同比：无可比数据"


def test_no_data_is_words_and_never_zero() -> None:
    tile = present_tile(headline(result(status=Status.NO_DATA, reason=Reason.NO_DATA)), CHINESE)
    assert (tile.number, tile.words, tile.counts, tile.gap) == (None, "无数据", "", "")
    assert tile.reason == "本期没有可统计的数据。"


def test_hidden_is_said_and_nothing_else() -> None:
    tile = present_tile(headline(result(status=Status.HIDDEN, reason=Reason.SMALL_CELL)), CHINESE)
    assert (tile.number, tile.words, tile.counts) == (None, "不显示", "")


def test_few_data_have_counts_and_no_judgement() -> None:
    few = result(1.0, status=Status.FEW, reason=Reason.FEW, numerator=3, denominator=3, target=0.9, gap=0)
    tile = present_tile(headline(few), CHINESE)
    assert (str(tile.number), tile.judgement, tile.counts) == ("100%", "样本少", "3 / 3")
    assert (tile.tone, tile.gap) == ("plain", "")


def test_a_median_that_is_not_reached_is_at_least_the_longest_follow_up() -> None:
    now = result(indicator=MEDIAN_DAYS, reason=Reason.NOT_REACHED, at_least=63.0, numerator=3, denominator=20)
    tile = present_tile(headline(now, indicator=MEDIAN_DAYS), ENGLISH)
    assert str(tile.number) == "≥ 63 working days"


def test_context_is_not_judged() -> None:
    context = like(ON_TIME, direction=Direction.CONTEXT)
    tile = present_tile(headline(result(0.5, numerator=1, denominator=2), indicator=context), CHINESE)
    assert (tile.judgement, tile.target, tile.gap) == ("仅供参考", "", "")


def test_months_with_few_data_break_the_trend() -> None:
    months = (result(0.9), result(0.5, status=Status.FEW), result(status=Status.NO_DATA))
    assert present_tile(headline(months=months), CHINESE).trend == (0.9, None, None)


def test_companions_stand_beside() -> None:
    participation = REGISTRY["rating_participation"]
    beside = ((participation, result(0.635, indicator=participation)),)
    assert present_tile(headline(companions=beside), CHINESE).beside == ("参评率 63.5%",)
