"""Tests of instants: what goes in comes out, in an order that the database sees too."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import StatementError

from data_access.instant import to_text
from data_access.tables import audit_log

ENTRY = {"user": "tester", "action": "look"}
SHANGHAI = timezone(timedelta(hours=8))


def test_an_instant_comes_back_in_utc_to_the_microsecond(transaction: Connection) -> None:
    at = datetime(2026, 3, 5, 14, 20, 33, 1, tzinfo=SHANGHAI)
    transaction.execute(insert(audit_log), ENTRY | {"at": at})
    found = transaction.execute(select(audit_log.c.at)).scalar_one()
    assert found == at
    assert found.utcoffset() == timedelta(0)


def test_instants_sort_as_time(transaction: Connection) -> None:
    times = [datetime(999, 1, 1, tzinfo=UTC), datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 3, 5, 0, 0, 0, 1, UTC)]
    transaction.execute(insert(audit_log), [ENTRY | {"at": at} for at in reversed(times)])
    assert list(transaction.execute(select(audit_log.c.at).order_by(audit_log.c.at)).scalars()) == times


def test_a_time_without_zone_is_refused(transaction: Connection) -> None:
    with pytest.raises(StatementError, match="has no time zone"):
        transaction.execute(insert(audit_log), ENTRY | {"at": datetime(2026, 3, 5)})


def test_text_has_one_width() -> None:
    assert to_text(datetime(2026, 3, 5, 8, tzinfo=SHANGHAI)) == "2026-03-05 00:00:00.000000"
    assert to_text(datetime(999, 3, 5, tzinfo=UTC)) == "0999-03-05 00:00:00.000000"
