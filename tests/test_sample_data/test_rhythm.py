"""Appeals come in as they would in a mine."""

import numpy as np
import pandas as pd
import pytest

from sample_data.blocks import blocks
from sample_data.rhythm import receipts, spring_festivals
from tests.test_sample_data.worlds import UNTIL, world_of

SIZE = 200_000


@pytest.fixture(scope="module")
def received() -> pd.Series:
    told = blocks(world_of("small"), SIZE)
    drawn = [receipts(each.stream("test of rhythm"), each.days, each.weights, each.size) for each in told]
    return pd.Series(np.concatenate(drawn))


@pytest.fixture(scope="module")
def by_day(received: pd.Series) -> pd.Series:
    return received.dt.normalize().value_counts().sort_index()


def test_receipts_are_in_order_and_within_the_story(received: pd.Series):
    assert len(received) == SIZE
    assert received.is_monotonic_increasing
    assert received.max() < pd.Timestamp(UNTIL)


def test_weekends_are_quieter(by_day: pd.Series):
    plain = by_day[by_day.index.month.isin([5, 6, 7, 8])]
    mean = plain.groupby(plain.index.day_of_week).mean()
    assert mean[6] < mean[5] < 0.8 * mean[:5].mean()


def test_the_spring_festival_is_quiet_and_the_weeks_after_it_busy(by_day: pd.Series):
    for festival in spring_festivals(range(2025, 2027)):
        first = pd.Timestamp(festival)
        week = by_day[first : first + pd.Timedelta(days=5)].mean()
        after = by_day[first + pd.Timedelta(days=8) : first + pd.Timedelta(days=21)].mean()
        assert week < 0.4 * by_day.mean()
        assert after > 1.2 * by_day.mean()


def test_the_turn_of_the_year_and_the_month_s_end_are_busy(by_day: pd.Series):
    turn = by_day["2025-12-20":"2025-12-31"].mean()
    assert turn > 1.15 * by_day["2025-11-20":"2025-11-28"].mean()
    ends = by_day[by_day.index.is_month_end | (by_day.index + pd.Timedelta(days=1)).is_month_end]
    assert ends.mean() > 1.1 * by_day.mean()


def test_shift_changes_have_peaks_and_no_hour_is_silent(received: pd.Series):
    hours = received.dt.hour.value_counts().sort_index().to_numpy()
    assert len(hours) == 24
    assert hours[8] > 1.3 * hours[11]
    assert hours[16] > 1.2 * hours[13]
    assert hours[0] > 2 * hours[3]
    assert np.argmax(hours) == 8
