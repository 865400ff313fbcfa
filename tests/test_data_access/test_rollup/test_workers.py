"""Partitions counted by processes of their own give what one process counts."""

from datetime import UTC, date, datetime

import numpy as np
import pytest
from sqlalchemy import Engine

from data_access.engine import begin, writer
from data_access.errors import DataAccessError
from data_access.rollup import fill
from data_access.rollup.check import check_rollups
from data_access.rollup.codes import WORDS, Codes
from data_access.rollup.columns_from_server import Snapshot, over_snapshot
from data_access.rollup.counting_job import Answer
from data_access.rollup.partition import Counted
from data_access.rollup.refresh import refresh
from data_access.rollup.sums import Packing, Sums
from data_access.rollup.workers import counted_by_workers, renumbered
from data_access.settings import Settings
from metrics.counts import Fact
from sample_data import make
from sample_data.make import built_in_rules

RULES = built_in_rules()
MORNING = datetime(2026, 11, 5, 1, tzinfo=UTC)
PACKING = Packing({"first": 8, "second": 8, "third": 4})


def silent(_done: int, _steps: int) -> None:
    pass


DAYS = Fact.RESOLUTION_WORKING_DAYS


def test_several_processes_count_what_one_counts(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    make(engine, "small", 1, date(2026, 11, 5), 700)
    with monkeypatch.context() as many:
        many.setattr(fill, "MANY", 1)
        refresh(engine, RULES, now=MORNING)
    found = check_rollups(engine, RULES, silent)
    assert found is not None
    assert [each for each in found if each.rows] == []


@pytest.mark.postgres
def test_an_error_in_a_process_is_raised_here(postgres_settings: Settings) -> None:
    with writer(postgres_settings) as engine, begin(engine) as connection, over_snapshot(connection) as read:
        assert read is not None
        gone = Snapshot(read.snapshot.address, "00000000-00000000-1")
        codes = {name: Codes() for name in WORDS}
        with pytest.raises(DataAccessError):
            list(counted_by_workers(gone, None, codes, [date(2026, 1, 1)]))


def test_codes_get_the_numbers_that_they_have_here() -> None:
    def some(first: int, second: int, third: int) -> Sums:
        parts = {"first": first, "second": second, "third": third}
        return Sums(PACKING, ("one",), PACKING.pack({k: np.array([v]) for k, v in parts.items()}), np.array([[300]]))

    counted = Counted(some(0, 1, 3), (), some(1, 0, 3), {DAYS: some(0, 0, 3)}, some(7, 1, 3))
    small = counted.changed(lambda sums, _: sums.stored_as())
    assert small.cases.counts.dtype == np.int16
    words = {"grade": ("A", "B"), "track": ("x", "y"), "rating_source": (), "channel": ("m", "n"), "category": ("s",)}
    codes = {name: Codes() for name in WORDS}
    codes["grade"].number("B")
    codes["channel"].number("n")
    found = renumbered(Answer(small, words), codes)
    expected = {"cases": (1, 1, 3), "topics": (0, 0, 3), "durations": (1, 0, 3), "open": (7, 1, 3)}
    for name, parts in expected.items():
        sums = found.durations[DAYS] if name == "durations" else getattr(found, name)
        assert tuple(int(sums.parts[part][0]) for part in PACKING.sizes) == parts
        assert sums.counts.tolist() == [[300]]
