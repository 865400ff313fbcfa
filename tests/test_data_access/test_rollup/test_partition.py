"""What a partition adds: changes add up to what is true in the end, under the codes of the cases."""

from datetime import UTC, date, datetime
from itertools import chain

import numpy as np
import pytest
from sqlalchemy import Engine

from data_access.counts.case_counters import CASE_ROWS
from data_access.engine import begin
from data_access.hierarchy import read_hierarchy
from data_access.question import View
from data_access.rollup.additions import Addition, Batch, Moments, additions, differences
from data_access.rollup.calendar_lookup import read_calendar
from data_access.rollup.case_arrays import CaseReader, CaseSource, over_connection
from data_access.rollup.codes import WORDS, Codes
from data_access.rollup.expression import Compiler
from data_access.rollup.grid import make_grid
from data_access.rollup.partition import IN_MINUTES, Counter
from data_access.rollup.rows import Rows
from data_access.rollup.tally import tallied
from data_access.rollup.times import Times
from data_access.rollup_tables import COUNTED_CASES
from data_access.tables import cases
from metrics.counts import Fact
from sample_data import make
from sample_data.make import built_in_rules

RULES = built_in_rules()


@pytest.fixture
def read(sqlite_engine: Engine) -> tuple[Rows, Counter, Compiler, Times, CaseReader]:
    """All cases of a sample company in one batch, and what counts them."""
    make(sqlite_engine, "small", 3, date(2026, 11, 5), 900)
    with begin(sqlite_engine) as connection:
        hierarchy, calendar = read_hierarchy(connection), read_calendar(connection)
        first, now = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 11, 5, 1, tzinfo=UTC)
        grid = make_grid(first, now, RULES.settlement_days, RULES.time_zone, hierarchy.move_days)
        units = {unit_id: number for number, unit_id in enumerate(hierarchy.units)}
        codes = {name: Codes() for name in WORDS}
        source = CaseSource(over_connection(connection))
        reader = CaseReader(source, calendar, units, codes)
        (rows,) = reader.batches(source.fetch(cases.c.case_no.is_not(None)))
    anchors = np.full((len(units) + 1, len(grid.segments) + 1), len(units))
    return rows, Counter(RULES, Times(grid), calendar, anchors), Compiler(), Times(grid), reader


def of_rows(found: list[Addition], size: int, names: int) -> np.ndarray:
    """The counts of each row added up."""
    sums = np.zeros((size, names), dtype=int)
    for each in found:
        np.add.at(sums, each.rows, each.counts)
    return sums


def test_changes_add_up_to_what_is_known_at_last(read) -> None:
    rows, _, compiler, times, reader = read
    newest = len(times.as_of) - 1
    every = [tallied(CASE_ROWS[fact], RULES, reader.calendar, compiler) for fact in COUNTED_CASES]
    for counted in chain.from_iterable(every):
        batch = Batch(rows, times)
        first = batch.dated(counted).first
        moments = np.full(first.rows.size, newest)
        last = Moments(first.rows, first.segments, moments, times.as_of[moments])
        for view in View:
            added = [each for each in additions(counted, batch) if each.view is view]
            known = [each for each in differences(counted, last, None) if each.view is view]
            shape = rows.size, len(counted.of_view[view].counts)
            assert (of_rows(added, *shape) == of_rows(known, *shape)).all()


def test_sums_have_the_codes_of_the_cases(read) -> None:
    rows, counter, _, _, reader = read
    counted = counter.count([rows])
    tracks, grades = (set(range(len(reader.codes[name].words))) for name in ("track", "grade"))
    assert len(tracks) > 1
    in_days = counted.durations[Fact.RESOLUTION_WORKING_DAYS]
    for sums in (counted.cases, in_days, counted.open):
        assert set(sums.parts["second"].tolist()) == tracks
        assert set(sums.parts["first"].tolist()) >= grades
    assert set(counted.topics.parts["first"].tolist()) == set(range(len(reader.codes["channel"].words)))
    assert in_days.parts["third"].tolist() == [0] * len(in_days.keys)
    for fact in IN_MINUTES:
        assert set(counted.durations[fact].parts["third"].tolist()) == tracks
