import numpy as np
import pytest

from metrics.long_periods import pieces_of, told_by_pieces
from metrics.period import parse_period
from metrics.result import Status
from tests.test_metrics.making import COMPANY
from tests.test_metrics.protected import branch, result, suppress

YEAR = parse_period("2025")
HALF = parse_period("2025H1")
QUARTERS = tuple(parse_period(f"2025Q{number}") for number in (1, 2, 3, 4))


def told(part, *counts_by_quarter):
    """The units whose part tells, for each quarter's counts of the company's branches."""
    groups = [COMPANY, *(branch(number) for number in range(1, len(counts_by_quarter[0]) + 1))]
    short = [
        result(group, quarter, count)
        for quarter, counts in zip(QUARTERS, counts_by_quarter, strict=True)
        for group, count in zip(groups, (sum(counts), *counts), strict=True)
    ]
    after = {(each.group.unit_id, each.period): each.status for each in suppress(short)}
    units = [group.unit_id for group in groups]
    statuses = [[after[unit, piece] for piece in pieces_of(part)] for unit in units]
    hidden, empty = (
        np.array([[each is one for each in row] for row in statuses]) for one in (Status.HIDDEN, Status.NO_DATA)
    )
    return {unit for unit, tells in zip(units, told_by_pieces(part, hidden, empty), strict=True) if tells}


@pytest.mark.parametrize(
    ("part", "pieces"),
    [
        ("2025", ["2025Q1", "2025Q2", "2025Q3", "2025Q4"]),
        ("2025H2", ["2025Q3", "2025Q4"]),
        ("2025-02-01..2025-06-30", ["2025-02", "2025-03", "2025Q2"]),
        ("2025-03-01..2025-04-30", ["2025-03", "2025-04"]),
        ("2025-01-01..2025-02-28", ["2025-01", "2025-02"]),
        ("2025-07-01..2025-09-30", ["2025Q3"]),
        ("2025-07-01..2025-07-31", ["2025-07"]),
        ("2025Q3", []),
        ("2025-07", []),
        ("2025-07A", []),
        ("2025-01-01..2025-06-15", []),
    ],
)
def test_a_part_is_made_of_whole_quarters_and_the_months_left(part, pieces):
    assert [piece.name for piece in pieces_of(parse_period(part))] == pieces


def test_a_year_with_a_hidden_quarter_beside_visible_ones_tells():
    assert told(YEAR, (20, 30, 40), (20, 30, 40), (3, 30, 40), (20, 30, 40)) == {"B1", "B2"}
    assert told(YEAR, (6, 30, 40), (6, 30, 40), (20, 30, 40), (20, 30, 40)) == {"B1", "B2"}


def test_a_year_with_a_quarter_of_nobody_tells_like_one_with_a_few():
    assert told(YEAR, (0, 30, 40), (20, 30, 40), (20, 30, 40), (20, 30, 40)) == {"B1", "B2"}


def test_a_year_without_any_visible_quarter_tells_nothing():
    assert told(YEAR, *[(6, 30, 40)] * 4) == set()


def test_a_half_without_any_visible_quarter_tells():
    assert told(HALF, *[(6, 30, 40)] * 4) == {"B1", "B2"}


def test_a_year_without_hidden_quarters_tells_nothing():
    assert told(YEAR, *[(20, 30, 40)] * 4) == set()


def test_quarters_before_the_data_are_no_secret():
    assert told(YEAR, (0, 0), (0, 0), (20, 30), (20, 30)) == set()
    assert told(YEAR, (0, 0), (0, 0), (6, 30), (6, 30)) == set()


def test_a_year_of_one_hidden_quarter_is_that_quarter():
    assert told(YEAR, (0, 0), (0, 0), (0, 0), (6, 30)) == {"B1", "B2"}


def test_a_year_that_tells_is_not_given_away_by_the_other_branches():
    years = [
        result(COMPANY, YEAR, 400),
        *(result(branch(number), YEAR, count) for number, count in ((1, 100), (2, 300))),
    ]
    after = suppress(years, telling=frozenset({("B1", YEAR)}))
    assert [each.status for each in after] == [Status.OK, Status.HIDDEN, Status.HIDDEN]
