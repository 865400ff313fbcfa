"""What SQL's operations give over arrays, with its third truth value: NULL.

Every operation takes the values of its parts and the number of rows. Where all parts have a single value for all rows,
so has the result.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from functools import cache, reduce
from typing import Any

import numpy as np
from sqlalchemy.sql import operators

from data_access.rollup.rows import Array, Flags, Values

SECOND = 1_000_000
MINUTE = 60 * SECOND

Operation = Callable[[Sequence[Values]], Values]

ARITHMETIC: Mapping[Any, Callable[[Array, Array], Array]] = {
    operators.add: np.add,
    operators.sub: np.subtract,
    operators.mul: np.multiply,
}
COMPARISONS: Mapping[Any, Callable[[Array, Array], Array]] = {
    operators.lt: np.less,
    operators.le: np.less_equal,
    operators.gt: np.greater,
    operators.ge: np.greater_equal,
    operators.eq: np.equal,
    operators.ne: np.not_equal,
}


def all_of(parts: Sequence[Values]) -> Values:
    """True where all are; NULL where none is false but some are NULL."""
    true = reduce(operator.and_, (part.data for part in parts))
    if all(part.null is None for part in parts):
        return Values(true)
    may_be = reduce(operator.and_, (part.data if part.null is None else part.data | part.null for part in parts))
    return Values(true, may_be & ~true)


def any_of(parts: Sequence[Values]) -> Values:
    """True where any is; NULL where none is true and some are NULL."""
    true = reduce(operator.or_, (part.data for part in parts))
    nulls = [part.null for part in parts if part.null is not None]
    return Values(true) if not nulls else Values(true, reduce(operator.or_, nulls) & ~true)


def negated(parts: Sequence[Values]) -> Values:
    """True where the condition is false; NULL where it is NULL."""
    (found,) = parts
    return Values(~found.data if found.null is None else ~found.data & ~found.null, found.null)


@cache
def calculated(kind: Any) -> Operation:  # noqa: ANN401 - an operator of SQLAlchemy
    """The sum, difference or product; NULL if a part is."""
    calculate = ARITHMETIC[kind]

    def fold(parts: Sequence[Values]) -> Values:
        return Values(reduce(calculate, (part.data for part in parts)), _any_null(parts))

    return fold


@cache
def compared(kind: Any) -> Operation:  # noqa: ANN401 - an operator of SQLAlchemy
    """Whether the comparison holds; NULL if a side is."""
    compare = COMPARISONS[kind]

    def holds(parts: Sequence[Values]) -> Values:
        left, right = parts
        true, null = compare(left.data, coded(right, left.words)), _any_null(parts)
        return Values(true if null is None else true & ~null, null)

    return holds


def between(parts: Sequence[Values]) -> Values:
    """Whether the first lies between the others, both included."""
    value, low, high = parts
    return all_of([compared(operators.ge)([value, low]), compared(operators.le)([value, high])])


def is_null(parts: Sequence[Values]) -> Values:
    """Whether the value is NULL; never NULL itself."""
    (found,) = parts
    return Values(np.array(False) if found.null is None else found.null)


def is_not_null(parts: Sequence[Values]) -> Values:
    """Whether there is a value; never NULL itself."""
    return Values(~is_null(parts).data)


def is_true(parts: Sequence[Values]) -> Values:
    """Whether the condition is true; never NULL itself."""
    (found,) = parts
    true = found.data.astype(bool)
    return Values(true if found.null is None else true & ~found.null)


def is_not_true(parts: Sequence[Values]) -> Values:
    """Whether the condition is false or NULL; never NULL itself."""
    return Values(~is_true(parts).data)


@cache
def is_one_of(wanted: tuple[Any, ...]) -> Operation:
    """Whether the value is one of those wanted; codes are looked up, which is quicker than to compare them."""

    def holds(parts: Sequence[Values]) -> Values:
        (found,) = parts
        if found.words is None:
            true = np.isin(found.data, wanted)
        else:
            table = np.zeros(len(found.words) + 1, dtype=bool)
            table[[found.words[word] for word in wanted if word in found.words]] = True
            true = table[found.data]
        return Values(true if found.null is None else true & ~found.null, found.null)

    return holds


def flagged(parts: Sequence[Values]) -> Values:
    """1 where the condition is true, else 0."""
    (condition,) = parts
    return Values(condition.data.astype(np.int8))


def chosen(parts: Sequence[Values]) -> Values:
    """The value behind the first true condition: conditions and values by turns, at the end what holds otherwise."""
    *pairs, otherwise = parts
    whens = list(zip(pairs[::2], pairs[1::2], strict=True))
    words = next((each.words for each in (*pairs[1::2], otherwise) if each.words is not None), None)
    data, null = coded(otherwise, words), otherwise.null
    for when, then in reversed(whens):
        data = np.where(when.data, coded(then, words), data)
        if null is not None or then.null is not None:
            null = np.where(when.data, _or_never(then.null), _or_never(null))
    return Values(data, null if null is not None and null.any() else None, words)


def first_known(parts: Sequence[Values]) -> Values:
    """The first value that isn't NULL."""
    *earlier, last = parts
    return chosen([each for part in earlier for each in (is_not_null([part]), part)] + [last])


def later_by(parts: Sequence[Values]) -> Values:
    """The instant so many seconds later; NULL if either is."""
    at, seconds = parts
    return Values(at.data + seconds.data * SECOND, _any_null(parts))


def minutes_between(parts: Sequence[Values]) -> Values:
    """Whole minutes from the first instant to the second, rounded up; NULL if either is."""
    start, end = parts
    return Values(-((start.data - end.data) // MINUTE), _any_null(parts))


def coded(values: Values, words: Mapping[str, int] | None) -> Array:
    """The values; a text among codes as its code, -1 for one that no case has."""
    is_text = words is not None and values.data.dtype == object
    return np.array(words.get(values.data.item(), -1)) if is_text and words is not None else values.data


def _any_null(parts: Sequence[Values]) -> Flags | None:
    nulls = [part.null for part in parts if part.null is not None]
    return reduce(operator.or_, nulls) if nulls else None


def _or_never(null: Flags | None) -> Any:  # noqa: ANN401 - flags, or one for all rows
    return False if null is None else null
