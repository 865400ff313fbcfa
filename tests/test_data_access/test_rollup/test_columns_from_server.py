"""Columns of instants come from the server as they would one by one, and codes as they are."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from sqlalchemy import Engine, insert, select

from data_access.engine import begin
from data_access.errors import DataAccessError
from data_access.rollup.calendar_lookup import read_calendar
from data_access.rollup.case_arrays import CaseReader, CaseSource, over_connection
from data_access.rollup.codes import WORDS, Codes
from data_access.rollup.columns_from_server import over_snapshot
from data_access.rollup.packed_instants import holds_several_instants, packed, unpacked
from data_access.rollup.rows import microseconds
from data_access.tables import cases

EARLY = datetime(1987, 6, 5, 4, 3, 2, 1, tzinfo=UTC)
LATE = datetime(2026, 10, 9, 8, 7, 6, 999_999, tzinfo=UTC)


def a_case(number: str, **columns: object) -> dict[str, object]:
    required = {"received_at": EARLY, "recorded_at": LATE, "updated_at": LATE, "track": "branch", "channel": "phone"}
    return {"case_no": number, **required, **columns}


def write(engine: Engine, *some: dict[str, object]) -> None:
    with begin(engine) as connection:
        for each in some:
            connection.execute(insert(cases).values(**each))


def test_instants_come_in_one_piece_and_are_what_they_were(engine: Engine) -> None:
    write(engine, a_case("one", resolved_at=LATE, rating=3), a_case("two", responded_at=EARLY))
    statement = select(
        cases.c.case_no, cases.c.received_at, cases.c.rating, cases.c.responded_at, cases.c.resolved_at
    ).order_by(cases.c.case_no)
    with begin(engine) as connection, over_snapshot(connection) as elsewhere:
        found = pa.Table.from_batches((elsewhere or over_connection(connection))(statement))
    assert found.column_names == ["case_no", "received_at", "rating", "responded_at", "resolved_at"]
    instants = {name: found.column(name).cast(pa.int64()).to_pylist() for name in found.column_names if "_at" in name}
    early, late = microseconds(EARLY), microseconds(LATE)
    assert instants == {"received_at": [early] * 2, "responded_at": [None, early], "resolved_at": [late, None]}
    assert found.column("rating").to_pylist() == [3, None]


def test_only_several_instants_are_packed() -> None:
    assert not holds_several_instants(select(cases.c.case_no, cases.c.received_at))
    several = select(cases.c.received_at, cases.c.case_no, cases.c.resolved_at)
    assert holds_several_instants(several)
    assert len(packed(several).selected_columns) == 2
    nothing = pa.record_batch({"case_no": pa.array([], pa.string()), "packed_instants": pa.array([], pa.binary())})
    assert unpacked(several, nothing).schema.names == ["received_at", "case_no", "resolved_at"]


def codes_read(engine: Engine) -> dict[str, list[str | None]]:
    """The codes of all cases, by column."""
    with begin(engine) as connection, over_snapshot(connection) as elsewhere:
        codes = {name: Codes() for name in WORDS}
        source = CaseSource(elsewhere or over_connection(connection))
        reader = CaseReader(source, read_calendar(connection), {}, codes)
        (rows,) = reader.batches(source.fetch(cases.c.case_no.is_not(None)))
        found = {}
        for name in WORDS:
            words, values = list(codes[name].words), rows.column(name)
            missing = [False] * rows.size if values.null is None else values.null.tolist()
            numbers = zip(values.data.tolist(), missing, strict=True)
            found[name] = sorted((None if nothing else words[number] for number, nothing in numbers), key=str)
    return found


def test_codes_that_come_together_are_taken_apart(engine: Engine) -> None:
    write(engine, a_case("one", grade="A", outcome=""), a_case("two", category="pay", exclusion="tolerated"))
    found = codes_read(engine)
    assert found["track"] == ["branch", "branch"]
    assert found["grade"] == ["A", None]
    assert found["category"] == [None, "pay"]
    assert found["outcome"] == ["", None]
    assert found["exclusion"] == [None, "tolerated"]
    assert found["rating_source"] == [None, None]


def test_a_code_with_a_control_character_is_refused(engine: Engine) -> None:
    write(engine, a_case("one", grade="A\x1fB"))
    with pytest.raises(DataAccessError, match="control character"):
        codes_read(engine)
