"""The heat table: what each cell says, and which units stand first."""

from dashboard.presenters.heat import HeatTable, present_heat_table
from metrics.result import Reason, Status, Tone
from tests.test_dashboard.results import CHINESE, MEDIAN_DAYS, ON_TIME, result

MISSED = result(0.7, "B1", numerator=14, denominator=20, target=0.9, low=0.5, tone=Tone.MISSED, gap=4)
NEAR = result(0.85, "B2", numerator=17, denominator=20, target=0.9, low=0.6, tone=Tone.NEAR, gap=1)
MET = result(1.0, "B3", numerator=20, denominator=20, target=0.9, low=0.8, tone=Tone.MET, gap=0)
FEW = result(0.5, "B4", numerator=1, denominator=2, status=Status.FEW, reason=Reason.FEW)


def table(*results, sort=None, here=None) -> HeatTable:
    return present_heat_table(results, (ON_TIME,), "全部支部", CHINESE, sort=sort, here=here)


def test_units_that_need_attention_stand_first() -> None:
    assert [row.id for row in table(MET, FEW, NEAR, MISSED).rows] == ["B1", "B2", "B3", "B4"]


def test_sorting_by_an_indicator_puts_its_worst_first_and_few_last() -> None:
    assert [row.id for row in table(FEW, MET, NEAR, MISSED, sort=ON_TIME.id).rows] == ["B1", "B2", "B3", "B4"]


def test_an_unknown_sort_is_no_sort() -> None:
    assert table(MET, MISSED, sort="nothing").sort is None


def test_cells_have_text_shape_and_tone() -> None:
    cells = [row.cells[0] for row in table(MISSED, NEAR, MET, FEW).rows]
    assert [(cell.text, cell.shape, cell.tone) for cell in cells] == [
        ("70.0", "■", "missed"),
        ("85.0", "▲", "near"),
        ("100", "●", "met"),
        ("50.0（样本少）", "", "few"),
    ]


def test_a_cell_read_aloud_tells_everything() -> None:
    label = table(MISSED).rows[0].cells[0].label
    assert label == "单位B1 · 按期办结率 · 70.0% · 14 / 20 · 目标 90% · 未达标"


def test_no_data_and_hidden_are_words() -> None:
    none = result(unit_id="B5", status=Status.NO_DATA, reason=Reason.NO_DATA)
    hidden = result(unit_id="B6", status=Status.HIDDEN, reason=Reason.SMALL_CELL)
    assert [row.cells[0].text for row in table(none, hidden).rows] == ["无数据", "不显示"]


def test_a_quantile_that_is_not_reached_is_a_bound() -> None:
    waiting = result(indicator=MEDIAN_DAYS, reason=Reason.NOT_REACHED, at_least=40.0)
    cell = present_heat_table([waiting], (MEDIAN_DAYS,), "", CHINESE).rows[0].cells[0]
    assert cell.text == "≥ 40"


def test_how_many_would_be_missed_by_chance_alone() -> None:
    assert table(MISSED, NEAR, MET, FEW).by_chance == 3 * 0.025


def test_the_unit_itself_is_marked_among_its_siblings() -> None:
    assert [row.here for row in table(MET, NEAR, here="B3").rows] == [False, True]


def test_the_payload_is_plain_data() -> None:
    payload = table(MET).payload()
    assert payload["columns"] == ({"id": ON_TIME.id, "label": "按期办结 %", "title": "按期办结率"},)
