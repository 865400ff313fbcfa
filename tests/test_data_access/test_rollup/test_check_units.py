"""The check finds what is wrong in any rollup of units and decisions, and nothing after a refresh."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import ColumnElement, Connection, Engine, Select, Table, delete, insert, select, update

from data_access.engine import begin
from data_access.rollup.block import BLOCK_KINDS
from data_access.rollup.check import check_rollups
from data_access.rollup.refresh import INCREMENTAL, refresh
from data_access.rollup_tables import ROLLUP_TABLES, duty_counts, event_counts, unit_counts, zone_load_counts
from data_access.tables import case_events, cases, chat_group_months, contact_points, duties, headcounts, zones
from sample_data import make
from sample_data.make import built_in_rules

RULES = built_in_rules()
UNTIL = date(2026, 11, 5)
MORNING = datetime(2026, 11, 5, 1, tzinfo=UTC)
LATER = MORNING + timedelta(hours=2)
KEPT = (
    (duty_counts, "duties_owed"),
    (unit_counts, "employees"),
    (zone_load_counts, "posts"),
    (event_counts, "extended"),
)
Tamper = Callable[[Connection, Table, str], None]


@pytest.fixture
def company(engine: Engine) -> Engine:
    """A database with a sample company whose rollups were just made."""
    make(engine, "small", 1, UNTIL, 700)
    refresh(engine, RULES, now=MORNING)
    return engine


def differing(engine: Engine) -> dict[str, int]:
    found = check_rollups(engine, RULES, lambda _done, _steps: None)
    assert found is not None
    return {each.table: each.rows for each in found if each.rows}


def count_one_more(connection: Connection, table: Table, name: str) -> None:
    """Another number in one row, found by all its keys."""
    row = dict(connection.execute(_a_row(table, name)).mappings().one())
    connection.execute(update(table).where(*_same(table, row)).values({name: row[name] + 1}))


def lose_a_row(connection: Connection, table: Table, name: str) -> None:
    row = dict(connection.execute(_a_row(table, name)).mappings().one())
    connection.execute(delete(table).where(*_same(table, row)))


def make_a_row_up(connection: Connection, table: Table, name: str) -> None:
    row = dict(connection.execute(_a_row(table, name)).mappings().one())
    connection.execute(insert(table).values({**row, "unit_id": "nobody"}))


def _a_row(table: Table, name: str) -> Select[Any]:
    return select(table).where(table.c.grain == "unit", table.c[name] > 0).limit(1)


def _same(table: Table, row: dict[str, object]) -> list[ColumnElement[bool]]:
    return [table.c[name].is_not_distinct_from(value) for name, value in row.items()]


def test_every_rollup_is_compared(company: Engine) -> None:
    found = check_rollups(company, RULES, lambda _done, _steps: None)
    assert found is not None
    bookkeeping = {"rollup_sources", "rollup_partitions", "refresh_log"}
    blocks = {kind.name for kind in BLOCK_KINDS}
    others = {table.name for table in ROLLUP_TABLES} - {"case_blocks", "case_words"} - bookkeeping
    assert {each.table for each in found} == blocks | others


@pytest.mark.parametrize("tamper", [count_one_more, lose_a_row, make_a_row_up])
def test_one_wrong_row_is_found_in_each_rollup(company: Engine, tamper: Tamper) -> None:
    with begin(company) as connection:
        for table, name in KEPT:
            tamper(connection, table, name)
    assert differing(company) == {table.name: 1 for table, _ in KEPT}


def disturb(connection: Connection) -> None:
    """Changes in what units and decisions are counted from, as other systems make them."""
    _shorten_zones(connection)
    _change_some(connection, duties, "id", done=0)
    _change_some(connection, headcounts, "unit_id", employees=7)
    _change_some(connection, chat_group_months, "group_id", active_days=0)
    _change_some(connection, contact_points, "department_id", fed_back_at=None)
    _decide(connection)


def _shorten_zones(connection: Connection) -> None:
    some = connection.execute(select(zones.c.id).order_by(zones.c.id).limit(9)).scalars().all()
    ended = zones.c.id.in_(some[1:])
    connection.execute(update(zones).where(ended).values(valid_to=date(2026, 8, 15), updated_at=LATER))
    connection.execute(delete(zones).where(zones.c.id == some[0]))


def _change_some(connection: Connection, table: Table, key: str, **values: object) -> None:
    some = connection.execute(select(table.c[key]).distinct().order_by(table.c[key]).limit(5)).scalars().all()
    connection.execute(update(table).where(table.c[key].in_(some)).values(**values, updated_at=LATER))


def _decide(connection: Connection) -> None:
    """Decisions of one kind at the same instant, in the same year and before the case was known."""
    numbers = connection.execute(select(cases.c.case_no, cases.c.received_at).order_by(cases.c.case_no).limit(30)).all()
    rows = [
        {
            "id": f"{number} {place}",
            "case_no": number,
            "kind": "extended",
            "at": received + timedelta(days=days),
            "decided_by": f"post {place}",
            "recorded_at": LATER,
            "updated_at": LATER,
        }
        for number, received in numbers
        for place, days in enumerate((9, 9, 60, -1))
    ]
    connection.execute(insert(case_events), rows)


def test_changes_are_found_and_an_incremental_refresh_mends_them(company: Engine) -> None:
    with begin(company) as connection:
        disturb(connection)
    found = differing(company)
    assert {"duty_counts", "unit_counts", "zone_load_counts", "event_counts"} <= found.keys()
    assert refresh(company, RULES, now=LATER).kind == INCREMENTAL
    assert differing(company) == {}


def test_a_full_refresh_after_a_settlement_leaves_nothing_to_mend(company: Engine) -> None:
    refresh(company, RULES, now=MORNING + timedelta(days=7))
    assert differing(company) == {}
