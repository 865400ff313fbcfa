"""An executor that runs what it is given at once, in the same thread."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

Result = TypeVar("Result")


class Inline(Executor):
    """Where there is only one connection, nothing can be done beside."""

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:  # noqa: ANN401
        """A future that holds the result already; exceptions are raised here."""
        future: Future[Result] = Future()
        future.set_result(fn(*args, **kwargs))
        return future
