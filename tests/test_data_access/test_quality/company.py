"""A small company without a bad row, and rows that are bad in one way each."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table, insert

from data_access.hierarchy import Hierarchy, read_hierarchy
from data_access.quality.rule import Circumstances
from data_access.question import Rules
from data_access.scope import Scope, Verb, local_scope
from data_access.tables import (
    case_events,
    cases,
    chat_groups,
    org_units,
    unit_parents,
)
from metrics import vocabulary
from metrics.deadlines import DeadlineRule, Limit

NOW = datetime(2026, 3, 31, 4, 0, tzinfo=UTC)
NOON = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)
SEEN = {"recorded_at": NOON, "updated_at": NOON}
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MARCH = date(2026, 3, 1)

VOCABULARY = vocabulary.load(None)
CODES = {section: VOCABULARY.codes(section) for section in vocabulary.SECTIONS}
RULES = Rules(
    time_zone=ZoneInfo("Asia/Shanghai"),
    deadlines=(
        DeadlineRule("A", date(2026, 1, 1), Limit(hours=2), Limit(working_days=3)),
        DeadlineRule("B", date(2026, 1, 1), Limit(), Limit(working_days=7)),
    ),
    obligations=(),
    networks=("party",),
)
COMPANY = local_scope("tester")
BRANCH = Scope("secretary", "B1", frozenset({Verb.VIEW, Verb.HANDLE}))
VIEWER = Scope("viewer")


def add(connection: Connection, table: Table, **row: Any) -> None:
    connection.execute(insert(table), SEEN | row)


def write_units(connection: Connection) -> None:
    for unit_id, kind in (("C", "company"), ("B1", "branch"), ("B2", "branch"), ("T1", "team")):
        add(connection, org_units, id=unit_id, name=unit_id, kind=kind)
    for unit_id, parent_id in (("B1", "C"), ("B2", "C"), ("T1", "B1")):
        add(connection, unit_parents, unit_id=unit_id, parent_id=parent_id, valid_from=date(2020, 1, 1))


def write_company(connection: Connection) -> None:
    """Units, one good case with its decision, and a group."""
    write_units(connection)
    add_case(
        connection,
        "GOOD",
        origin_unit_id="B2",
        track="company",
        channel="hotline",
        category="pay",
        responded_at=NOON + HOUR,
        first_resolved_at=NOON + DAY,
        resolved_at=NOON + DAY,
        fed_back_at=NOON + DAY,
        outcome="solved",
        rating=5,
        exclusion="tolerated",
    )
    add(connection, case_events, id="E", case_no="GOOD", kind="excluded", at=NOON)
    add(connection, chat_groups, id="G", platform="wecom", unit_id="T1", created_on=MARCH)


def add_case(connection: Connection, case_no: str, **row: Any) -> None:
    """A case of team T1, grade A, received at NOON, unless said otherwise."""
    usual = {"grade": "A", "received_at": NOON, "responsible_unit_id": "T1"}
    add(connection, cases, **(usual | {"case_no": case_no} | row))


def circumstances(connection: Connection, scope: Scope = COMPANY) -> Circumstances:
    return Circumstances(scope, hierarchy_of(connection), CODES, RULES, NOW)


def hierarchy_of(connection: Connection) -> Hierarchy:
    return read_hierarchy(connection)
