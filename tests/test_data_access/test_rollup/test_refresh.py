"""Refreshes: what changed is counted anew, and a full rebuild gives the same tables."""

import random
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, delete, func, insert, inspect, select, update

from data_access.dialect import own_name
from data_access.engine import begin, connect
from data_access.hierarchy import read_hierarchy
from data_access.rollup.check import check_rollups
from data_access.rollup.fresh import INDEXES
from data_access.rollup.refresh import FULL, INCREMENTAL, refresh
from data_access.rollup.state import read_ready, read_state
from data_access.rollup_tables import case_blocks, refresh_log
from data_access.tables import case_events, cases, duties, org_units, unit_parents
from sample_data import make
from sample_data.make import built_in_rules

RULES = built_in_rules()
UNTIL = datetime(2026, 11, 5, tzinfo=RULES.time_zone)
MORNING = datetime(2026, 11, 5, 1, tzinfo=UTC)
CHANGES = 40


@pytest.fixture
def company(engine: Engine) -> Engine:
    """A database with a sample company whose rollups were just made."""
    make(engine, "small", 1, UNTIL.date(), 700)
    refresh(engine, RULES, now=MORNING)
    return engine


def silent(_done: int, _steps: int) -> None:
    pass


def differing(engine: Engine) -> dict[str, int]:
    found = check_rollups(engine, RULES, silent)
    assert found is not None
    return {each.table: each.rows for each in found if each.rows}


def disturb(connection: Connection, now: datetime) -> None:
    """Many small changes of every kind, as other systems make them."""
    chance = random.Random(7)
    numbers = list(connection.execute(select(cases.c.case_no).order_by(cases.c.case_no)).scalars())
    for number in chance.sample(numbers, CHANGES):
        chance.choice(KINDS_OF_CHANGE)(connection, number, now, chance)


def _resolve(connection: Connection, number: str, now: datetime, chance: random.Random) -> None:
    at = now - timedelta(days=chance.randrange(90))
    _change(connection, number, now, resolved_at=at, responded_at=at, outcome="solved")


def _reopen(connection: Connection, number: str, now: datetime, chance: random.Random) -> None:
    at = now - timedelta(days=chance.randrange(20))
    _change(connection, number, now, first_resolved_at=cases.c.resolved_at, resolved_at=None, reopened_at=at)
    event = {"id": f"again {number}", "case_no": number, "kind": "reopened", "at": at}
    connection.execute(insert(case_events).values(**event, recorded_at=now, updated_at=now))


def _move_receipt(connection: Connection, number: str, now: datetime, chance: random.Random) -> None:
    received = connection.execute(select(cases.c.received_at).where(cases.c.case_no == number)).scalar_one()
    moved = min(received + timedelta(days=chance.randrange(1, 70)), now - timedelta(days=1))
    _change(connection, number, now, received_at=moved)


def _exclude(connection: Connection, number: str, now: datetime, chance: random.Random) -> None:
    kind = chance.choice(["duplicate", "out_of_remit", "tolerated"])
    _change(connection, number, now, exclusion=kind, excluded_at=now - timedelta(days=chance.randrange(200)))


def _delete(connection: Connection, number: str, _now: datetime, _chance: random.Random) -> None:
    connection.execute(delete(cases).where(cases.c.case_no == number))


def _insert_late(connection: Connection, number: str, now: datetime, chance: random.Random) -> None:
    row = dict(connection.execute(select(cases).where(cases.c.case_no == number)).mappings().one())
    row |= {"case_no": f"late {number}", "recorded_at": now, "updated_at": now}
    connection.execute(insert(cases).values(**row))


def _change(connection: Connection, number: str, now: datetime, **values: object) -> None:
    connection.execute(update(cases).where(cases.c.case_no == number).values(**values, updated_at=now))


KINDS_OF_CHANGE: tuple[Callable[[Connection, str, datetime, random.Random], None], ...] = (
    _resolve,
    _reopen,
    _move_receipt,
    _exclude,
    _delete,
    _insert_late,
)


