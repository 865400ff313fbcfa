"""Deadlines worked out by hand: a case's own, those of its grade, and what falls due."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from metrics.counts import Fact
from tests.test_data_access.case_companies import LATER, MARCH, ask, at, case, company, count, counted, write


class TestDeadlines:
    """A case's own deadline wins; else grade and day of receipt decide; without either there is none."""

    def test_done_at_the_deadline_is_in_time_and_a_microsecond_later_is_not(self, shared_engine: Engine) -> None:
        due = "2026-03-12 09:00"
        times = ("2026-03-12 09:00", "2026-03-12 09:00:00.000001")
        rows = [case(time, "2026-03-01", response_due_at=due, responded_at=time) for time in times]
        found = counted(shared_engine, Fact.RESPONSES_DUE, ask(MARCH, LATER), *rows)
        assert found == {"response_due": 2, "responded": 2, "responded_on_time": 1}
        rows = [case(time, "2026-03-01", resolution_due_at=due, resolved_at=time) for time in times]
        found = counted(shared_engine, Fact.RESOLUTIONS_DUE, ask(MARCH, LATER), *rows)
        assert found == {"resolution_due": 2, "resolved": 2, "resolved_on_time": 1}

    @pytest.mark.parametrize(("as_of", "due"), [("2026-03-12 08:59:59", 0), ("2026-03-12 09:00", 1)])
    def test_no_case_is_judged_before_its_deadline(self, shared_engine: Engine, as_of: str, due: int) -> None:
        row = case("1", "2026-03-01", response_due_at="2026-03-12 09:00")
        assert counted(shared_engine, Fact.RESPONSES_DUE, ask(MARCH, as_of), row).get("response_due", 0) == due

    @pytest.mark.parametrize(
        ("grade", "received", "last_in_time"),
        [
            ("A", "2026-03-05 23:30", "2026-03-06 01:30"),
            ("B", "2026-02-27 10:00", "2026-02-28 10:00"),
            ("B", "2026-02-28 23:59:59", "2026-03-01 23:59:59"),
            ("B", "2026-03-01 00:00", "2026-03-01 12:00"),
            ("C", "2026-03-05 08:00", "2026-03-11"),
        ],
    )
    def test_the_response_deadline_of_a_grade(
        self, shared_engine: Engine, grade: str, received: str, last_in_time: str
    ) -> None:
        """Hours by the clock; from 1 March grade B has 12; three working days from Thursday end on Tuesday."""
        edge = at(last_in_time)
        late = edge + timedelta(microseconds=1)
        rows = [
            {**case(number, received, grade=grade), "responded_at": moment}
            for number, moment in (("in time", edge), ("late", late))
        ]
        found = counted(shared_engine, Fact.RESPONSES_DUE, ask("2026", LATER), *rows)
        assert found == {"response_due": 2, "responded": 2, "responded_on_time": 1}

    def test_working_days_skip_the_spring_festival(self, shared_engine: Engine) -> None:
        """Received Friday 13 February: Saturday 14 is a make-up day, 15 to 23 are holidays, then 24 and 25."""
        row = case("1", "2026-02-13 17:00", grade="A")
        assert counted(shared_engine, Fact.RESOLUTIONS_DUE, ask("2026-02", "2026-02-25 23:59:59"), row) == {}
        found = counted(shared_engine, Fact.RESOLUTIONS_DUE, ask("2026-02", "2026-02-26"), row)
        assert found == {"resolution_due": 1, "overdue": 1}

    def test_a_deadline_at_midnight_belongs_to_the_day_that_begins_with_it(self, shared_engine: Engine) -> None:
        row = case("1", "2026-03-01", resolution_due_at="2026-04-01")
        assert counted(shared_engine, Fact.RESOLUTIONS_DUE, ask(MARCH, LATER), row) == {}
        assert counted(shared_engine, Fact.RESOLUTIONS_DUE, ask("2026-04", LATER), row)["resolution_due"] == 1

    @pytest.mark.parametrize("grade", [None, "Z"])
    def test_without_grade_and_due_time_there_is_no_deadline(self, shared_engine: Engine, grade: str | None) -> None:
        row = case("1", "2026-03-05", grade=grade, resolved_at="2026-03-06", responded_at="2026-03-06")
        for fact in (Fact.RESPONSES_DUE, Fact.RESOLUTIONS_DUE):
            assert counted(shared_engine, fact, ask("2026", LATER), row) == {}
        assert counted(shared_engine, Fact.CASES_RECEIVED, ask("2026", LATER), row)["received"] == 1

    def test_without_grade_an_open_case_is_open_and_never_overdue(self, shared_engine: Engine) -> None:
        assert counted(shared_engine, Fact.OPEN_CASES, ask(MARCH, LATER), case("1", "2026-03-05")) == {"open_cases": 1}

    @pytest.mark.parametrize(
        ("period", "due"), [("2026-03-25..2026-03-25", 0), ("2026-03-26..2026-03-26", 1), ("2026-03-27..2026-03-27", 0)]
    )
    def test_a_case_received_long_before_it_is_due(self, shared_engine: Engine, period: str, due: int) -> None:
        """Received Wednesday 4 March: the fifteenth working day after it is Wednesday 25, and ends on the 26th."""
        row = case("1", "2026-03-04 10:00", grade="C")
        found = counted(shared_engine, Fact.RESOLUTIONS_DUE, ask(period, LATER), row)
        assert found.get("resolution_due", 0) == due

    def test_a_case_from_before_the_first_rule_has_no_deadline(self, shared_engine: Engine) -> None:
        row = case("1", "2025-12-31 10:00", grade="C")
        assert counted(shared_engine, Fact.RESPONSES_DUE, ask("2025-01-01..2026-12-31", LATER), row) == {}

    @pytest.mark.parametrize(("due", "falling_due"), [("2026-03-20", 0), ("2026-03-30", 1), ("2026-03-30 00:00:01", 0)])
    def test_cases_fall_due_within_ten_days(self, shared_engine: Engine, due: str, falling_due: int) -> None:
        row = case("1", "2026-03-05", resolution_due_at=due)
        found = counted(shared_engine, Fact.OPEN_CASES, ask(MARCH, "2026-03-20"), row)
        assert found.get("falling_due", 0) == falling_due
        assert found.get("overdue_cases", 0) == (1 if due == "2026-03-20" else 0)


@pytest.mark.parametrize(
    ("as_of", "band"),
    [
        ("2026-03-12 23:59", "0-7"),
        ("2026-03-13", "8-15"),
        ("2026-03-21", "16-30"),
        ("2026-04-05", "31-90"),
        ("2026-06-03 23:59", "31-90"),
        ("2026-06-04", "91+"),
    ],
)
def test_age_bands_count_whole_days_since_receipt(shared_engine: Engine, as_of: str, band: str) -> None:
    with shared_engine.connect() as connection:
        write(connection, company(case("1", "2026-03-05")))
        found = count(connection, Fact.OPEN_CASES, ask(MARCH, as_of, dimensions=("age_band",)))
    assert [key[5] for key in found] == [band]
