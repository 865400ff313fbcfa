"""Case numbers of eleven digits: those that a system counts up are imported, phone numbers never."""

import random

from sqlalchemy import Engine

from data_access.ingest.importer import check_file, import_file
from data_access.ingest.running_numbers import RunningNumbers
from data_access.tables import cases
from tests.test_data_access.test_ingest.importing import codes, options, rows_source, stored

RUN = [str(15_000_000_001 + 3 * number) for number in range(60)]
PHONES = [f"1{random.Random(7).choice('3456789')}{random.Random(seed).randrange(10**9):09d}" for seed in range(60)]


def _rows(numbers: list[str]) -> list[tuple[str, ...]]:
    return [("case_no", "received_at"), *((number, "2026-03-05 10:00") for number in numbers)]


def test_running_numbers_are_imported_and_found_again(sqlite_engine: Engine) -> None:
    assert import_file(sqlite_engine, rows_source(*_rows(RUN)), options()).written
    assert [row[0] for row in stored(sqlite_engine, cases, "case_no")] == RUN


def test_phone_numbers_are_refused_row_by_row(sqlite_engine: Engine) -> None:
    report = check_file(sqlite_engine, rows_source(*_rows(PHONES)), options())
    assert codes(report) == {"personal_content": 60}
    assert not any(phone in repr(report) for phone in PHONES)


def test_a_phone_number_among_running_numbers_is_refused_alone(sqlite_engine: Engine) -> None:
    report = check_file(sqlite_engine, rows_source(*_rows([*RUN, "13812345678"])), options())
    assert codes(report) == {"personal_content": 1}
    assert "13812345678" not in repr(report)


def test_one_number_alone_is_taken_for_a_phone_number() -> None:
    assert RunningNumbers().strangers({0: "15000000001"}) == [0]


def test_the_rest_of_a_run_is_known_by_its_beginning() -> None:
    running = RunningNumbers()
    assert running.strangers(dict(enumerate(RUN))) == []
    assert running.strangers({0: "15000000999", 1: "13812345678", 2: None}) == [1]


def test_numbers_that_begin_with_the_day_are_runs_too() -> None:
    days = [f"1903{day:02d}{number:05d}" for day in range(1, 29) for number in range(1, 20)]
    assert RunningNumbers().strangers(dict(enumerate(days))) == []
