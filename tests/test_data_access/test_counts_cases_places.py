"""Where counts belong, worked out by hand: moves, restricted cases, parts, decisions."""

from datetime import date

import pytest
from sqlalchemy import Connection, Engine, delete

from data_access.counts.placing import UnknownDimensionError
from data_access.question import Question
from data_access.tables import org_units
from metrics.counts import Fact
from metrics.period import parse_period
from tests.reference.case_record import Row
from tests.test_data_access.case_companies import (
    CASE_FACTS,
    LATER,
    MARCH,
    ask,
    case,
    company,
    count,
    counted,
    event,
    write,
)


class TestPlaces:
    """Counts belong where the unit stood on their own date; T3 moved from branch 1 to branch 2 on 10 March."""

    def branches(self, shared_engine: Engine, question: Question, *cases: Row) -> dict[object, int]:
        with shared_engine.connect() as connection:
            write(connection, company(*cases))
            rows = count(connection, Fact.CASES_RECEIVED, question)
        return {key[1:4]: counts["received"] for key, counts in rows.items()}

    before = case("1", "2026-03-09 23:59:59", responsible_unit_id="T3")
    after = case("2", "2026-03-10", responsible_unit_id="T3")

    def test_a_team_that_moved(self, shared_engine: Engine) -> None:
        found = self.branches(shared_engine, ask(MARCH, LATER), self.before, self.after)
        assert found == {(None, "B1", "T3"): 1, (None, "B2", "T3"): 1}

    @pytest.mark.parametrize("unit_id", ["B1", "B2"])
    def test_each_branch_sees_its_own_time(self, shared_engine: Engine, unit_id: str) -> None:
        found = self.branches(shared_engine, ask(MARCH, LATER, unit_id=unit_id), self.before, self.after)
        assert found == {(None, unit_id, "T3"): 1}

    def test_restricted_and_orphan_cases_count_company_wide_only(self, shared_engine: Engine) -> None:
        rows = [
            case("1", "2026-03-05", responsible_unit_id="T1", restricted=True),
            case("2", "2026-03-05", responsible_unit_id="nowhere"),
            case("3", "2026-03-05", responsible_unit_id=None),
            case("4", "2026-03-05", responsible_unit_id="T4"),
        ]
        whole = {(None, None, None): 3, ("D1", None, "T4"): 1}
        assert self.branches(shared_engine, ask(MARCH, LATER), *rows) == whole
        assert self.branches(shared_engine, ask(MARCH, LATER, unit_id="C"), *rows) == whole
        for unit_id in ("B1", "nowhere"):
            assert self.branches(shared_engine, ask(MARCH, LATER, unit_id=unit_id), *rows) == {}

    def test_parts_with_a_gap_hold_only_their_own_days(self, shared_engine: Engine) -> None:
        rows = [case(day, day) for day in ("2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01", "2026-03-31")]
        question = ask((parse_period(MARCH), parse_period("2026-01")), LATER)
        with shared_engine.connect() as connection:
            write(connection, company(*rows))
            found = count(connection, Fact.CASES_RECEIVED, question)
        assert {key[4]: counts["received"] for key, counts in found.items()} == {
            date(2026, 1, 1): 1,
            date(2026, 3, 1): 2,
        }

    def test_a_case_counts_at_its_origin_too(self, shared_engine: Engine) -> None:
        rows = [
            case("1", "2026-03-05", origin_unit_id="T2"),
            case("2", "2026-03-05", origin_unit_id="T2", exclusion="duplicate"),
            case("3", "2026-03-05", origin_unit_id="T2", restricted=True),
        ]
        with shared_engine.connect() as connection:
            write(connection, company(*rows))
            found = count(connection, Fact.CASES_BY_ORIGIN, ask(MARCH, LATER))
        assert {key[3]: counts["received_from_origin"] for key, counts in found.items()} == {"T2": 2, None: 1}

    @pytest.mark.parametrize("fact", CASE_FACTS, ids=str)
    def test_without_cases_or_parts_there_are_no_rows(self, transaction: Connection, fact: Fact) -> None:
        write(transaction, company())
        assert count(transaction, fact, ask("2026", LATER)) == {}
        write(transaction, company(self.before))
        if fact is not Fact.OPEN_CASES:
            assert count(transaction, fact, ask((), LATER)) == {}

    def test_cases_without_any_unit_still_count(self, transaction: Connection) -> None:
        write(transaction, company(self.before))
        transaction.execute(delete(org_units))
        found = count(transaction, Fact.CASES_RECEIVED, ask(MARCH, LATER))
        assert [(key[:4], counts["received"]) for key, counts in found.items()] == [((None, None, None, None), 1)]

    def test_a_dimension_that_the_fact_does_not_have_is_refused(self, transaction: Connection) -> None:
        with pytest.raises(UnknownDimensionError, match="cases_received has no dimension age_band; it has: grade,"):
            count(transaction, Fact.CASES_RECEIVED, ask(MARCH, LATER, dimensions=("grade", "age_band")))


