"""Tests of freshness and of the import log."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert, update

from data_access.quality.freshness import TableFreshness, read_import_log, read_table_freshness
from data_access.scope import Scope
from data_access.tables import SOURCE_TABLES, cases, import_batches
from tests.test_data_access.test_quality.company import BRANCH, COMPANY, NOON, add_case, hierarchy_of, write_company

TODAY = date(2026, 3, 31)
COUNTS = {"rows": 10, "inserted": 4, "changed": 3, "unchanged": 2, "rejected": 1, "warnings": 5}


@pytest.fixture
def connection(transaction: Connection) -> Connection:
    write_company(transaction)
    return transaction


def freshness(connection: Connection, scope: Scope = COMPANY) -> dict[str, TableFreshness]:
    found = read_table_freshness(connection, scope, hierarchy_of(connection), TODAY)
    assert [each.table for each in found] == [table.name for table in SOURCE_TABLES]
    return {each.table: each for each in found}


def test_freshness_tells_rows_and_newest_change(connection: Connection) -> None:
    later = NOON + timedelta(days=1)
    connection.execute(update(cases).values(updated_at=later))
    found = freshness(connection)
    assert found["cases"] == TableFreshness("cases", 1, later)
    assert found["org_units"] == TableFreshness("org_units", 4, NOON)
    assert found["duties"] == TableFreshness("duties", 0, None)


def test_freshness_of_a_branch_is_of_its_own_rows(connection: Connection) -> None:
    add_case(connection, "OTHER", responsible_unit_id="B2")
    found = freshness(connection, BRANCH)
    assert (found["cases"].rows, found["org_units"].rows, found["case_events"].rows) == (1, 2, 1)


def write_batch(connection: Connection, **changes: Any) -> None:
    usual = {"file_name": "march.xlsx", "file_hash": "ab", "user": "clerk", "started_at": NOON, "finished_at": NOON}
    connection.execute(insert(import_batches), usual | COUNTS | changes)


def test_the_import_log_has_the_newest_batch_first(connection: Connection) -> None:
    write_batch(connection)
    write_batch(connection, file_name="april.csv", mapping="boston311", undone_at=NOON)
    newest, oldest = read_import_log(connection, COMPANY, hierarchy_of(connection))
    assert (newest.file_name, newest.mapping, newest.undone_at) == ("april.csv", "boston311", NOON)
    assert (oldest.file_name, oldest.mapping, oldest.undone_at) == ("march.xlsx", None, None)
    assert {name: getattr(oldest, name) for name in COUNTS} == COUNTS
    assert read_import_log(connection, COMPANY, hierarchy_of(connection), limit=1) == (newest,)


def test_below_the_company_the_log_shows_the_viewers_own(connection: Connection) -> None:
    write_batch(connection)
    write_batch(connection, user=BRANCH.user)
    assert [batch.user for batch in read_import_log(connection, BRANCH, hierarchy_of(connection))] == [BRANCH.user]
