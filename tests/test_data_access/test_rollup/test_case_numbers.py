"""Events are looked for between the numbers of the cases that are counted, whatever order those came in."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from sqlalchemy import Engine, insert, select

from data_access.engine import begin
from data_access.rollup.calendar_lookup import read_calendar
from data_access.rollup.case_arrays import CaseReader, CaseSource, over_connection
from data_access.rollup.case_numbers import read_case_numbers
from data_access.tables import case_events, cases

OLD, NEW = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 3, 5, tzinfo=UTC)
REQUIRED = {"recorded_at": NEW, "updated_at": NEW}
RECEIVED = {"b": OLD, "d": NEW, "a": NEW, "e": OLD, "c": OLD}
ARE_NEW = cases.c.received_at == NEW


@pytest.fixture
def written(engine: Engine) -> Engine:
    """Cases of two months whose numbers don't follow time, each reopened once."""
    with begin(engine) as connection:
        for number, received_at in RECEIVED.items():
            case = {"case_no": number, "received_at": received_at, "track": "branch", "channel": "phone"}
            connection.execute(insert(cases).values(**case, **REQUIRED))
            reopened = {"id": f"of {number}", "case_no": number, "kind": "reopened", "at": NEW}
            connection.execute(insert(case_events).values(**reopened, **REQUIRED))
    return engine


def test_events_lie_between_the_least_and_the_greatest_number(written: Engine) -> None:
    with begin(written) as connection:
        near = read_case_numbers(connection, ARE_NEW).hold(case_events.c.case_no)
        found = connection.execute(select(case_events.c.case_no).where(near)).scalars().all()
    assert sorted(found) == ["a", "b", "c", "d"]


def test_without_such_a_case_there_is_no_event(written: Engine) -> None:
    with begin(written) as connection:
        near = read_case_numbers(connection, cases.c.case_no == "z").hold(case_events.c.case_no)
        assert connection.execute(select(case_events.c.case_no).where(near)).all() == []


@pytest.mark.parametrize("few", [True, False])
def test_every_case_gets_its_own_reopenings(written: Engine, few: bool) -> None:
    with begin(written) as connection:
        numbers = read_case_numbers(connection, ARE_NEW) if few else None
        source = CaseSource(over_connection(connection), numbers)
        (rows,) = CaseReader(source, read_calendar(connection), {}).batches(source.fetch(ARE_NEW))
        numbers = [each for batch in source.fetch(ARE_NEW) for each in batch.column("case_no").to_pylist()]
    assert sorted(numbers[place] for place in rows.reopenings.places) == ["a", "d"]
    at = pa.scalar(NEW, pa.timestamp("us", tz="UTC")).cast(pa.int64()).as_py()
    assert rows.reopenings.times.tolist() == [at, at]
