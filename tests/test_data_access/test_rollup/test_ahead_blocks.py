"""What lies ahead, packed: no row, instant or count gets lost, and a block says when its first row counts."""

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from data_access.rollup.ahead_blocks import INSTANT, KEYS, cut_ahead, instants_of, lines_of
from data_access.rollup.block import packed, unpacked
from data_access.rollup.partition import Ahead
from data_access.rollup.rows import microseconds
from data_access.rollup.sums import Packing, added_up
from metrics.counts import FACTS, Fact

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
        matrix = unpacked(packed(block.matrix), len(lines), block.matrix.shape[1])
        instants = instants_of(matrix, lines)
        assert microseconds(block.counts_from) == instants.min()
        assert len(set(matrix[lines.index(INSTANT[0])].tolist())) == 1
        kept = np.vstack([matrix[: len(KEYS)], instants, matrix[len(KEYS) + len(INSTANT) :]])
        found += [tuple(row) for row in kept.T.tolist()]
    parts = ahead.sums.parts
    keys = [parts[part].tolist() for part in KEYS.values()]
    expected = zip(*keys, ahead.instants[parts["moment"]].tolist(), *ahead.sums.counts.T.tolist(), strict=True)
    assert sorted(found) == sorted(expected)
