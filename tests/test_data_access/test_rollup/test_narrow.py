"""Columns of whole numbers come out of their bytes as they went in, each as narrow as it can be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from data_access.rollup.narrow import Columns, narrowed, packed, unpacked

NUMBERS = st.one_of(st.integers(-130, 130), st.integers(-33_000, 33_000), st.integers(-(1 << 31), (1 << 31) - 1))
COLUMNS = 5
MATRICES = st.integers(0, 30).flatmap(lambda rows: arrays(np.int32, (COLUMNS, rows), elements=NUMBERS))


def lines(columns: Columns) -> list[list[int]]:
    return [column.tolist() for column in columns]


@given(matrix=MATRICES)
def test_what_was_packed_comes_out_again(matrix: np.ndarray) -> None:
    again = unpacked(packed(narrowed(matrix)), *matrix.shape)
    assert lines(again) == matrix.tolist()
    assert again.rows == matrix.shape[1]


@pytest.mark.parametrize(
    ("number", "width"), [(127, 1), (128, 2), (-128, 1), (-129, 2), (32_767, 2), (32_768, 4), (-32_769, 4)]
)
def test_a_column_is_as_wide_as_its_largest_number(number: int, width: int) -> None:
    columns = narrowed(np.array([[1, 2], [number, 0]]))
    assert columns.widths == bytes([1, width])
    assert columns.nbytes == 2 + 2 * width
    assert columns[1].itemsize == width


@given(matrix=MATRICES, data=st.data())
def test_rows_are_picked_from_all_columns(matrix: np.ndarray, data: st.DataObject) -> None:
    columns, rows = narrowed(matrix), matrix.shape[1]
    first, end = sorted(data.draw(st.tuples(st.integers(0, rows), st.integers(0, rows))))
    assert lines(columns.part(first, end)) == matrix[:, first:end].tolist()
    order = np.array(data.draw(st.permutations(range(rows))), dtype=np.int64)
    assert lines(columns.take(order)) == matrix[:, order].tolist()
