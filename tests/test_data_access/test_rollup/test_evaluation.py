"""Expressions over columns in memory: evaluated once, over as many rows as they depend on."""

import numpy as np
import pytest
from sqlalchemy import and_, case, func, literal, not_, or_

from data_access.counts.case_columns import flag
from data_access.rollup.expression import Compiler, UnknownOperationError
from data_access.rollup.rows import Rows, Values
from data_access.rollup.tally import AS_OF, SEEN
from data_access.tables import cases

WORDS = {"B": 0, "A": 1}


def some_rows() -> Rows:
    """Five cases: rated 4, unrated, 2, 5 and unrated; of grade A, B, none, A and B; received at 10, 20 … 50."""
    unrated = np.array([False, True, False, False, True])
    return Rows(
        5,
        {
            ("cases", "rating"): Values(np.array([4, 0, 2, 5, 0]), unrated),
            ("cases", "grade"): Values(np.array([1, 0, 0, 1, 0]), np.array([False, False, True, False, False]), WORDS),
            ("cases", "received_at"): Values(np.arange(10, 60, 10)),
        },
        local_day=lambda at: at,
    )


def evaluated(element, rows: Rows) -> list[object]:
    values = Compiler().compiled(element).of(rows)
    data, null = np.broadcast_to(values.data, (rows.size,)), values.null
    nulls = np.broadcast_to(False if null is None else null, (rows.size,))
    return [None if nothing else value for value, nothing in zip(data.tolist(), nulls, strict=True)]


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        (cases.c.rating > 3, [True, None, False, True, None]),
        (not_(cases.c.rating > 3), [False, None, True, False, None]),
        (cases.c.rating.is_(None), [False, True, False, False, True]),
        (and_(cases.c.rating > 3, cases.c.grade == "B"), [False, None, False, False, None]),
        (or_(cases.c.rating > 3, cases.c.grade == "B"), [True, True, None, True, True]),
        (cases.c.grade.in_(["A", "C"]), [True, False, None, True, False]),
        (cases.c.grade == "C", [False, False, None, False, False]),
        (func.coalesce(cases.c.grade, "A") == "A", [True, False, True, True, False]),
        (case((cases.c.rating > 3, cases.c.rating)), [4, None, None, 5, None]),
        (cases.c.rating.between(2, 4), [True, None, True, False, None]),
        (flag(cases.c.rating > 3), [1, 0, 0, 1, 0]),
        (literal(None) == cases.c.rating, [None] * 5),
    ],
)
def test_values_are_those_of_sql(element, expected: list[object]) -> None:
    assert evaluated(element, some_rows()) == expected


def test_what_is_said_twice_is_the_same_expression() -> None:
    compiler = Compiler()
    one, other = (compiler.compiled(and_(cases.c.rating > 3, cases.c.grade == "A")) for _ in range(2))
    assert one is other
    assert compiler.compiled(and_(cases.c.rating > 3, cases.c.grade == "B")) is not one
    assert compiler.compiled(literal(1)) is not compiler.compiled(literal(True))


def test_nothing_is_evaluated_twice_or_over_some_of_the_rows_if_all_will_do() -> None:
    compiler, rows = Compiler(), some_rows()
    high = compiler.compiled(cases.c.rating > 3)
    known = compiler.compiled(and_(cases.c.rating > 3, cases.c.received_at <= SEEN.c.as_of))
    few = rows.take(np.array([3, 0, 3])).having({AS_OF: Values(np.array([40, 5, 39]))})
    assert known.of(few).data.tolist() == [True, False, False]
    of_all = rows.evaluated(high)
    assert high.of(rows) is of_all
    assert high.of(few).data.tolist() == [True, True, True]
    assert of_all.data.tolist() == [True, False, False, True, False]


def test_a_column_keeps_its_place_in_rows_of_rows() -> None:
    rows = some_rows().take(np.array([4, 2, 0])).take(np.array([2, 1]))
    assert rows.column("received_at").data.tolist() == [10, 30]
    with pytest.raises(KeyError):
        rows.column("nothing")


def test_an_unknown_operation_raises() -> None:
    with pytest.raises(UnknownOperationError):
        Compiler().compiled(func.lower(cases.c.grade))
    with pytest.raises(UnknownOperationError):
        Compiler().compiled(cases.c.grade.like("A%"))
