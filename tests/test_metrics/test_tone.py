import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from metrics.definition import Direction
from metrics.interval import wilson
from metrics.result import Tone
from metrics.tone import gaps, tones

HIGHER, LOWER = Direction.HIGHER, Direction.LOWER


def gap(direction, numerator, denominator, target):
    given_arrays = (np.array([float(each)]) for each in (numerator, denominator, target))
    return float(gaps(direction, *given_arrays)[0])


def tone(direction, numerator, denominator, target):
    arrays = [np.array([float(each)]) for each in (numerator, denominator, target)]
    low, high = wilson(arrays[0], arrays[1])
    return tones(gaps(direction, *arrays), arrays[2], low, high)[0]


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [(1226, 1390, 25), (1251, 1390, 0), (1250, 1390, 1), (9, 10, 0), (0, 7, 7), (27.0, 30, 0), (26.9, 30, 1)],
)
def test_the_gap_is_the_smallest_number_of_cases_more(numerator, denominator, expected):
    assert gap(HIGHER, numerator, denominator, 0.9) == expected


def test_for_lower_the_gap_is_the_smallest_number_of_cases_fewer():
    assert gap(LOWER, 6, 100, 0.03) == 3
    assert gap(LOWER, 3, 100, 0.03) == 0
    assert gap(LOWER, 4, 101, 0.03) == 1


def test_without_a_denominator_or_a_target_there_is_no_gap():
    assert math.isnan(gap(HIGHER, 0, 0, 0.9))
    assert math.isnan(gap(HIGHER, 1, 2, math.nan))
    assert tone(HIGHER, 0, 0, 0.9) is None


@given(st.integers(1, 100_000), st.data(), st.integers(0, 1000), st.sampled_from([HIGHER, LOWER]))
@settings(deadline=None)
def test_the_gap_is_exact(denominator, data, thousandths, direction):
    numerator = data.draw(st.integers(0, denominator))
    target = Fraction(thousandths, 1000)
    short = target * denominator - numerator if direction is HIGHER else numerator - target * denominator
    assert gap(direction, numerator, denominator, thousandths / 1000) == max(0, math.ceil(short))


def test_met_near_and_missed():
    assert tone(HIGHER, 90, 100, 0.9) is Tone.MET
    assert tone(HIGHER, 88, 100, 0.9) is Tone.NEAR
    assert tone(HIGHER, 71, 100, 0.9) is Tone.MISSED
    assert tone(LOWER, 3, 100, 0.03) is Tone.MET
    assert tone(LOWER, 5, 100, 0.03) is Tone.NEAR
    assert tone(LOWER, 20, 100, 0.03) is Tone.MISSED


def test_one_case_short_is_never_missed():
    assert tone(HIGHER, 9999, 10000, 1.0) is Tone.NEAR
    assert tone(HIGHER, 9998, 10000, 1.0) is Tone.MISSED
    assert tone(LOWER, 1, 10000, 0.0) is Tone.NEAR


def test_without_an_interval_nothing_is_missed():
    unknown = np.array([math.nan])
    assert tones(np.array([50.0]), np.array([0.9]), unknown, unknown) == [Tone.NEAR]


@given(st.integers(1, 3000), st.data())
@settings(deadline=None)
def test_the_interval_is_wilsons(denominator, data):
    numerator = data.draw(st.integers(0, denominator))
    low, high = wilson(np.array([float(numerator)]), np.array([float(denominator)]))
    expected = binomtest(numerator, denominator).proportion_ci(method="wilson")
    assert low[0] == pytest.approx(expected.low, abs=1e-12)
    assert high[0] == pytest.approx(expected.high, abs=1e-12)


def test_no_cases_have_no_interval():
    low, high = wilson(np.array([0.0]), np.array([0.0]))
    assert math.isnan(low[0])
    assert math.isnan(high[0])
