import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter

from metrics.survival import kaplan_meier, kaplan_meier_by_cell, quantile, quantile_bounds_by_cell, survival_at

FREIREICH_TIMES = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
FREIREICH_OBSERVED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


def test_curve_of_ten_known_durations():
    curve = kaplan_meier([37, 43, 47, 56, 60, 62, 71, 77, 80, 81], [0, 0, 1, 1, 0, 0, 0, 1, 1, 1])
    assert curve.times.tolist() == [37, 43, 47, 56, 60, 62, 71, 77, 80, 81]
    assert curve.survival == pytest.approx([1, 1, 0.875, 0.75, 0.75, 0.75, 0.75, 0.5, 0.25, 0])
    assert quantile(curve, 0.5) == 77


def test_freireich_trial():
    curve = kaplan_meier(FREIREICH_TIMES, FREIREICH_OBSERVED)
    at = dict(zip(curve.times.tolist(), curve.survival.tolist(), strict=True))
    assert at[6] == pytest.approx(0.8571, abs=5e-5)
    assert at[13] == pytest.approx(0.6902, abs=5e-5)
    assert at[23] == pytest.approx(0.4482, abs=5e-5)
    assert quantile(curve, 0.5) == 23


def test_a_quantile_that_is_not_reached_is_none():
    assert quantile(kaplan_meier([1, 2, 3], [1, 0, 0]), 0.5) is None


def test_no_durations_make_an_empty_curve():
    curve = kaplan_meier([], [])
    assert curve.times.size == 0
    assert quantile(curve, 0.5) is None


def test_events_come_before_censorings_at_ties():
    assert kaplan_meier([5, 5], [0, 1]).survival.tolist() == [0.5]


@pytest.mark.parametrize("cases", [7, 11, 49, 83, 103, 187])
def test_a_product_that_should_be_one_half_counts_as_one_half(cases):
    curve = kaplan_meier(range(1, 2 * cases + 1), [True] * (2 * cases))
    assert quantile(curve, 0.5) == cases


def test_weights_stand_for_equal_rows():
    weighted = kaplan_meier([3, 5, 5], [1, 1, 0], [2, 3, 1])
    plain = kaplan_meier([3, 3, 5, 5, 5, 5], [1, 1, 1, 1, 1, 0])
    assert weighted.survival == pytest.approx(plain.survival)


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="one length"):
        kaplan_meier([1, 2], [True])


@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=60))
@settings(deadline=None)
def test_agrees_with_lifelines(rows):
    durations, observed = zip(*rows, strict=True)
    curve = kaplan_meier(durations, observed)
    fitted = KaplanMeierFitter().fit(durations, observed)
    expected = fitted.survival_function_at_times(curve.times).to_numpy()
    assert curve.survival == pytest.approx(expected, abs=1e-9)
    assert curve.times.tolist() == sorted(set(durations))


@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=60), st.randoms())
@settings(deadline=None)
def test_row_order_is_irrelevant(rows, random):
    shuffled = random.sample(rows, len(rows))
    first, second = (kaplan_meier(*zip(*each, strict=True)) for each in (rows, shuffled))
    assert np.array_equal(first.survival, second.survival)


def bounds(durations, observed, q=0.5):
    cells = np.zeros(len(durations), dtype=np.int64)
    arrays = (np.asarray(durations, dtype=float), np.asarray(observed, dtype=bool), np.ones(len(durations)))
    found = quantile_bounds_by_cell(kaplan_meier_by_cell(cells, *arrays, size=1), q)
    return tuple(None if np.isnan(bound[0]) else bound[0] for bound in found)


TIMES = st.sampled_from([-3.0, 0.0, 0.25, 1.0, 2.0, 7.5, 40.0, 2.0**52, 2.0**60, np.inf])


@given(st.lists(st.tuples(st.integers(0, 4), TIMES | st.integers(0, 20), st.booleans()), max_size=40))
@example([(1, 0.0, True), (0, 2.0**60, True), (1, 1.0, True)])
@example([(0, 1.0, True), (0, np.inf, False), (0, np.inf, False)])
def test_cells_have_the_curves_that_each_would_have_alone(rows):
    cells, times, observed = (np.array([row[place] for row in rows]) for place in range(3))
    curves = kaplan_meier_by_cell(cells.astype(int), times.astype(float), observed.astype(bool), np.ones(len(rows)), 5)
    for cell in range(5):
        own = [(time, known) for at, time, known in rows if at == cell]
        alone = kaplan_meier([time for time, _ in own], [known for _, known in own])
        assert curves.times[curves.cells == cell].tolist() == alone.times.tolist()
        assert curves.survival[curves.cells == cell].tolist() == alone.survival.tolist()


def test_the_interval_of_the_freireich_median():
    assert bounds(FREIREICH_TIMES, FREIREICH_OBSERVED) == (13, None)


@given(st.lists(st.tuples(st.integers(1, 30), st.booleans()), min_size=4, max_size=60))
@settings(deadline=None)
def test_the_interval_of_a_median_agrees_with_lifelines(rows):
    durations, observed = zip(*rows, strict=True)
    assume(any(observed))
    fitted = KaplanMeierFitter().fit(durations, observed)
    # once everybody has finished nothing limits from above; lifelines says 0 there
    unfinished = fitted.survival_function_.iloc[:, 0] > 1e-9
    below, above = (fitted.confidence_interval_.iloc[:, column].fillna(1.0) <= 0.5 + 1e-9 for column in (0, 1))
    reached = [limit[limit].index.to_list() for limit in (below | ~unfinished, above & unfinished)]
    assert bounds(durations, observed) == tuple(times[0] if times else None for times in reached)


def test_the_share_left_at_a_time():
    rows = [np.array(each) for each in ([0, 0, 1], [2.0, 4.0, 3.0], [True, True, True], [1.0, 1.0, 1.0])]
    curves = kaplan_meier_by_cell(*rows, size=2)
    assert survival_at(curves, np.array([2.0, 2.9])).tolist() == [0.5, 1.0]
    assert survival_at(curves, np.array([1.9, 3.0])).tolist() == [1.0, 0.0]
