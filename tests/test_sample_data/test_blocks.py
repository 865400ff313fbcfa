"""A large company is told in blocks: as one that is told at once, in any memory, on any database."""

from collections.abc import Iterator
from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from sqlalchemy import Engine, select

from data_access.engine import connect
from data_access.tables import case_events, cases
from sample_data import blocks, make, writing
from sample_data.bad_rows import BAD_ROWS
from sample_data.cases import cases_and_events
from sample_data.companies import COMPANIES
from sample_data.dates import story_dates
from tests.test_sample_data.test_cases import bad_cases
from tests.test_sample_data.worlds import UNTIL, frames, world_of

WORLD = world_of("changping")


@pytest.fixture(scope="module")
def small_blocks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "CASES_A_BLOCK", 3_000)
        yield


@pytest.fixture(scope="module")
def told(small_blocks: None) -> dict[str, pd.DataFrame]:
    return frames(WORLD)


@pytest.mark.parametrize(("size", "count"), [(500, 1), (100_000, 1), (100_001, 2), (1_000_000, 10)])
def test_the_blocks_share_all_days_and_cases(size: int, count: int):
    told = blocks.blocks(WORLD, size)
    days = np.concatenate([block.days for block in told])
    assert len(told) == count
    assert sum(block.size for block in told) == size
    assert max(block.size for block in told) < 1.1 * size / count
    assert np.array_equal(days, np.arange(WORLD.dates.first_day, WORLD.dates.until, dtype="datetime64[D]"))


def test_more_blocks_than_days_are_one_a_day(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(blocks, "CASES_A_BLOCK", 10)
    told = blocks.blocks(WORLD, 100_000)
    assert {len(block.days) for block in told} == {1}
    assert len(told) == (WORLD.dates.until - WORLD.dates.first_day).days


def test_each_block_draws_its_own_numbers():
    drawn = [block.stream("topic").random() for block in blocks.blocks(WORLD, 500_000)]
    assert len(set(drawn)) == len(drawn) == 5
    assert drawn[0] == WORLD.stream("topic").random()


def test_cases_are_in_order_of_receipt_and_numbered_once(told: dict[str, pd.DataFrame]):
    assert len(told["cases"]) == COMPANIES["changping"].cases
    assert told["cases"]["received_at"].is_monotonic_increasing
    assert told["cases"]["case_no"].is_unique


def test_events_are_numbered_through(told: dict[str, pd.DataFrame]):
    events = told["case_events"]
    assert list(events["id"]) == [f"JD{number:07d}" for number in range(1, len(events) + 1)]
    assert set(events["case_no"]) <= set(told["cases"]["case_no"])


def test_the_bad_rows_are_as_many_as_in_one_block(told: dict[str, pd.DataFrame]):
    found = {name: int(bad.sum()) for name, bad in bad_cases(told).items()}
    assert found == {name: count for name, count in asdict(BAD_ROWS).items() if name != "own_flag_differs"}


def test_the_small_team_has_two_cases_a_quarter(told: dict[str, pd.DataFrame]):
    theirs = told["cases"][told["cases"]["responsible_unit_id"] == WORLD.structure.parts.too_small]
    quarters = theirs["received_at"].dt.to_period("Q").value_counts()
    assert set(quarters) == {2}
    assert len(quarters) == len(WORLD.dates.months[::3])


def test_the_hard_cases_are_as_many_in_each_quarter(told: dict[str, pd.DataFrame]):
    branch_id = WORLD.structure.parts.hard_cases
    units = {branch_id, *(team.id for team in WORLD.structure.teams_of(branch_id))}
    theirs = told["cases"][told["cases"]["responsible_unit_id"].isin(units)]
    # The cases of the quarter that has only begun are all open still.
    long_open = ~((theirs["first_resolved_at"] - theirs["received_at"]) < pd.Timedelta(days=35))
    shares = long_open.groupby(theirs["received_at"].dt.to_period("Q")).mean()
    assert shares[:-1].between(0.35, 0.45).all()


def test_the_same_company_is_told_again(small_blocks: None, told: dict[str, pd.DataFrame]):
    again = frames(WORLD)
    for name, frame in told.items():
        assert_frame_equal(frame, again[name])


def test_the_database_holds_the_blocks_however_they_are_cut_for_writing(
    small_blocks: None, engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(writing, "CHUNK", 700)
    make(engine, "small", 1, UNTIL, 7_000)
    told = frames(world_of("small"), 7_000)
    with connect(engine) as connection:
        for table, key in ((cases, "case_no"), (case_events, "id")):
            stored = connection.execute(select(table.c[key]).order_by(table.c[key])).scalars().all()
            assert stored == sorted(told[table.name][key])
        received = connection.execute(select(cases.c.received_at).order_by(cases.c.case_no)).scalars().all()
    by_number = told["cases"].sort_values("case_no")["received_at"].dt.tz_localize(WORLD.rules.time_zone)
    assert received == list(by_number)


def test_the_group_is_large_and_long():
    world, plan = world_of("group"), COMPANIES["group"]
    structure = world.structure
    assert [len(structure.of_kind(kind)) for kind in ("department", "branch", "team")] == [15, 60, 3_000]
    assert {len(structure.teams_of(branch.id)) for branch in structure.of_kind("branch")} == {49, 50, 51}
    assert len({unit.name for unit in structure.units}) == len({unit.id for unit in structure.units}) == 3_076
    assert plan.cases == 1_000_000
    assert len(story_dates(UNTIL, plan.years).months) > 60


def test_the_group_s_fluctuating_branch_is_always_like_that():
    world = world_of("group")
    rows = pd.concat([told for told, _ in cases_and_events(world, 150_000)])
    branch_id = world.structure.parts.fluctuation
    units = {branch_id, *(team.id for team in world.structure.teams_of(branch_id))}
    flagged = rows[rows["responsible_unit_id"].isin(units) & rows["sla_met"].notna()]
    late = ~flagged["sla_met"].astype(bool)
    lately = flagged["received_at"] >= pd.Timestamp(world.dates.improved_quarter.start)
    assert late[~lately].mean() == pytest.approx(world.plan.fluctuation[0], abs=0.02)
    assert late[lately].mean() == pytest.approx(world.plan.fluctuation[1], abs=0.03)


def test_the_group_s_fluctuation_is_one_even_among_ten_million_cases():
    world = world_of("group")
    before, now = world.plan.fluctuation
    cases_a_quarter = 10_000_000 / len(world.dates.months) * 3 / world.plan.branch_count
    spread = np.sqrt((before * (1 - before) + now * (1 - now)) / cases_a_quarter)
    assert 0 < now - before < 1.96 * spread
