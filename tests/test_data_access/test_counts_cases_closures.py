"""Closures worked out by hand: reopened cases, and what follows a resolution."""

import pytest
from sqlalchemy import Connection, Engine, text

from data_access.counts.case_rows import asked_rows
from data_access.counts.cases_resolved import cases_resolved
from data_access.counts.placing import by_date
from data_access.hierarchy import read_hierarchy
from data_access.tables import cases
from metrics.counts import Fact
from tests.reference.case_record import Row
from tests.test_data_access.case_companies import LATER, MARCH, ask, case, counted, durations, event

REOPENED = {
    "first_resolved_at": "2026-03-05 10:00",
    "reopened_at": "2026-03-20 09:00",
    "resolved_at": "2026-04-02 08:00",
    "resolution_due_at": "2026-03-12",
}


class TestReopened:
    """Due 12 March, resolved 5 March, reopened 20 March, resolved 2 April: late, and took 28 days."""

    row = case("1", "2026-03-05 08:00", **REOPENED)

    def test_a_second_closure_after_the_deadline_is_late(self, shared_engine: Engine) -> None:
        found = counted(shared_engine, Fact.RESOLUTIONS_DUE, ask(MARCH, LATER), self.row)
        assert found == {"resolution_due": 1, "resolved": 1}

    def test_the_time_runs_to_the_second_closure(self, shared_engine: Engine) -> None:
        found = durations(shared_engine, Fact.RESOLUTION_MINUTES, ask(MARCH, LATER), self.row)
        assert found == [(28 * 24 * 60, True)]

    def test_before_it_was_reopened_it_was_in_time(self, shared_engine: Engine) -> None:
        question = ask(MARCH, "2026-03-19")
        found = counted(shared_engine, Fact.RESOLUTIONS_DUE, question, self.row)
        assert found == {"resolution_due": 1, "resolved": 1, "resolved_on_time": 1}
        assert durations(shared_engine, Fact.RESOLUTION_MINUTES, question, self.row) == [(2 * 60, True)]
        assert counted(shared_engine, Fact.CASES_RESOLVED, question, self.row)["resolved_in_period"] == 1

    def test_between_reopening_and_second_closure_it_is_open(self, shared_engine: Engine) -> None:
        question = ask(MARCH, "2026-03-25 08:00")
        assert counted(shared_engine, Fact.RESOLUTIONS_DUE, question, self.row) == {"resolution_due": 1, "overdue": 1}
        assert counted(shared_engine, Fact.OPEN_CASES, question, self.row) == {"open_cases": 1, "overdue_cases": 1}
        assert counted(shared_engine, Fact.CASES_RESOLVED, question, self.row) == {}
        assert durations(shared_engine, Fact.RESOLUTION_MINUTES, question, self.row) == [(20 * 24 * 60, False)]

    def test_the_closure_that_stands_counts_in_its_own_month(self, shared_engine: Engine) -> None:
        assert counted(shared_engine, Fact.CASES_RESOLVED, ask(MARCH, LATER), self.row) == {}
        assert counted(shared_engine, Fact.CASES_RESOLVED, ask("2026-04", LATER), self.row)["resolved_in_period"] == 1

    def test_it_was_reopened_within_30_days_of_the_first_closure(self, shared_engine: Engine) -> None:
        found = counted(shared_engine, Fact.CASES_FIRST_RESOLVED, ask(MARCH, LATER), self.row)
        assert found == {"first_resolved": 1, "reopened": 1}

    def test_30_days_must_have_passed_to_judge_that(self, shared_engine: Engine) -> None:
        early, just = ask(MARCH, "2026-04-04 09:59"), ask(MARCH, "2026-04-04 10:00")
        assert counted(shared_engine, Fact.CASES_FIRST_RESOLVED, early, self.row) == {}
        assert counted(shared_engine, Fact.CASES_FIRST_RESOLVED, just, self.row)["reopened"] == 1

    @pytest.mark.parametrize(("reopened_at", "reopened"), [("2026-04-04 10:00", 1), ("2026-04-04 10:00:00.000001", 0)])
    def test_reopening_after_30_days_is_no_reopening(
        self, shared_engine: Engine, reopened_at: str, reopened: int
    ) -> None:
        row = case("1", "2026-03-05 08:00", first_resolved_at="2026-03-05 10:00", reopened_at=reopened_at)
        assert counted(shared_engine, Fact.CASES_FIRST_RESOLVED, ask(MARCH, LATER), row).get("reopened", 0) == reopened

    def test_a_second_reopening_does_not_hide_the_first(self, shared_engine: Engine) -> None:
        row = case("1", "2026-03-05 08:00", first_resolved_at="2026-03-05 10:00", reopened_at="2026-05-20 09:00")
        first, second = event("1", "1", "reopened", "2026-03-20 09:00"), event("2", "1", "reopened", "2026-05-20 09:00")
        for events, reopened in (((first, second), 1), ((second,), 0)):
            found = counted(shared_engine, Fact.CASES_FIRST_RESOLVED, ask(MARCH, LATER), row, events=events)
            assert found.get("reopened", 0) == reopened


