"""Making a company in a database: whole or not at all, and only where there is nothing yet."""

from datetime import UTC, date

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Engine, create_engine, func, insert, inspect, select, text

from data_access.calendar import FIRST_DAY, LAST_DAY
from data_access.engine import begin, connect, writer
from data_access.errors import DataAccessError
from data_access.instant import Instant
from data_access.settings import Settings
from data_access.tables import SOURCE_TABLES, audit_log, calendar_days, cases, external_scores, org_units
from metrics.counts import COMPANY
from sample_data import SampleError, companies, make
from tests.test_sample_data.worlds import UNTIL, frames, frames_of


def _count(engine: Engine, table: object) -> int:
    with connect(engine) as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


def test_every_row_arrives_as_it_was_told(engine: Engine):
    world = make(engine, "small", 1, UNTIL, 600)
    zone = world.rules.time_zone
    for table in SOURCE_TABLES:
        told = frames(world, 600)[table.name]
        key = [column.name for column in table.primary_key]
        with connect(engine) as connection:
            stored = connection.execute(select(table).order_by(*table.primary_key)).all()
        assert len(stored) == len(told)
        told = told.sort_values(key, key=lambda values: values.astype(str), ignore_index=True)
        for place, column in enumerate(table.columns):
            values = told[column.name]
            if isinstance(column.type, Instant):
                values = pd.to_datetime(values).dt.tz_localize(zone).dt.tz_convert(UTC)
            expected = [None if pd.isna(value) else value for value in values]
            found = [row[place] for row in stored]
            if column.name in ("month", "valid_from", "period_start", "held_on", "created_on"):
                expected = [pd.Timestamp(value).date() for value in expected]
            assert found == expected, (table.name, column.name)


def test_the_calendar_is_filled_and_the_making_logged(engine: Engine):
    make(engine, "small", 7, UNTIL, 600)
    assert _count(engine, calendar_days) == (LAST_DAY - FIRST_DAY).days + 1
    with connect(engine) as connection:
        entry = connection.execute(select(audit_log)).one()
    assert (entry.action, entry.detail) == ("make_sample", "small seed=7 until=2026-10-08")


def test_a_database_with_units_is_refused_and_left_alone(engine: Engine):
    unit = {"id": "X", "name": "X", "kind": COMPANY, "recorded_at": _instant(), "updated_at": _instant()}
    with begin(engine) as connection:
        connection.execute(insert(org_units).values(**unit))
    with pytest.raises(SampleError, match="already holds rows in org_units"):
        make(engine, "small", 1, UNTIL, 600)
    assert _count(engine, org_units) == 1
    assert _count(engine, cases) == 0


def test_a_database_with_rows_anywhere_is_refused(engine: Engine):
    score = {"unit_id": "X", "item": "safety", "period_start": UNTIL, "score": 1.0, "maximum": 2.0}
    with begin(engine) as connection:
        connection.execute(insert(external_scores).values(**score, recorded_at=_instant(), updated_at=_instant()))
    with pytest.raises(SampleError, match="already holds rows in external_scores"):
        make(engine, "small", 1, UNTIL, 600)
    assert _count(engine, external_scores) == 1


def test_the_indexes_are_there_again(engine: Engine):
    before = _indexes(engine)
    make(engine, "small", 1, UNTIL, 600)
    assert _indexes(engine) == before
    assert {"ix_cases_received_at", "ix_case_events_case_no"} <= before


@pytest.mark.postgres
def test_postgresql_has_looked_at_every_row(postgres_settings: Settings):
    with writer(postgres_settings) as engine, connect(engine) as connection:
        make(engine, "small", 1, UNTIL, 600)
        looked = connection.execute(
            text("SELECT reltuples, relallvisible = relpages FROM pg_class WHERE relname = 'cases'")
        ).one()
    assert looked == (600, True)


def test_a_database_with_cases_alone_is_refused(sqlite_engine: Engine):
    case = {"case_no": "1", "received_at": _instant(), "recorded_at": _instant(), "updated_at": _instant()}
    with begin(sqlite_engine) as connection:
        connection.execute(insert(cases).values(**case))
    with pytest.raises(SampleError, match="already holds rows in cases"):
        make(sqlite_engine, "small", 1, UNTIL, 600)


def test_stopping_half_way_leaves_nothing(engine: Engine):
    def stop(table: str, written: int, total: int) -> None:
        if table == "cases":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(engine, "small", 1, UNTIL, 600, stop)
    assert _count(engine, org_units) == 0
    assert _count(engine, audit_log) == 0
    assert "ix_cases_received_at" in _indexes(engine)


def test_progress_ends_at_the_whole_of_each_table(sqlite_engine: Engine):
    last: dict[str, tuple[int, int]] = {}
    make(sqlite_engine, "small", 1, UNTIL, 600, lambda table, written, total: last.update({table: (written, total)}))
    assert set(last) == {table.name for table in SOURCE_TABLES} | {"indexes"}
    assert all(written == total > 0 for written, total in last.values())


def test_more_cases_than_a_chunk_all_arrive(sqlite_engine: Engine):
    make(sqlite_engine, "small", 1, UNTIL, 45_000)
    assert _count(sqlite_engine, cases) == 45_000


def test_wrong_wishes_are_refused_with_what_would_be_right(sqlite_engine: Engine):
    with pytest.raises(SampleError, match="small, changping, xingtai, group"):
        make(sqlite_engine, "huge", 1, UNTIL)
    with pytest.raises(SampleError, match="500 or more"):
        make(sqlite_engine, "small", 1, UNTIL, 499)
    assert companies == ("small", "changping", "xingtai", "group")


def test_a_database_without_tables_is_an_error_in_plain_words():
    engine = create_engine("sqlite://")
    with pytest.raises(DataAccessError):
        make(engine, "small", 1, UNTIL, 600)
    engine.dispose()


def test_the_day_the_story_ends_is_the_caller_s(sqlite_engine: Engine):
    world = make(sqlite_engine, "small", 1, date(2025, 6, 1), 600)
    with connect(sqlite_engine) as connection:
        latest = connection.execute(select(func.max(cases.c.received_at))).scalar_one()
    assert latest.astimezone(world.rules.time_zone).date() < date(2025, 6, 1)
    assert np.datetime64(latest.replace(tzinfo=None)) > np.datetime64("2025-05-25")
    assert len(frames_of("small")["cases"]) != 600


def _indexes(engine: Engine) -> set[str | None]:
    inspector = inspect(engine)
    return {index["name"] for table in SOURCE_TABLES for index in inspector.get_indexes(table.name)}


def _instant() -> pd.Timestamp:
    return pd.Timestamp("2026-01-01", tz=UTC)
