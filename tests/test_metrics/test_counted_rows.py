"""Rows in codes say what the frame says from which they were made."""

from datetime import date

import numpy as np
import pandas as pd

from metrics.counted_rows import CountedRows, in_codes, one_after_the_other
from metrics.counts import KEY

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
TEAM, OTHER = ("C", None, "B1", "T1"), ("C", None, "B2", None)


def rows() -> CountedRows:
    return CountedRows(
        lineages=[TEAM, OTHER],
        lineage=np.array([0, 1, 0]),
        parts=[JANUARY, FEBRUARY],
        part=np.array([0, 0, 1]),
        columns={"grade": np.array(["A", None, "B"], dtype=object), "received": np.array([1, 2, 3])},
    )


def test_a_frame_has_the_keys_of_each_row() -> None:
    frame = rows().frame()
    assert list(frame.columns) == [*KEY, "grade", "received"]
    assert frame["team_id"].tolist() == ["T1", None, "T1"]
    assert frame["part"].tolist() == [JANUARY, JANUARY, FEBRUARY]
    assert frame["grade"].tolist() == ["A", None, "B"]
    assert frame["received"].tolist() == [1, 2, 3]


def test_a_frame_in_codes_is_the_same_frame() -> None:
    pd.testing.assert_frame_equal(in_codes(rows().frame()).frame(), rows().frame())


def test_a_frame_without_rows_has_none_in_codes() -> None:
    empty = in_codes(rows().frame().iloc[:0])
    assert len(empty) == 0
    assert list(empty.frame().columns) == [*KEY, "grade", "received"]


def test_some_rows_keep_what_is_theirs() -> None:
    some = rows().only(np.array([True, False, True]))
    assert some.frame()["received"].tolist() == [1, 3]
    assert some.of_unit("branch", "B1").tolist() == [True, True]
    assert rows().of_unit("branch", "B2").tolist() == [False, True, False]


def test_rows_after_others_keep_their_own_lineages_and_parts() -> None:
    both = one_after_the_other([rows(), rows().only(np.array([2]))])
    assert both.frame()["received"].tolist() == [1, 2, 3, 3]
    assert both.frame()["team_id"].tolist() == ["T1", None, "T1", "T1"]
    assert both.frame()["part"].tolist() == [JANUARY, JANUARY, FEBRUARY, FEBRUARY]
