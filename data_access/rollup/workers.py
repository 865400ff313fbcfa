"""Partitions counted by several processes, each with its own connection to the same snapshot."""

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO, cast

import numpy as np

import data_access
from data_access.errors import DataAccessError
from data_access.rollup import worker
from data_access.rollup.codes import Codes
from data_access.rollup.columns_from_server import Snapshot
from data_access.rollup.counting_job import Answer, CountingJob
from data_access.rollup.keys import check_words
from data_access.rollup.partition import Counted
from data_access.rollup.rows import Array
from data_access.rollup.sums import Sums

WORKERS = 2
"""Processes; the server works for each of them, and this process writes: two cores have enough to do with two."""


UNDER_WAY = 6 * WORKERS
"""Partitions that are counted or wait to be written; enough to go on with while the rollups of units are written."""


@dataclass(frozen=True, eq=False)
class Worker:
    """A process that counts; what goes in and what comes out."""

    asked: BinaryIO
    answers: BinaryIO

    def ask(self, partition: date) -> Answer:
        """What the partition adds; raises DataAccessError."""
        try:
            self.tell(partition)
            answer = pickle.load(self.answers)  # noqa: S301 - from a process that this one started
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            raise DataAccessError("A process that counts has ended.") from error
        if isinstance(answer, str):
            raise DataAccessError(answer)
        return cast(Answer, answer)

    def tell(self, message: object) -> None:
        """Nothing; the process is sent the message."""
        pickle.dump(message, self.asked, pickle.HIGHEST_PROTOCOL)
        self.asked.flush()


@contextmanager
def _started(snapshot: Snapshot, job: CountingJob) -> Iterator[Worker]:
    """A process that waits for partitions, and ends with this."""
    found = str(Path(data_access.__file__).parents[1])
    paths = os.pathsep.join(filter(None, [found, os.environ.get("PYTHONPATH")]))
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-P", "-m", worker.__name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": paths},
    )
    with process:
        started = Worker(cast(BinaryIO, process.stdin), cast(BinaryIO, process.stdout))
        try:
            started.tell((snapshot, job))
            yield started
            started.tell(None)
        except BaseException:
            process.kill()
            raise


def counted_by_workers(
    snapshot: Snapshot, job: CountingJob, codes: Mapping[str, Codes], partitions: Sequence[date]
) -> Generator[tuple[date, Counted]]:
    """Each partition with what it adds, in order; the numbers of texts are those in ``codes``.

    No more than UNDER_WAY partitions are on their way, so that results don't pile up.
    """
    idle: SimpleQueue[Worker] = SimpleQueue()

    def answer(partition: date) -> Answer:
        asked = idle.get()
        try:
            return asked.ask(partition)
        finally:
            idle.put(asked)

    with ExitStack() as stack:
        # Entered first, left last: on an error the processes end, and with them whatever waits for them.
        pool = stack.enter_context(ThreadPoolExecutor(WORKERS))
        for _ in range(WORKERS):
            idle.put(stack.enter_context(_started(snapshot, job)))
        coming = deque(pool.submit(answer, partition) for partition in partitions[:UNDER_WAY])
        for done, partition in enumerate(partitions):
            found = coming.popleft().result()
            coming.extend(pool.submit(answer, after) for after in partitions[done + UNDER_WAY :][:1])
            yield partition, renumbered(found, codes)


def renumbered(answer: Answer, codes: Mapping[str, Codes]) -> Counted:
    """What was counted, with the numbers that texts have in ``codes``."""
    numbers = {
        name: np.array([codes[name].number(word) for word in words], dtype=np.int64)
        for name, words in answer.words.items()
    }

    def change(sums: Sums, dimensions: Mapping[str, str]) -> Sums:
        for part, name in dimensions.items():
            check_words(name, len(codes[name].words), sums.packing.sizes[part])
        others = {part: numbers[name] for part, name in dimensions.items() if not _in_order(numbers[name])}
        return sums.renumbered(others).stored_as(np.int64)

    return answer.counted.changed(change)


def _in_order(numbers: Array) -> bool:
    return bool((numbers == np.arange(len(numbers))).all())
