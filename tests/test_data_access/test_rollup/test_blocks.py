"""Blocks hold the sums that were cut into them, are read as they were written, and are kept while there is room."""

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, func, select, update

from data_access.counters import count_rows
from data_access.engine import begin, connect
from data_access.hierarchy import read_hierarchy
from data_access.question import Question
from data_access.rollup.block import BY_DATE, BY_TOPIC, Block, cut
from data_access.rollup.block_cache import BlockCache
from data_access.rollup.block_reader import RollupsReplacedError, read_slabs
from data_access.rollup.check import check_rollups
from data_access.rollup.narrow import narrowed, packed, unpacked
from data_access.rollup.refresh import refresh
from data_access.rollup.state import read_ready, read_state
from data_access.rollup.sums import Packing, Sums, added_up
from data_access.rollup_tables import case_blocks, rollup_partitions
from data_access.scope import Scope
from data_access.version import data_version
from metrics.counts import Fact
from metrics.period import parse_period
from sample_data import make
from sample_data.make import built_in_rules

RULES = built_in_rules()
MORNING = datetime(2026, 11, 5, 1, tzinfo=UTC)


@pytest.fixture
def company(engine: Engine) -> Engine:
    make(engine, "small", 1, date(2026, 11, 5), 700)
    refresh(engine, RULES, now=MORNING)
    return engine


@given(rows=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(1, 9)), max_size=30))
def test_every_row_lies_in_the_block_of_its_anchor_and_day(rows: list[tuple[int, int, int]]) -> None:
    packing = Packing({"unit": 5, "segment": 4, "moment": 1, "view": 1, "first": 1, "second": 1})
    unit, day, count = (
        (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
        if rows
        else [np.empty(0, dtype=np.int64)] * 3
    )
    nothing = np.zeros(len(unit), dtype=np.int64)
    keys = packing.pack(
        {"unit": unit, "segment": day, "moment": nothing, "view": nothing, "first": nothing, "second": nothing}
    )
    sums = added_up(packing, BY_TOPIC.counts, keys, np.column_stack([count] * len(BY_TOPIC.counts)))
    blocks = list(cut(BY_TOPIC, sums, sums.parts["unit"] % 2, sums.parts["segment"]))
    assert len({(block.anchor, block.day) for block in blocks}) == len(blocks)
    assert _told(blocks) == _summed(sums)


def _told(blocks: list[Block]) -> dict[tuple[int, int, int], int]:
    unit, received = BY_TOPIC.places["unit"], BY_TOPIC.places["received"]
    return {
        (block.anchor, block.day, int(column[unit])): int(column[received])
        for block in blocks
        for column in np.array([*block.columns]).T
    }


def _summed(sums: Sums) -> dict[tuple[int, int, int], int]:
    units, days = sums.parts["unit"].tolist(), sums.parts["segment"].tolist()
    return {(unit % 2, day, unit): int(counts[0]) for unit, day, counts in zip(units, days, sums.counts, strict=True)}


def test_the_cache_keeps_what_was_asked_for_last() -> None:
    cache, size = BlockCache(most_bytes=100), (narrowed(np.zeros((1, 40), dtype=np.int64)),)
    cache.put("first", size)
    cache.put("second", size)
    assert cache.get("first") is size
    cache.put("third", size)
    assert cache.get("second") is None
    assert cache.get("first") is size
    assert cache.get("third") is size
    cache.clear()
    assert cache.get("first") is None


def test_a_slab_is_read_once_and_then_kept(company: Engine) -> None:
    cache = BlockCache()
    with connect(company) as connection:
        state = read_state(connection)
        assert state is not None
        day = connection.execute(
            select(case_blocks.c.segment).where(case_blocks.c.kind == BY_DATE.name).limit(1)
        ).scalar_one()
        asked = (BY_DATE, "company", (day,), ("unit", "slot", "received"))
        (first,) = read_slabs(connection, state.stamp, *asked, cache=cache)
        assert len(first.segments) > 0
        connection.rollback()
    with begin(company) as connection:
        connection.execute(update(case_blocks).values(data=b""))
        (again,) = read_slabs(connection, state.stamp, *asked, cache=cache)
        assert all((again.columns[name] == column).all() for name, column in first.columns.items())
        connection.rollback()


def test_one_wrong_count_in_a_block_is_found(company: Engine) -> None:
    with begin(company) as connection:
        held = case_blocks.c
        chosen = (held.kind == BY_DATE.name, held.grain == "company")
        row = connection.execute(select(case_blocks).where(*chosen).order_by(held.segment).limit(1)).one()
        matrix = np.array([*unpacked(row.data, len(BY_DATE.places), row.rows)])
        matrix[BY_DATE.places["received"], 0] += 1
        same = (*chosen, held.segment == row.segment, held.partition == row.partition)
        connection.execute(update(case_blocks).where(*same).values(data=packed(narrowed(matrix))))
    found = check_rollups(company, RULES, lambda _done, _steps: None)
    assert found is not None
    assert {each.table: each.rows for each in found if each.rows} == {BY_DATE.name: 1}


def test_blocks_of_another_refresh_are_not_mixed_with_what_was_asked(company: Engine) -> None:
    with connect(company) as connection:
        day = connection.execute(select(func.min(case_blocks.c.segment))).scalar_one()
        with pytest.raises(RollupsReplacedError):
            next(read_slabs(connection, "gone", BY_DATE, "company", (day,), ("received",), cache=BlockCache()))


def test_rollups_replaced_meanwhile_are_read_anew(company: Engine) -> None:
    with connect(company) as connection:
        hierarchy = read_hierarchy(connection)
        ready = read_ready(connection, hierarchy, RULES)
        assert ready is not None
        (month,) = parse_period("2026-09").months()
        question = Question((month,), max(ready.grid.settlements), Scope("someone"), RULES)
        wanted = {Fact.CASES_RECEIVED: question}
        expected = count_rows(connection, hierarchy, wanted)[Fact.CASES_RECEIVED].columns["received"].sum()
        gone = replace(ready, stamp="of a refresh that is gone")
        found = count_rows(connection, hierarchy, wanted, gone)[Fact.CASES_RECEIVED]
    assert expected > 0
    assert found.columns["received"].sum() == expected


def test_what_a_crash_emptied_is_not_remembered(company: Engine) -> None:
    cache = BlockCache()
    with begin(company) as connection:
        state = read_state(connection)
        assert state is not None
        day = connection.execute(select(func.min(case_blocks.c.segment))).scalar_one()
        before = data_version(connection)
        connection.execute(delete(case_blocks))
        connection.execute(delete(rollup_partitions))
        (empty,) = read_slabs(connection, state.stamp, BY_DATE, "company", (day,), ("received",), cache=cache)
        assert len(empty.segments) == 0
        assert cache.get((state.stamp, BY_DATE.name, "company", None, day)) is None
        assert data_version(connection) != before
        connection.rollback()
