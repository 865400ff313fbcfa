"""Exclusions worked out by hand, and what is known at the as-of time."""

import pytest
from sqlalchemy import Engine

from data_access.question import View
from metrics.counts import Fact
from tests.reference.case_record import Row
from tests.test_data_access.case_companies import LATER, MARCH, ask, at, case, counted, durations


class TestExclusion:
    """Exclusions take cases out of the scored view from the time they were decided; tolerance counts as met."""

    full = ask(MARCH, LATER, view=View.FULL)
    scored = ask(MARCH, LATER)

    @staticmethod
    def row(exclusion: str, **more: object) -> Row:
        due = {"response_due_at": "2026-03-06", "resolution_due_at": "2026-03-12"}
        return case(exclusion, "2026-03-05", exclusion=exclusion, **{**due, **more})

    @pytest.mark.parametrize("exclusion", ["duplicate", "withdrawn"])
    def test_duplicate_and_withdrawn_leave_all_but_received(self, shared_engine: Engine, exclusion: str) -> None:
        row = self.row(exclusion)
        found = counted(shared_engine, Fact.CASES_RECEIVED, self.scored, row)
        assert found == {"received": 1, "registered_on_time": 1, "excluded_cases": 1}
        for fact in (Fact.RESPONSES_DUE, Fact.RESOLUTIONS_DUE, Fact.OPEN_CASES):
            assert counted(shared_engine, fact, self.scored, row) == {}
            assert counted(shared_engine, fact, self.full, row) != {}
        assert durations(shared_engine, Fact.RESPONSE_MINUTES, self.scored, row) == []

    @pytest.mark.parametrize("exclusion", ["out_of_remit", "statutory_route"])
    def test_what_is_resolved_elsewhere_must_be_answered(self, shared_engine: Engine, exclusion: str) -> None:
        row = self.row(exclusion, responded_at="2026-03-05 12:00")
        found = counted(shared_engine, Fact.RESPONSES_DUE, self.scored, row)
        assert found == {"response_due": 1, "responded": 1, "responded_on_time": 1}
        assert durations(shared_engine, Fact.RESPONSE_MINUTES, self.scored, row) == [(12 * 60, True)]
        assert counted(shared_engine, Fact.RESOLUTIONS_DUE, self.scored, row) == {}
        assert durations(shared_engine, Fact.RESOLUTION_MINUTES, self.scored, row) == []

    def test_tolerated_counts_as_met_and_stands_beside(self, shared_engine: Engine) -> None:
        row = self.row("tolerated")
        found = counted(shared_engine, Fact.RESPONSES_DUE, self.scored, row)
        assert found == {"response_due": 1, "responded": 1, "responded_on_time": 1, "response_tolerated": 1}
        found = counted(shared_engine, Fact.RESOLUTIONS_DUE, self.scored, row)
        assert found == {"resolution_due": 1, "resolved": 1, "resolved_on_time": 1, "resolution_tolerated": 1}
        assert counted(shared_engine, Fact.OPEN_CASES, self.scored, row) == {"open_cases": 1}

    def test_tolerated_is_not_needed_where_the_deadline_was_kept(self, shared_engine: Engine) -> None:
        row = self.row("tolerated", resolved_at="2026-03-07")
        found = counted(shared_engine, Fact.RESOLUTIONS_DUE, self.scored, row)
        assert found == {"resolution_due": 1, "resolved": 1, "resolved_on_time": 1}

    def test_the_full_view_knows_no_tolerance(self, shared_engine: Engine) -> None:
        found = counted(shared_engine, Fact.RESOLUTIONS_DUE, self.full, self.row("tolerated"))
        assert found == {"resolution_due": 1, "overdue": 1}
        received = counted(shared_engine, Fact.CASES_RECEIVED, self.full, self.row("duplicate"))
        assert received == {"received": 1, "registered_on_time": 1}

    @pytest.mark.parametrize(("as_of", "overdue"), [("2026-03-19 23:59:59.999999", 1), ("2026-03-20", 0)])
    def test_an_exclusion_applies_from_its_decision(self, shared_engine: Engine, as_of: str, overdue: int) -> None:
        row = self.row("withdrawn", excluded_at="2026-03-20")
        assert counted(shared_engine, Fact.RESOLUTIONS_DUE, ask(MARCH, as_of), row).get("overdue", 0) == overdue

    def test_an_unknown_exclusion_changes_nothing(self, shared_engine: Engine) -> None:
        found = counted(shared_engine, Fact.RESOLUTIONS_DUE, self.scored, self.row("odd"))
        assert found == {"resolution_due": 1, "overdue": 1}


class TestAsOf:
    """What wasn't recorded, or hadn't happened, doesn't count."""

    def test_a_case_recorded_later_does_not_exist_yet(self, shared_engine: Engine) -> None:
        row = {**case("1", "2026-03-05"), "recorded_at": at("2026-03-20")}
        assert counted(shared_engine, Fact.CASES_RECEIVED, ask(MARCH, "2026-03-19"), row) == {}
        assert counted(shared_engine, Fact.CASES_RECEIVED, ask(MARCH, "2026-03-20"), row) == {"received": 1}

    @pytest.mark.parametrize(("recorded", "in_time"), [("2026-03-06 08:00", 1), ("2026-03-06 08:00:01", 0)])
    def test_registered_within_24_hours(self, shared_engine: Engine, recorded: str, in_time: int) -> None:
        row = {**case("1", "2026-03-05 08:00"), "recorded_at": at(recorded)}
        found = counted(shared_engine, Fact.CASES_RECEIVED, ask(MARCH, LATER), row)
        assert found.get("registered_on_time", 0) == in_time

    @pytest.mark.parametrize(("as_of", "observed"), [("2026-03-05 10:00", True), ("2026-03-05 09:59", False)])
    def test_a_later_milestone_has_not_happened(self, shared_engine: Engine, as_of: str, observed: bool) -> None:
        row = case("1", "2026-03-05 08:00", responded_at="2026-03-05 10:00")
        found = durations(shared_engine, Fact.RESPONSE_MINUTES, ask(MARCH, as_of), row)
        assert found == [(120 if observed else 119, observed)]
