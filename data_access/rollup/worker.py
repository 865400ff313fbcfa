"""A process that counts partitions for another one; run by ``workers``.

It is given a snapshot and a job, then partitions, and answers each with what was counted and the codes' numbers.
"""

import pickle
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import BinaryIO

from data_access.rollup.case_arrays import CaseSource
from data_access.rollup.codes import WORDS, Codes
from data_access.rollup.columns_from_server import Snapshot, reading
from data_access.rollup.counting_job import Answer, CountingJob, fetch


def serve(asked: BinaryIO, answers: BinaryIO) -> None:
    """Nothing; every partition that was asked for is answered. An error is the last answer, for the other to raise."""
    try:
        snapshot, job = pickle.load(asked)  # noqa: S301 - from the process that started this one
        for answer in _answered(snapshot, job, asked):
            pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
            answers.flush()
    except Exception as error:
        pickle.dump(f"{type(error).__name__}: {error}", answers)
        answers.flush()


def _answered(snapshot: Snapshot, job: CountingJob, asked: BinaryIO) -> Iterator[Answer]:
    codes = {name: Codes() for name in WORDS}
    with reading(snapshot) as read:
        source, counter = CaseSource(read), job.counter()
        reader = job.reader(source, codes)
        for partition in _partitions(asked):
            counted = counter.count(reader.batches(fetch(source, job.grid, partition)))
            small = counted.changed(lambda sums, _: sums.stored_as())
            yield Answer(small, {name: tuple(each.words) for name, each in codes.items()})


def _partitions(asked: BinaryIO) -> Iterator[date]:
    """The partitions, until None comes."""
    while (partition := pickle.load(asked)) is not None:  # noqa: S301 - from the process that started this one
        yield partition


@contextmanager
def _answers_only() -> Iterator[BinaryIO]:
    """The standard output for answers alone; whatever else is printed goes to the errors."""
    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    yield answers


if __name__ == "__main__":
    with _answers_only() as out:
        serve(sys.stdin.buffer, out)
