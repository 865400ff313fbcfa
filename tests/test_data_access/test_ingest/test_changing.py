"""Rows changed and taken back where tables are spread over a cluster, and events that move to another case."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from data_access.distribute import distribute
from data_access.engine import writer
from data_access.ingest.importer import import_file
from data_access.ingest.undo import undo
from data_access.settings import Settings
from data_access.tables import case_events, cases, org_units, unit_parents
from tests.test_data_access.pretended_cluster import pretend_cluster
from tests.test_data_access.test_ingest.importing import PARENTS, UNITS, options, stored, text_source

OUR_OWN = ("stage_", "known_", "given", "import_changes", "SELECT")
EVENTS = "id,case_no,kind,at,new\nE1,S1,regraded,2026-03-06 10:00,B\nE2,S1,urged,2026-03-07 10:00,\n"
TWO_CASES = "诉求编号,受理时间,等级\nS1,2026-03-05 10:00,A\nS2,2026-03-05 11:00,A\n"


@pytest.fixture
def cluster(postgres_settings: Settings) -> Iterator[Engine]:
    with writer(postgres_settings) as engine:
        pretend_cluster(engine)
        distribute(engine)
        yield engine


@contextmanager
def sent(engine: Engine) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    statements: list[str] = []

    def note(_connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.postgres
def test_copies_on_every_node_are_changed_by_constants_only(cluster: Engine) -> None:
    import_file(cluster, text_source(UNITS), options())
    import_file(cluster, text_source(PARENTS), options())
    before = stored(cluster, org_units, "id", "name", "kind")
    with sent(cluster) as statements:
        renamed = import_file(cluster, text_source(UNITS.replace("采煤一班", "采煤九班")), options())
        moved = import_file(cluster, text_source(PARENTS.replace("T1,B1", "T1,C")), options())
        assert (renamed.changed, moved.changed) == (1, 1)
        assert ("T1", "采煤九班") in stored(cluster, org_units, "id", "name")
        assert ("T1", "C") in stored(cluster, unit_parents, "unit_id", "parent_id")
        undo(cluster, 4, "tester")
        undo(cluster, 3, "tester")
        assert ("T1", "B1") in stored(cluster, unit_parents, "unit_id", "parent_id")
        undo(cluster, 2, "tester")
    assert stored(cluster, org_units, "id", "name", "kind") == before
    assert stored(cluster, unit_parents, "unit_id") == []
    changes = [each for each in statements if each.startswith(("UPDATE org", "UPDATE unit", "DELETE FROM unit"))]
    assert len(changes) >= 5
    assert not [each for each in changes if any(name in each for name in OUR_OWN)]


@pytest.mark.postgres
def test_the_column_of_distribution_is_never_set(cluster: Engine) -> None:
    with sent(cluster) as statements:
        change_and_take_back(cluster)
    changes = [each for each in statements if each.startswith(("UPDATE case", "DELETE FROM case"))]
    assert changes
    assert not [each for each in changes if "SET case_no" in each or ", case_no=" in each]


def test_an_event_moves_to_another_case_and_back(engine: Engine) -> None:
    change_and_take_back(engine)


def change_and_take_back(engine: Engine) -> None:
    import_file(engine, text_source(TWO_CASES), options())
    import_file(engine, text_source(EVENTS), options())
    before = stored(engine, case_events, "id", "case_no", "kind", "at", "new", "recorded_at")
    # Without the column ``new``: what the file doesn't say stays.
    moved = "id,case_no,kind,at\nE1,S2,regraded,2026-03-06 12:00\nE2,S1,urged,2026-03-07 10:00\n"
    report = import_file(engine, text_source(moved), options())
    assert (report.changed, report.unchanged) == (1, 1)
    assert [row[:2] for row in stored(engine, case_events, "id", "case_no", "new")] == [("E1", "S2"), ("E2", "S1")]
    assert ("E1", "B") in stored(engine, case_events, "id", "new")
    changed = import_file(engine, text_source(TWO_CASES.replace("11:00,A", "11:00,C")), options())
    assert changed.changed == 1
    assert stored(engine, cases, "case_no", "grade") == [("S1", "A"), ("S2", "C")]
    undo(engine, 4, "tester")
    assert stored(engine, cases, "case_no", "grade") == [("S1", "A"), ("S2", "A")]
    assert undo(engine, 3, "tester").restored == 1
    assert stored(engine, case_events, "id", "case_no", "kind", "at", "new", "recorded_at") == before
