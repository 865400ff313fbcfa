"""Instants sorted into buckets in SQL, by a search that halves what is left at each step."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, case

Expression = ColumnElement[Any]
Outcome = Callable[[int], Expression]
IsBefore = Callable[[Expression], ColumnElement[bool]]
"""Whether what is sorted lies before a bound."""


def bucket(is_before: IsBefore, bounds: Sequence[Expression], outcome: Outcome, passed: int = 0) -> Expression:
    """``outcome`` of the number of ascending bounds that are passed; of all of them for NULL."""
    if not bounds:
        return outcome(passed)
    middle = len(bounds) // 2
    earlier = bucket(is_before, bounds[:middle], outcome, passed)
    later = bucket(is_before, bounds[middle + 1 :], outcome, passed + middle + 1)
    return case((is_before(bounds[middle]), earlier), else_=later)
