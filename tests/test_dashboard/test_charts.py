"""Charts: zero-based, sorted as given, with values, targets by name, and nothing that fades or drags."""

from itertools import pairwise
from urllib.parse import unquote

import pytest

from dashboard.charts.bars import Bar, TargetLine, bar_chart
from dashboard.charts.curves import Line, curve_chart
from dashboard.charts.sparkline import sparkline
from dashboard.charts.stacks import Stack, stack_chart
from dashboard.charts.strip import strip
from dashboard.presenters.ranking import target_line, unit_bars
from dashboard.theme import LIGHT
from metrics.result import Reason, Status, Tone
from tests.test_dashboard.results import CHINESE, ON_TIME, result

BARS = [
    Bar("甲队", 71.4, "■ 71.4%", "missed", "B1"),
    Bar("乙队", 95.0, "95.0%", None, "B2"),
    Bar("丙队", None, "无数据"),
]


def test_bars_start_at_zero_and_stand_in_the_order_given() -> None:
    figure = bar_chart(BARS, LIGHT, TargetLine(90.0, "目标 90%"))
    assert figure.layout.xaxis.range[0] == 0
    assert figure.layout.yaxis.ticktext == ("甲队", "乙队", "丙队")
    assert figure.layout.yaxis.range == (2.5, -0.5)
    assert figure.layout.yaxis2.ticktext == (" ■ 71.4%", " 95.0%", " 无数据")


def test_bars_are_coloured_by_concern_and_lead_to_their_units() -> None:
    trace = bar_chart(BARS, LIGHT).data[0]
    assert trace.marker.color == (LIGHT.missed, LIGHT.bar, LIGHT.bar)
    assert [chosen for (chosen,) in trace.customdata] == ["B1", "B2", ""]
    assert trace.unselected.marker.opacity == 1


def test_the_target_is_a_line_with_its_name() -> None:
    layout = bar_chart(BARS, LIGHT, TargetLine(90.0, "目标 90%")).layout
    assert layout.shapes[0].x0 == 90.0
    assert layout.annotations[0].text == "目标 90%"


@pytest.mark.parametrize(
    ("text", "ems"),
    [
        ("甲乙丙丁戊己庚辛", 8.0),
        ("465,916 (89.7%)", 7.39),
        ("Payment and benefits", 10.15),
        ("WWWWMMMM", 7.11),
        ("iiii llll", 2.46),
    ],
)
def test_rows_have_room_for_their_widest_text_and_hardly_more(text: str, ems: float) -> None:
    """How wide the texts are was measured in Liberation Sans and Noto Sans CJK; the wider one stands here."""
    margins = bar_chart([Bar("", 1.0, text), Bar("", 1.0, "1")], LIGHT).layout.margin
    assert ems * 13 <= margins.r - margins.l <= 1.5 * ems * 13


def test_the_browser_need_not_look_for_the_room_of_rows() -> None:
    for figure in (bar_chart(BARS, LIGHT), stack_chart([Stack("甲队", 8, 4, "8 · 4")], ("超期", "临期"), LIGHT)):
        assert (figure.layout.yaxis.automargin, figure.layout.yaxis2.automargin) == (False, False)
        assert figure.layout.margin.l > 2 * 13


def test_stacks_put_the_grave_part_first() -> None:
    figure = stack_chart([Stack("甲队", 8, 4, "超期 8 · 临期 4", "B1")], ("超期", "临期"), LIGHT)
    assert [(trace.name, trace.x) for trace in figure.data[:2]] == [("超期", (8,)), ("临期", (4,))]
    assert figure.data[0].marker.color == LIGHT.missed


def test_curves_rise_from_nothing_and_finished_ones_stay_at_everything() -> None:
    figure = curve_chart([Line("A级", (1.0, 3.0), (0.5, 1.0)), Line("B级", (2.0,), (0.4,))], "工作日", 10.0, LIGHT)
    assert (figure.data[0].x, figure.data[0].y) == ((0.0, 1.0, 3.0, 10.0), (0.0, 0.5, 1.0, 1.0))
    assert figure.data[1].x == (0.0, 2.0)
    assert figure.layout.xaxis.range == (0, 10.0)


def test_names_of_curves_that_end_together_stand_apart() -> None:
    lines = [Line(name, (1.0,), (1.0,)) for name in ("A级", "B级", "C级")]
    heights = [each.y for each in curve_chart(lines, "", 5.0, LIGHT).layout.annotations]
    assert all(upper - lower >= 0.07 for upper, lower in pairwise(heights))


def test_missing_months_break_the_sparkline() -> None:
    drawn = unquote(sparkline([0.9, 0.95, None, 0.8], 0.9, LIGHT))
    assert drawn.count("<polyline") == 1
    assert 'stroke-dasharray="4 3"' in drawn


def test_a_sparkline_without_values_is_empty_and_one_of_equal_values_is_level() -> None:
    assert "<line" not in unquote(sparkline([None, None], 0.9, LIGHT))
    assert "2.00,15.00 98.00,15.00" in unquote(sparkline([0.5, 0.5], None, LIGHT))


def test_a_strip_marks_every_peer_and_the_unit_itself() -> None:
    drawn = unquote(strip([0.8, 0.9, 1.0], 0.9, LIGHT))
    assert drawn.count("stroke-opacity") == 3
    assert 'cx="80.0"' in drawn
    assert strip([], 0.9, LIGHT) == ""


def test_units_are_ranked_worst_first_with_few_below_and_nothing_last() -> None:
    results = [
        result(status=Status.NO_DATA, reason=Reason.NO_DATA, unit_id="B0"),
        result(0.2, "B1", status=Status.FEW, reason=Reason.FEW, numerator=1, denominator=5),
        result(0.95, "B2", numerator=19, denominator=20, target=0.9, tone=Tone.MET),
        result(0.7, "B3", numerator=14, denominator=20, target=0.9, tone=Tone.MISSED),
    ]
    bars = unit_bars(results, ON_TIME, CHINESE)
    assert [(bar.chosen, bar.text) for bar in bars] == [
        ("B3", "■ 70.0% (14 / 20)"),
        ("B2", "● 95.0% (19 / 20)"),
        ("B1", "20.0% (1 / 5) 样本少"),
        ("B0", "无数据"),
    ]
    assert bars[0].value == pytest.approx(70.0)


def test_units_with_different_targets_have_no_common_line() -> None:
    same = [result(0.9, target=0.9), result(0.8, target=0.9)]
    assert target_line(same, ON_TIME, CHINESE) == TargetLine(90.0, "目标 90%")
    assert target_line([*same, result(0.7, target=0.8)], ON_TIME, CHINESE) is None
    assert target_line([], ON_TIME, CHINESE) is None
