"""Which units of a tree are hidden: the same as by going through the totals one by one."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.unit_tree import TOP, UnitTree
from tests.reference import unit_tree as reference

MINIMUM = 10


@st.composite
def trees(draw):
    """Parents (a later unit is below an earlier one, shuffled), own counts by column, and units hidden already."""
    size = draw(st.integers(1, 30))
    deep = draw(st.booleans())
    parents = [
        TOP,
        *(draw(st.integers(TOP if deep else 0, place if deep else min(place, 3))) for place in range(size - 1)),
    ]
    order = draw(st.permutations(range(size)))
    columns = draw(st.integers(1, 3))
    few = st.one_of(st.integers(0, 4), st.integers(0, 12), st.just(0), st.integers(8, 60))
    own = np.array([[draw(few) for _ in range(columns)] for _ in range(size)], dtype=float)
    already = np.array([draw(st.integers(0, 9)) == 0 for _ in range(size)])
    counts = totals(parents, own, gaps=draw(st.sampled_from((0, 0, 1))))
    shuffled = np.array([TOP if parents[one] == TOP else order.index(parents[one]) for one in order], dtype=np.int64)
    return shuffled, counts[list(order)], already[list(order)]


def totals(parents, own, gaps):
    """What each unit has with all below it; with ``gaps`` the totals of a column hold less than their members."""
    counts = own.copy()
    for place in reversed(range(len(parents))):
        if parents[place] != TOP:
            counts[parents[place]] += counts[place]
    counts[:, :gaps] = own[:, :gaps]
    return counts


@given(trees())
@settings(deadline=None, max_examples=1500)
def test_the_same_units_are_hidden_as_one_by_one(drawn) -> None:
    parents, counts, already = drawn
    small = already | (counts < MINIMUM).any(axis=1)
    expected = reference.UnitTree(tuple(parents.tolist())).hidden(counts, small, MINIMUM)
    assert UnitTree(parents).hidden(counts, small, MINIMUM).tolist() == expected.tolist()


def test_what_is_asked_for_stays_as_it_was() -> None:
    parents, counts = np.array([TOP, 0, 0]), np.array([[40.0], [20.0], [20.0]])
    small = np.array([False, True, False])
    assert UnitTree(parents).hidden(counts, small, MINIMUM).tolist() == [False, True, True]
    assert small.tolist() == [False, True, False]


def test_units_in_a_circle_are_hidden_only_by_themselves() -> None:
    parents, counts = np.array([TOP, 2, 1]), np.array([[40.0], [4.0], [20.0]])
    assert UnitTree(parents).hidden(counts, counts[:, 0] < MINIMUM, MINIMUM).tolist() == [False, True, False]
