"""What lies ahead, packed: no row, instant or count gets lost, and a block says when its first row counts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select, update

from data_access.engine import begin, connect
from data_access.hierarchy import read_hierarchy
from data_access.rollup.ahead import read_ahead
from data_access.rollup.ahead_blocks import INSTANT, KEYS, cut_ahead, earliest, instants_of, lines_of
from data_access.rollup.block import UNIT
from data_access.rollup.block_reader import RollupsReplacedError
from data_access.rollup.check import check_rollups
from data_access.rollup.narrow import packed, unpacked
from data_access.rollup.partition import Ahead
from data_access.rollup.refresh import refresh
from data_access.rollup.rows import microseconds
from data_access.rollup.state import read_ready
from data_access.rollup.sums import Packing, added_up
from data_access.rollup_tables import case_counts_ahead
from metrics.counts import FACTS, Fact
from sample_data import make
from sample_data.make import built_in_rules

RULES = built_in_rules()
MORNING = datetime(2026, 11, 5, 1, tzinfo=UTC)
EARLIER = MORNING - timedelta(days=90)
FACT = Fact.CASES_FED_BACK
SIZES = {"unit": 9, "segment": 40, "moment": 50, "view": 2, "first": 8, "second": 8, "third": 4}
COUNTS = len(FACTS[FACT].counts)
INSTANTS = st.datetimes(datetime(1900, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC))


@st.composite
def rows_ahead(draw):
    """Rows of a fact that count from instants on: some of the same day, some ages away."""
    instants = draw(st.lists(INSTANTS, max_size=50, unique=True))
    near = [instants[0] + timedelta(microseconds=step) for step in (1, 999_999, 86_399_000_000)] if instants else []
    distinct = np.array(sorted({microseconds(each) for each in (*instants, *near)})[:50], dtype=np.int64)
    count = draw(st.integers(0, 3 * len(distinct)))
    sizes = SIZES | {"moment": max(1, len(distinct))}
    keys = {name: np.array([draw(st.integers(0, size - 1)) for _ in range(count)]) for name, size in sizes.items()}
    counts = np.array([draw(st.integers(-3, 3)) for _ in range(count * COUNTS)]).reshape(count, COUNTS)
    packing = Packing(sizes)
    packed_keys = packing.pack(keys) if count else np.empty(0, dtype=np.int64)
    return Ahead(FACT, added_up(packing, FACTS[FACT].counts, packed_keys, counts), distinct)


@given(rows_ahead())
def test_nothing_gets_lost(ahead: Ahead) -> None:
    lines = lines_of(FACT)
    found = []
    for block in cut_ahead(ahead):
        columns = unpacked(packed(block.columns), len(lines), block.columns.rows)
        instants = instants_of(columns, lines)
        assert microseconds(block.counts_from) == instants.min()
        assert len(set(columns[lines.index(INSTANT[0])].tolist())) == 1
        keys, counts = [*columns][: len(KEYS)], [*columns][len(KEYS) + len(INSTANT) :]
        kept = np.vstack([*keys, instants, *counts])
        found += [tuple(row) for row in kept.T.tolist()]
    parts = ahead.sums.parts
    keys = [parts[part].tolist() for part in KEYS.values()]
    expected = zip(*keys, ahead.instants[parts["moment"]].tolist(), *ahead.sums.counts.T.tolist(), strict=True)
    assert sorted(found) == sorted(expected)


def test_a_year_that_python_does_not_know_is_no_reason_to_stop() -> None:
    last = datetime.max.replace(tzinfo=UTC)
    assert earliest(np.array([microseconds(last) + 5 * 3600 * 10**6])) == last


@pytest.fixture
def company(engine: Engine) -> Engine:
    make(engine, "small", 1, date(2026, 11, 5), 700)
    refresh(engine, RULES, now=MORNING)
    return engine


def test_numbers_of_another_refresh_are_not_taken_for_ours(company: Engine) -> None:
    with connect(company) as connection:
        ready = read_ready(connection, read_hierarchy(connection), RULES)
        assert ready is not None
        segments, later = [segment.start for segment in ready.grid.segments], MORNING + timedelta(days=90)
        names = (UNIT, "response_due", "first_resolved")
        assert len(read_ahead(connection, ready, later, segments, names).segments) > 0
        assert len(read_ahead(connection, ready, MORNING, segments, names).segments) == 0
        for stamp_and_grid in ({"stamp": "gone"}, {"stamp": "gone", "grid": replace(ready.grid, known_until=EARLIER)}):
            with pytest.raises(RollupsReplacedError):
                read_ahead(connection, replace(ready, **stamp_and_grid), later, segments, names)


@pytest.mark.parametrize(
    "wrong",
    [{"counts_from": datetime(2400, 1, 1, tzinfo=UTC)}, {"partition": date(2400, 1, 1)}],
    ids=["instant", "month"],
)
def test_a_block_that_would_not_be_found_is_a_difference(company: Engine, wrong: dict[str, object]) -> None:
    table = case_counts_ahead
    with begin(company) as connection:
        chosen = connection.execute(select(table).order_by(table.c.fact, table.c.counts_from).limit(1)).one()
        same = (table.c[name] == getattr(chosen, name) for name in ("fact", "partition", "counts_from", "data"))
        connection.execute(update(table).where(*same).values(**wrong))
    found = check_rollups(company, RULES, lambda _done, _steps: None)
    assert found is not None
    assert [each.table for each in found if each.rows] == [table.name]
