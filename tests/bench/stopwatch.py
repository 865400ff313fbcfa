"""Time spent inside some functions."""

import time
from collections.abc import Callable
from typing import Any


class Stopwatch:
    """Adds up the time inside the outermost of the functions that it times."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._inside = 0
        self._seconds = 0.0

    def timing(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, timed."""

        def timed(*arguments: Any, **named: Any) -> Any:
            begun = self._clock()
            self._inside += 1
            try:
                return function(*arguments, **named)
            finally:
                self._inside -= 1
                if not self._inside:
                    self._seconds += self._clock() - begun

        return timed

    def read(self) -> float:
        """Milliseconds since it was last read."""
        milliseconds, self._seconds = self._seconds * 1000, 0.0
        return milliseconds