@pytest.mark.parametrize("later", [timedelta(hours=2), timedelta(days=1), timedelta(days=4)])
def test_an_incremental_refresh_gives_what_a_full_one_gives(company: Engine, later: timedelta) -> None:
    now = MORNING + later
    with begin(company) as connection:
        disturb(connection, now)
    assert differing(company)
    assert refresh(company, RULES, now=now).kind == INCREMENTAL
    assert differing(company) == {}


def test_new_tables_have_the_indexes_of_those_they_replace(company: Engine) -> None:
    with begin(company) as connection:
        connection.execute(update(duties).values(updated_at=MORNING + timedelta(hours=1)))
    for full in (False, True):
        refresh(company, RULES, now=MORNING + timedelta(hours=2), full=full)
        for table, lookups in INDEXES.items():
            schema, name = own_name(table, company.dialect.name)
            found = {each["name"] for each in inspect(company).get_indexes(name, schema=schema)}
            assert found == {lookup.name(table.name) for lookup in lookups}


def test_a_settled_month_forces_a_full_refresh(company: Engine) -> None:
    assert refresh(company, RULES, now=MORNING + timedelta(days=7)).kind == FULL
    assert differing(company) == {}


def test_the_day_after_a_settlement_forces_a_full_refresh(company: Engine) -> None:
    settled = datetime(2026, 11, 11, 1, tzinfo=UTC)
    assert refresh(company, RULES, now=settled).kind == FULL
    assert refresh(company, RULES, now=settled + timedelta(days=1)).kind == FULL
    assert differing(company) == {}
    assert refresh(company, RULES, now=settled + timedelta(days=2)).kind == INCREMENTAL
    assert differing(company) == {}


def test_time_alone_changes_what_lies_ahead(company: Engine) -> None:
    done = refresh(company, RULES, now=MORNING + timedelta(days=3))
    assert done.kind == INCREMENTAL
    assert done.partitions > 0
    assert differing(company) == {}


def test_a_refresh_of_nothing_new_leaves_the_tables_as_they_are(company: Engine) -> None:
    def total() -> int:
        with connect(company) as connection:
            return connection.execute(select(func.count()).select_from(case_blocks)).scalar_one()

    before = total()
    assert refresh(company, RULES, now=MORNING).kind == INCREMENTAL
    assert total() == before


def test_a_move_of_a_unit_forces_a_full_refresh(company: Engine) -> None:
    with begin(company) as connection:
        team = select(org_units.c.id).where(org_units.c.kind == "team").limit(1).scalar_subquery()
        connection.execute(update(unit_parents).where(unit_parents.c.unit_id == team).values(parent_id="SF"))
    with connect(company) as connection:
        assert read_ready(connection, read_hierarchy(connection), RULES) is None
    assert refresh(company, RULES, now=MORNING).kind == FULL
    assert differing(company) == {}


def test_two_refreshes_at_once_do_no_harm(company: Engine) -> None:
    errors: list[Exception] = []

    def run() -> None:
        try:
            refresh(company, RULES, full=True, now=MORNING)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert differing(company) == {}
    with connect(company) as connection:
        assert connection.execute(select(func.count()).select_from(refresh_log)).scalar_one() == 3


def test_a_failed_refresh_leaves_everything_as_it_was(company: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with connect(company) as connection:
        before = read_state(connection)

    def fail(_done: int, _steps: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        refresh(company, RULES, full=True, now=MORNING, progress=fail)
    with connect(company) as connection:
        assert read_state(connection) == before
    assert differing(company) == {}


def test_without_a_refresh_there_is_nothing_to_compare(engine: Engine) -> None:
    assert check_rollups(engine, RULES, silent) is None


def test_an_empty_database_can_be_refreshed(engine: Engine) -> None:
    assert refresh(engine, RULES, now=MORNING).kind == FULL
    assert differing(engine) == {}