class TestAfterResolution:
    """Told, published, rated: each with its window."""

    @pytest.mark.parametrize(
        ("told", "as_of", "due", "on_time"),
        [
            ("2026-03-10 23:59:59.999999", LATER, 1, 1),
            ("2026-03-11", LATER, 1, 1),
            ("2026-03-11 00:00:01", LATER, 1, 0),
            (None, LATER, 1, 0),
            ("2026-03-06", "2026-03-10 23:59:59", 0, 0),
            ("2026-03-06", "2026-03-11", 1, 1),
        ],
    )
    def test_told_by_the_end_of_the_third_working_day(
        self, shared_engine: Engine, told: str | None, as_of: str, due: int, on_time: int
    ) -> None:
        """Resolved Thursday 5 March: the third working day is Tuesday 10 March."""
        row = case("1", "2026-03-01", resolved_at="2026-03-05 10:00", fed_back_at=told)
        found = counted(shared_engine, Fact.CASES_RESOLVED, ask(MARCH, as_of), row)
        assert (found.get("feedback_due", 0), found.get("fed_back_on_time", 0)) == (due, on_time)

    def test_what_may_be_published(self, shared_engine: Engine) -> None:
        closed = {"resolved_at": "2026-03-05", "published_at": "2026-03-09"}
        rows = [
            case("1", "2026-03-01", **closed),
            case("2", "2026-03-01", **closed, confidential=True),
            case("3", "2026-03-01", **closed, restricted=True),
            case("4", "2026-03-01", **{**closed, "published_at": "2026-07-02"}),
        ]
        found = counted(shared_engine, Fact.CASES_RESOLVED, ask(MARCH, LATER), *rows)
        assert (found["resolved_in_period"], found["publishable"], found["published"]) == (4, 2, 1)

    def test_outcomes_and_grassroots(self, shared_engine: Engine) -> None:
        closed = {"resolved_at": "2026-03-05"}
        rows = [
            case("1", "2026-03-01", **closed, outcome="solved", resolved_level="team"),
            case("2", "2026-03-01", **closed, outcome="partly", resolved_level="branch", escalated_at="2026-03-02"),
            case("3", "2026-03-01", **closed, outcome="odd", resolved_level="branch", escalated_at="2026-08-02"),
            case("4", "2026-03-01", **closed, resolved_level="company"),
        ]
        found = counted(shared_engine, Fact.CASES_RESOLVED, ask(MARCH, LATER), *rows)
        assert (found["outcome_known"], found["solved"], found["resolved_at_grassroots"]) == (2, 1, 2)

    @pytest.mark.parametrize(("as_of", "told"), [("2026-03-12 09:59", {}), ("2026-03-12 10:00", {"told": 1})])
    def test_a_week_to_rate_after_being_told(self, shared_engine: Engine, as_of: str, told: Row) -> None:
        row = case("1", "2026-03-01", fed_back_at="2026-03-05 10:00", rated_at="2026-03-20")
        assert counted(shared_engine, Fact.CASES_FED_BACK, ask(MARCH, as_of), row) == told
        rated = counted(shared_engine, Fact.CASES_FED_BACK, ask(MARCH, LATER), row)
        assert rated == {"told": 1, "told_and_rated": 1}

    def test_only_ratings_from_1_to_5_are_ratings(self, shared_engine: Engine) -> None:
        ratings = (None, 0, 1, 2, 3, 4, 5, 9)
        rows = [case(str(one), "2026-03-01", rating=one, rated_at="2026-03-05") for one in ratings]
        found = counted(shared_engine, Fact.CASES_RATED, ask(MARCH, LATER), *rows)
        assert found == {"ratings": 5, "ratings_high": 2, "ratings_middle": 1}


def test_a_first_closure_that_stood_is_found_by_an_index_of_its_own(transaction: Connection) -> None:
    """Among all first closures of a quarter there are few such, and a branch has few of those."""
    own = "ix_cases_closed_again"
    for other in (index for index in cases.indexes if index.name != own):
        other.drop(transaction)
    placing = by_date(Fact.CASES_RESOLVED, read_hierarchy(transaction), ask(MARCH, "2026-04-18 10:30"))
    source = asked_rows(placing, cases_resolved)
    assert own in _plan(transaction, source.compile(transaction, compile_kwargs={"literal_binds": True}).string)


def _plan(connection: Connection, statement: str) -> str:
    if connection.dialect.name == "sqlite":
        return str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}").all())
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    return str(connection.exec_driver_sql(f"EXPLAIN {statement}".replace("%", "%%")).all())
