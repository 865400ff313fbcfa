"""The time inside calls to the data: of the outermost ones only, whatever they call and however they end."""

from collections.abc import Callable
from itertools import count

import pytest

from tests.bench.stopwatch import Stopwatch

SECOND = 1000.0


def nothing() -> None:
    """Takes a second by the clock below, which moves on by one whenever somebody looks at it."""


def stopwatch() -> Stopwatch:
    ticks = count()
    return Stopwatch(lambda: float(next(ticks)))


def test_calls_are_added_up() -> None:
    watch = stopwatch()
    call = watch.timing(nothing)
    call()
    call()
    assert watch.read() == 2 * SECOND


def test_a_call_inside_another_is_counted_once() -> None:
    watch = stopwatch()
    inner: Callable[[], None] = watch.timing(nothing)
    watch.timing(inner)()
    # The inner call looked at the clock once, so that the outer one lasted two seconds.
    assert watch.read() == 2 * SECOND


def test_reading_starts_anew() -> None:
    watch = stopwatch()
    watch.timing(nothing)()
    watch.read()
    assert watch.read() == 0.0


def test_what_fails_is_counted_and_counting_goes_on() -> None:
    watch = stopwatch()

    def fail() -> None:
        raise ValueError("no such table")

    with pytest.raises(ValueError, match="no such table"):
        watch.timing(fail)()
    assert watch.read() == SECOND
    watch.timing(nothing)()
    assert watch.read() == SECOND
