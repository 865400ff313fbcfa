"""Keys packed into numbers, sums by key, and instants sorted between boundaries."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.rollup.staircase import QUARTER, Staircase
from data_access.rollup.sums import Packing, added_up, joined, side_by_side

PACKING = Packing({"unit": 7, "moment": 5, "view": 2})
PARTS = st.tuples(st.integers(0, 6), st.integers(0, 4), st.integers(0, 1))
LINES = st.lists(st.tuples(PARTS, st.integers(-2, 2), st.integers(0, 2)), max_size=30)


def keys_of(parts: list[tuple[int, int, int]]) -> np.ndarray:
    columns = np.array(parts, dtype=np.int64).reshape(-1, 3).T
    return PACKING.pack(dict(zip(PACKING.sizes, columns, strict=True)))


def plain_sums(lines) -> dict[tuple[int, ...], tuple[int, ...]]:
    found: dict[tuple[int, ...], Counter[int]] = {}
    for parts, one, other in lines:
        found.setdefault(parts, Counter()).update({0: one, 1: other})
    return {parts: (each[0], each[1]) for parts, each in found.items() if each[0] or each[1]}


def as_dict(sums) -> dict[tuple[int, ...], tuple[int, ...]]:
    parts = zip(*(sums.parts[name].tolist() for name in PACKING.sizes), strict=True)
    return dict(zip(parts, map(tuple, sums.counts.tolist()), strict=True))


def sums_of(lines, names=("one", "other")):
    counts = np.array([line[1:] for line in lines], dtype=np.int8).reshape(-1, 2)
    return added_up(PACKING, names, keys_of([line[0] for line in lines]), counts)


@given(st.lists(PARTS, min_size=1))
def test_a_key_comes_apart_into_what_it_was_packed_of(parts) -> None:
    unpacked = PACKING.unpack(keys_of(parts))
    assert list(zip(*(unpacked[name].tolist() for name in PACKING.sizes), strict=True)) == parts


def test_parts_packed_apart_add_up_to_the_key() -> None:
    unit, view = np.array([3]), np.array([1])
    whole = PACKING.pack({"unit": unit, "moment": np.array([0]), "view": view})
    assert PACKING.pack({"unit": unit}) + PACKING.pack({"view": view}) == whole


def test_too_many_keys_are_refused() -> None:
    with pytest.raises(OverflowError):
        Packing({"unit": 1 << 40, "moment": 1 << 30})


@given(LINES, LINES)
def test_sums_are_those_of_plain_counting(some, others) -> None:
    assert as_dict(sums_of(some)) == plain_sums(some)
    assert as_dict(joined(PACKING, ("one", "other"), [sums_of(some), sums_of(others)])) == plain_sums(some + others)


@given(LINES, LINES)
def test_facts_lie_side_by_side_and_add_up_within_one(some, others) -> None:
    names = ("one", "other", "third", "fourth")
    found = side_by_side(PACKING, names, [sums_of(some), sums_of(others, names[2:]), sums_of(some)])
    doubled, plain = plain_sums(some + some), plain_sums(others)
    expected = {key: doubled.get(key, (0, 0)) + plain.get(key, (0, 0)) for key in doubled | plain}
    assert as_dict(found) == expected


@given(
    st.lists(st.integers(-400, 400), unique=True).map(sorted),
    st.lists(st.integers(-410, 410), min_size=1),
    st.sampled_from([QUARTER, QUARTER - 1]),
    st.sampled_from([-1, 0, 1]),
)
def test_a_table_says_what_a_search_says(boundaries, at, unit, aside) -> None:
    steps, asked = np.array(boundaries, dtype=np.int64) * unit, np.array(at, dtype=np.int64) * unit + aside
    stairs = Staircase(steps)
    assert stairs.reached(asked).tolist() == np.searchsorted(steps, asked, side="right").tolist()
    assert stairs.passed(asked).tolist() == np.searchsorted(steps, asked, side="left").tolist()