def test_a_cohort_takes_one_step_after_the_other(shared_engine: Engine) -> None:
    """The second case was resolved without a first contact; the third was rated without having been told."""
    done = {"responded_at": "2026-03-06", "resolved_at": "2026-03-07"}
    rows = [
        case("1", "2026-03-05", **done, fed_back_at="2026-03-08", rated_at="2026-03-09", rating=4),
        case("2", "2026-03-05", resolved_at="2026-03-07"),
        case("3", "2026-03-05", **done, rated_at="2026-03-09", rating=4),
        case("4", "2026-03-05", **done, exclusion="duplicate"),
    ]
    assert counted(shared_engine, Fact.COHORT, ask(MARCH, LATER), *rows) == {
        "cohort_received": 3,
        "cohort_contacted": 2,
        "cohort_resolved": 2,
        "cohort_told": 1,
        "cohort_rated": 1,
    }


class TestEvents:
    """A case counts once per part and kind, by the first decision in it."""

    row = case("1", "2026-03-01", responsible_unit_id="T1")

    def found(self, shared_engine: Engine, *events: Row, dimension: str | None = None) -> dict[object, Row]:
        dimensions = (dimension,) if dimension else ()
        with shared_engine.connect() as connection:
            write(connection, company(self.row, events=events))
            rows = count(connection, Fact.CASE_EVENTS, ask("2026Q1", LATER, dimensions=dimensions))
        return {
            (key[3], *key[5:]): {name: number for name, number in counts.items() if number}
            for key, counts in rows.items()
        }

    def test_two_extensions_are_one_case_under_the_first_post(self, shared_engine: Engine) -> None:
        events = [
            event("1", "1", "extended", "2026-03-20", decided_by="late"),
            event("2", "1", "extended", "2026-03-10", decided_by="early"),
        ]
        assert self.found(shared_engine, *events, dimension="decided_by") == {("T1", "early"): {"extended": 1}}

    def test_a_transfer_is_charged_to_the_sender(self, shared_engine: Engine) -> None:
        sent = event("1", "1", "transferred", "2026-03-10", from_unit_id="T2", to_unit_id="T1")
        assert self.found(shared_engine, sent) == {("T2",): {"transferred": 1}}

    @pytest.mark.parametrize(
        ("old", "new", "downgraded"), [("A", "B", 1), ("A", "C", 1), ("B", "C", 1), ("B", "A", 0), ("A", "Z", 0)]
    )
    def test_a_lower_grade_is_a_downgrade(self, shared_engine: Engine, old: str, new: str, downgraded: int) -> None:
        found = self.found(shared_engine, event("1", "1", "regraded", "2026-03-10", old=old, new=new))
        assert found == ({("T1",): {"downgraded": 1}} if downgraded else {})

    def test_an_excluded_case_still_shows_its_exclusion(self, shared_engine: Engine) -> None:
        excluded = event("1", "1", "excluded", "2026-03-10")
        assert self.found(shared_engine, excluded, event("2", "unknown", "excluded", "2026-03-10")) == {
            ("T1",): {"excluded": 1}
        }
