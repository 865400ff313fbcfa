"""The clock's arithmetic on arrays is that of the calendar on single days."""

from datetime import date, datetime, timedelta

import numpy as np
import pytest

from metrics.deadlines import DeadlineRule, Limit
from metrics.working_time import statutory_schedule
from sample_data.chance import as_texts, stream
from sample_data.clock import WorkingClock, deadlines
from sample_data.structure import share_out
from sample_data.world import World
from tests.test_sample_data.worlds import world_of

FIRST, LAST = date(2025, 1, 1), date(2026, 12, 31)


@pytest.fixture(scope="module")
def clock() -> WorkingClock:
    return WorkingClock(FIRST, LAST, statutory_schedule().is_working)


def _days() -> np.ndarray:
    return np.arange(np.datetime64("2025-01-20"), np.datetime64("2026-11-01")).astype("datetime64[s]")


def test_working_days_are_counted_as_the_schedule_counts_them(clock: WorkingClock):
    schedule, times = statutory_schedule(), _days() + np.timedelta64(13, "h")
    by_schedule = [schedule.working_index(day) for day in times.astype("datetime64[D]").astype(object)]
    assert np.array_equal(np.diff(clock.index(times)), np.diff(by_schedule))
    assert list(clock.is_working(times)) == [schedule.is_working(t.date()) for t in times.astype(object)]


@pytest.mark.parametrize("allowed", [1, 3, 7, 15])
def test_a_limit_in_working_days_ends_with_the_last_of_them(clock: WorkingClock, allowed: int):
    schedule, times = statutory_schedule(), _days() + np.timedelta64(9, "h")
    expected = [
        datetime.combine(schedule.add_working_days(t.date(), allowed) + timedelta(days=1), datetime.min.time())
        for t in times.astype(object)
    ]
    assert clock.due(times, Limit(working_days=allowed)).astype(object).tolist() == expected


def test_a_limit_in_hours_runs_by_the_clock(clock: WorkingClock):
    night = np.array(["2026-02-16T23:30:00"], dtype="datetime64[s]")
    assert clock.due(night, Limit(hours=2))[0] == np.datetime64("2026-02-17T01:30:00")


def test_no_working_days_later_is_the_same_day_even_on_a_holiday(clock: WorkingClock):
    festival = np.array(["2026-02-17T10:00:00"], dtype="datetime64[s]")
    assert clock.later(festival, np.array([0]))[0] == np.datetime64("2026-02-17")
    assert clock.later(festival, np.array([1]))[0] == np.datetime64("2026-02-24")


def test_the_rule_in_force_at_receipt_gives_the_deadline(clock: WorkingClock):
    limit = Limit(hours=1)
    old = DeadlineRule("A", date(2000, 1, 1), limit, Limit(hours=10))
    new = DeadlineRule("A", date(2026, 3, 1), limit, Limit(hours=20))
    received = np.array(["2026-02-28T23:00:00", "2026-03-01T00:00:00", "2026-03-02T00:00:00"], dtype="datetime64[s]")
    response, resolution = deadlines(clock, (new, old), as_texts(["A", "A", None]), received)
    assert list((resolution - received)[:2].astype(int)) == [36_000, 72_000]
    assert np.isnat(response[2])
    assert np.isnat(resolution[2])


def test_shares_are_whole_and_add_up():
    assert share_out(10, [1.0, 1.0, 1.0]) == [4, 3, 3]
    assert sum(share_out(8_222, [0.3, 1.7, 2.2, 0.01])) == 8_222


def test_topics_have_streams_of_their_own():
    one, same, other = stream(1, "a"), stream(1, "a"), stream(1, "b")
    drawn = one.random()
    assert drawn == same.random()
    assert drawn != other.random()


@pytest.mark.parametrize("company", ["small", "changping", "xingtai"])
def test_no_branch_plays_two_parts_and_names_are_unique(company: str):
    world: World = world_of(company)
    parts = world.structure.parts
    branches = [
        parts.hard_cases,
        parts.lost_sponsors,
        parts.silent_groups,
        parts.records_nothing,
        parts.fluctuation,
        parts.moved_from,
        parts.moved_to,
    ]
    assert len(set(branches)) == len(branches)
    assert len({parts.too_small, parts.moved, parts.merged, parts.merged_into}) == 4
    names = [unit.name for unit in world.structure.units]
    assert len(set(names)) == len(names)


def test_an_unknown_unit_is_a_key_error():
    with pytest.raises(KeyError):
        world_of("small").structure.unit("nobody")
