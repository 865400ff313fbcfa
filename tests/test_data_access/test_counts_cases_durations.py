"""Durations worked out by hand: minutes, working days, changes of clocks."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from data_access.calendar import fill_calendar
from data_access.question import Question, Rules
from metrics.counts import Fact
from metrics.deadlines import DeadlineRule, Limit
from metrics.period import parse_period
from metrics.working_time import statutory_schedule
from tests.test_data_access.case_companies import (
    LATER,
    MARCH,
    ask,
    at,
    case,
    counted,
    durations,
)


class TestDurations:
    """Whole minutes rounded up; working days by the calendar; impossible ones leave."""

    @pytest.mark.parametrize(
        ("responded", "minutes"),
        [
            ("2026-03-05 08:00", 0),
            ("2026-03-05 08:00:00.000001", 1),
            ("2026-03-05 08:01", 1),
            ("2026-03-05 08:01:00.000001", 2),
            ("2026-03-05 08:01:59.999999", 2),
        ],
    )
    def test_minutes_are_rounded_up(self, shared_engine: Engine, responded: str, minutes: int) -> None:
        row = case("1", "2026-03-05 08:00", responded_at=responded)
        assert durations(shared_engine, Fact.RESPONSE_MINUTES, ask(MARCH, LATER), row) == [(minutes, True)]

    def test_a_case_resolved_before_receipt_stays_in_counts_and_leaves_durations(self, shared_engine: Engine) -> None:
        row = case("1", "2026-03-05 08:00", resolved_at="2026-03-05 07:59", resolution_due_at="2026-03-12")
        found = counted(shared_engine, Fact.RESOLUTIONS_DUE, ask(MARCH, LATER), row)
        assert found == {"resolution_due": 1, "resolved": 1, "resolved_on_time": 1}
        for fact in (Fact.RESOLUTION_MINUTES, Fact.RESOLUTION_WORKING_DAYS):
            assert durations(shared_engine, fact, ask(MARCH, LATER), row) == []

    @pytest.mark.parametrize(
        ("received", "resolved", "days"),
        [
            ("2026-03-05 08:00", "2026-03-05 23:59", 0),
            ("2026-03-06 23:59", "2026-03-07 00:01", 0),
            ("2026-03-06 23:59", "2026-03-09 00:00", 1),
            ("2026-02-13 08:00", "2026-02-24 08:00", 2),
        ],
    )
    def test_working_days_are_those_of_the_calendar(
        self, shared_engine: Engine, received: str, resolved: str, days: int
    ) -> None:
        row = case("1", received, resolved_at=resolved)
        found = durations(shared_engine, Fact.RESOLUTION_WORKING_DAYS, ask("2026Q1", LATER), row)
        assert found == [(days, True)]

    def test_an_open_case_has_waited_until_the_as_of_day(self, shared_engine: Engine) -> None:
        question = ask(MARCH, "2026-03-12 08:00")
        found = durations(shared_engine, Fact.RESOLUTION_WORKING_DAYS, question, case("1", "2026-03-05 08:00"))
        assert found == [(5, False)]

    def test_a_day_outside_the_calendar_has_no_working_days(self, shared_engine: Engine) -> None:
        row = case("1", "2013-12-31 08:00", resolved_at="2014-01-02 08:00")
        assert durations(shared_engine, Fact.RESOLUTION_WORKING_DAYS, ask("2013", LATER), row) == []
        assert durations(shared_engine, Fact.RESOLUTION_MINUTES, ask("2013", LATER), row) == [(48 * 60, True)]


def test_elapsed_time_ignores_the_change_of_clocks(engine: Engine) -> None:
    """On 8 March 2015 New York's day had 23 hours; grade A's 24 hours end an hour later by the wall clock."""
    new_york = ZoneInfo("America/New_York")
    rules = Rules(new_york, (DeadlineRule("A", date(2014, 1, 1), Limit(hours=24), Limit(working_days=1)),), (), ())
    received, noon = at("2015-03-07 12:00", new_york), at("2015-03-08 12:00", new_york)
    row = {**case("1", "2015-03-07"), "grade": "A", "received_at": received, "recorded_at": received}
    row |= {"responded_at": noon, "resolved_at": noon}
    question = Question((parse_period("2015-03"),), datetime(2015, 6, 1, tzinfo=UTC), ask(MARCH, LATER).scope, rules)
    with engine.begin() as connection:
        fill_calendar(connection, new_york, statutory_schedule(), date(2015, 3, 1), date(2015, 6, 1))
    assert durations(engine, Fact.RESPONSE_MINUTES, question, row) == [(23 * 60, True)]
    assert durations(engine, Fact.RESOLUTION_WORKING_DAYS, question, row) == [(0, True)]
    an_hour_later = {**row, "responded_at": at("2015-03-08 13:00", new_york)}
    assert counted(engine, Fact.RESPONSES_DUE, question, an_hour_later)["responded_on_time"] == 1
    first_minute = {**row, "received_at": at("2015-02-28 23:59", new_york)}
    assert counted(engine, Fact.CASES_RECEIVED, question, first_minute) == {}
