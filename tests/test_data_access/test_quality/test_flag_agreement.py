"""Tests of how the source's own on-time flag is compared with our judgement."""

import csv
import gzip
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, insert

from data_access.calendar import fill_calendar
from data_access.quality.flag_agreement import FlagAgreement, flag_agreement
from data_access.question import Filters, Question, Rules
from data_access.scope import Scope
from data_access.tables import cases
from metrics.working_time import statutory_schedule
from tests.test_data_access.test_quality.company import (
    BRANCH,
    COMPANY,
    DAY,
    HOUR,
    NOON,
    NOW,
    RULES,
    VIEWER,
    add_case,
    hierarchy_of,
    write_units,
)

BOSTON = Path(__file__).parents[4] / "shared" / "data" / "boston311" / "boston311_2015H1.csv.gz"
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def connection(transaction: Connection) -> Connection:
    write_units(transaction)
    return transaction


def ask(connection: Connection, scope: Scope = COMPANY, as_of: datetime = NOW, **more: Any) -> FlagAgreement:
    question = Question(parts=(), as_of=as_of, scope=scope, rules=RULES, **more)
    return flag_agreement(connection, hierarchy_of(connection), question)


def test_no_flags_no_agreement(connection: Connection) -> None:
    add_case(connection, "PLAIN")
    assert ask(connection) == FlagAgreement(0, 0, None, ())


def test_a_closed_case_is_judged_by_its_deadline(connection: Connection) -> None:
    due = {"resolution_due_at": NOON + DAY}
    add_case(connection, "IN TIME", resolved_at=NOON + DAY, sla_met=True, **due)
    add_case(connection, "LATE", resolved_at=NOON + DAY + timedelta(microseconds=1), sla_met=False, **due)
    add_case(connection, "WRONG", resolved_at=NOON + 2 * DAY, sla_met=True, **due)
    add_case(connection, "WRONG TOO", resolved_at=NOON, sla_met=False, **due)
    assert ask(connection) == FlagAgreement(4, 2, NOON + 2 * DAY, ("WRONG", "WRONG TOO"))


def test_an_open_case_is_judged_at_the_sources_own_time(connection: Connection) -> None:
    add_case(connection, "LAST EVENT", responded_at=NOON + 2 * DAY, sla_met=True, grade=None)
    add_case(connection, "DUE LATER", resolution_due_at=NOON + 3 * DAY, sla_met=True)
    add_case(connection, "DUE THEN", resolution_due_at=NOON + 2 * DAY, sla_met=True)
    add_case(connection, "OVERDUE THEN", resolution_due_at=NOON + DAY, sla_met=False)
    assert ask(connection) == FlagAgreement(4, 4, NOON + 2 * DAY, ())


def test_without_a_deadline_a_case_is_on_time(connection: Connection) -> None:
    add_case(connection, "SO BE IT", grade=None, sla_met=True)
    add_case(connection, "NOT SO", grade=None, sla_met=False)
    assert ask(connection).disagreeing == ("NOT SO",)


def test_a_deadline_by_grade_counts_as_ours(connection: Connection) -> None:
    add_case(connection, "ON TUESDAY", resolved_at=NOON + 5 * DAY, sla_met=False)
    add_case(connection, "ON WEDNESDAY", resolved_at=NOON + 6 * DAY, sla_met=False)
    expected = FlagAgreement(2, 1, NOON + 6 * DAY, ("ON TUESDAY",))
    assert ask(connection) == expected, "three working days from a Thursday end with Tuesday"


def test_what_happens_after_the_as_of_time_is_not_known(connection: Connection) -> None:
    due = NOON + DAY
    add_case(connection, "CLOSED LATER", resolution_due_at=due, resolved_at=NOON + 2 * DAY, sla_met=True)
    add_case(connection, "NOT YET", received_at=NOON + 2 * DAY, sla_met=True)
    assert ask(connection, as_of=NOON + HOUR) == FlagAgreement(1, 1, NOON, ())


def test_a_scope_and_filters_restrict_what_is_compared(connection: Connection) -> None:
    add_case(connection, "OWN", sla_met=True)
    add_case(connection, "OTHER", responsible_unit_id="B2", grade=None, sla_met=False)
    add_case(connection, "RESTRICTED", restricted=True, grade=None, sla_met=False)
    assert ask(connection, BRANCH) == FlagAgreement(1, 1, NOON, ())
    assert ask(connection).disagreeing == ("OTHER", "RESTRICTED")
    assert ask(connection, VIEWER) == FlagAgreement(3, 1, NOON, ("OTHER",))
    assert ask(connection, filters=Filters(grade="A")).flagged == 1


@pytest.fixture
def boston(transaction: Connection) -> Connection:
    """The real half-year, written without the importer."""
    if not BOSTON.exists():
        pytest.skip(f"no real data at {BOSTON.parent}")
    fill_calendar(transaction, NEW_YORK, statutory_schedule(), date(2015, 1, 1), date(2016, 12, 31))
    transaction.execute(insert(cases), list(boston_cases()))
    return transaction


def boston_cases() -> Iterator[dict[str, Any]]:
    with gzip.open(BOSTON, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            received = moment(row["OPEN_DT"])
            yield {
                "case_no": row["CASE_ENQUIRY_ID"],
                "received_at": received,
                "resolution_due_at": moment(row["TARGET_DT"]),
                "resolved_at": moment(row["CLOSED_DT"]),
                "sla_met": {"ONTIME": True, "OVERDUE": False}.get(row["OnTime_Status"]),
                "recorded_at": received,
                "updated_at": received,
            }


def moment(text: str) -> datetime | None:
    if not text:
        return None
    return datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p").replace(tzinfo=NEW_YORK).astimezone(UTC)


@pytest.mark.shared
@pytest.mark.slow
def test_every_flag_of_boston_agrees(boston: Connection) -> None:
    rules = Rules(NEW_YORK, RULES.deadlines, (), ())
    as_of = datetime(2016, 1, 13, tzinfo=NEW_YORK)
    question = Question(parts=(), as_of=as_of, scope=COMPANY, rules=rules)
    found = flag_agreement(boston, hierarchy_of(boston), question)
    assert (found.flagged, found.agreeing, found.disagreeing) == (58_017, 58_017, ())
