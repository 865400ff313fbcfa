"""Tests of the data version: what changes it, and that nothing else does."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, delete, insert, update

from data_access.calendar import fill_calendar
from data_access.engine import begin, connect
from data_access.settings import Settings
from data_access.tables import calendar_days, import_batches, org_units, targets
from data_access.version import data_version
from metrics.working_time import statutory_schedule

NOON = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)
LATER = NOON + timedelta(microseconds=1)
UNIT = {"id": "C", "name": "Company", "kind": "company", "recorded_at": NOON, "updated_at": NOON}
COUNTS = dict.fromkeys(("rows", "inserted", "changed", "unchanged", "rejected", "warnings"), 0)
BATCH = COUNTS | {"file_name": "f", "file_hash": "h", "user": "u", "started_at": NOON, "finished_at": NOON}
TARGET = {"indicator": "response", "unit": "branch", "year": 2026, "value": 0.9}


def version(engine: Engine) -> str:
    with connect(engine) as connection:
        return data_version(connection)


@pytest.fixture
def filled(engine: Engine) -> Engine:
    with begin(engine) as connection:
        connection.execute(insert(org_units), UNIT)
        connection.execute(insert(import_batches), BATCH)
        connection.execute(insert(targets), TARGET)
    return engine


@pytest.mark.parametrize(
    "change",
    [
        insert(org_units).values(UNIT | {"id": "B", "updated_at": LATER}),
        update(org_units).values(name="Other", updated_at=LATER),
        delete(org_units),
        insert(import_batches).values(BATCH),
        update(import_batches).values(undone_at=NOON),
        update(targets).values(value=0.95),
        delete(calendar_days).where(calendar_days.c.date == date(2026, 3, 5)),
    ],
    ids=["new row", "changed row", "last row gone", "import", "undo", "target", "calendar"],
)
def test_every_trace_of_a_change_makes_another_version(filled: Engine, change) -> None:
    before = version(filled)
    with begin(filled) as connection:
        connection.execute(change)
    assert version(filled) != before


def test_nothing_new_is_the_same_version(filled: Engine, settings: Settings) -> None:
    before = version(filled)
    with begin(filled) as connection:
        days = (date(2014, 1, 1), date(2027, 12, 31))
        fill_calendar(connection, settings.time_zone, statutory_schedule(), *days)
    assert version(filled) == before
