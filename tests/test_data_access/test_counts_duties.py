"""Duties of one branch worked out by hand: a monthly report by the fifth working day, two visits by each 25th."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from data_access.counters import COUNTERS
from data_access.hierarchy import read_hierarchy
from data_access.question import Question, Rules
from data_access.scope import local_scope
from metrics.counts import FACTS, Fact
from metrics.obligations import Obligation
from metrics.period import parse_period
from tests.reference.units import SHANGHAI, Company, Row
from tests.test_data_access.written import write

ALWAYS = date(2000, 1, 1)
REPORT = Obligation("report", "branch", "monthly", 1, ALWAYS, due_working_day=5)
VISIT = Obligation("visit", "branch", "monthly", 2, ALWAYS, due_day=24)
LATER = datetime(2026, 12, 31, tzinfo=UTC)
MARCH = Question(
    parts=(parse_period("2026-03"),),
    as_of=LATER,
    scope=local_scope("tester"),
    rules=Rules(time_zone=SHANGHAI, deadlines=(), obligations=(REPORT, VISIT), networks=()),
)
END_OF_25_MARCH = datetime(2026, 3, 25, 16, tzinfo=UTC)


def at(month: int, day: int, hour: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=SHANGHAI)


def record(number: int, kind: str, start: date, done: int = 1, done_at: datetime | None = None, **more: object) -> Row:
    usual = {"id": str(number), "unit_id": "B", "due_at": None, "planned": 1}
    return usual | {"kind": kind, "period_start": start, "done": done, "done_at": done_at} | more


def company(*records: Row) -> Company:
    units = [{"id": "C", "name": "C", "kind": "company"}, {"id": "B", "name": "B", "kind": "branch"}]
    units = [{"function": None, "founded_on": None, "closed_on": None, **unit} for unit in units]
    link = {"unit_id": "B", "parent_id": "C", "valid_from": ALWAYS, "valid_to": None}
    return Company({"org_units": units, "unit_parents": [link], "duties": list(records)})


def counted(engine: Engine, plain: Company, question: Question = MARCH) -> tuple[int, int, int]:
    """Owed, completed, on time."""
    with engine.connect() as connection:
        write(connection, plain)
        frame = COUNTERS[Fact.DUTIES](connection, read_hierarchy(connection), question).frame()
        connection.rollback()
    owed, completed, on_time = (int(frame[name].sum()) for name in FACTS[Fact.DUTIES].counts)
    return owed, completed, on_time


def test_what_nobody_recorded_is_owed_and_not_done(engine: Engine) -> None:
    # February's report, due on 6 March, and March's visits.
    assert counted(engine, company()) == (2, 0, 0)


def test_a_duty_is_owed_once_its_due_day_has_ended(engine: Engine) -> None:
    just_before = END_OF_25_MARCH - timedelta(microseconds=1)
    assert counted(engine, company(), replace(MARCH, as_of=just_before)) == (1, 0, 0)
    assert counted(engine, company(), replace(MARCH, as_of=END_OF_25_MARCH)) == (2, 0, 0)


def test_the_end_of_the_due_day_is_in_time(engine: Engine) -> None:
    in_time = record(1, "visit", date(2026, 3, 1), 2, END_OF_25_MARCH)
    assert counted(engine, company(in_time)) == (2, 1, 1)
    late = {**in_time, "done_at": END_OF_25_MARCH + timedelta(microseconds=1)}
    assert counted(engine, company(late)) == (2, 1, 0)


def test_records_of_one_period_add_up(engine: Engine) -> None:
    first = record(1, "visit", date(2026, 3, 3), 1, at(3, 3))
    second = record(2, "visit", date(2026, 3, 20), 1, at(3, 20))
    assert counted(engine, company(first)) == (2, 0, 0)
    assert counted(engine, company(first, second)) == (2, 1, 1)
    more_than_owed = record(3, "visit", date(2026, 3, 31), 1, at(3, 31))
    assert counted(engine, company(first, second, more_than_owed)) == (2, 1, 1)
    assert counted(engine, company(first, second), replace(MARCH, as_of=at(3, 26))) == (2, 1, 1)


def test_what_is_done_later_than_the_as_of_time_is_not_done_yet(engine: Engine) -> None:
    late = record(1, "visit", date(2026, 3, 1), 2, at(3, 28))
    assert counted(engine, company(late), replace(MARCH, as_of=at(3, 27))) == (2, 0, 0)
    assert counted(engine, company(late), replace(MARCH, as_of=at(3, 28))) == (2, 1, 0)


def test_without_a_time_of_doing_it_is_done_but_not_in_time(engine: Engine) -> None:
    assert counted(engine, company(record(1, "visit", date(2026, 3, 1), 2))) == (2, 1, 0)


def test_a_record_may_ask_for_more_than_the_plan_but_not_for_less(engine: Engine) -> None:
    more = record(1, "visit", date(2026, 3, 1), 2, at(3, 2), planned=3)
    assert counted(engine, company(more)) == (2, 0, 0)
    less = record(1, "visit", date(2026, 3, 1), 1, at(3, 2), planned=1)
    assert counted(engine, company(less)) == (2, 0, 0)


@pytest.mark.parametrize("done", [0, -3])
def test_a_record_of_nothing_done_counts_for_nothing(engine: Engine, done: int) -> None:
    assert counted(engine, company(record(1, "visit", date(2026, 3, 1), done, at(3, 2)))) == (2, 0, 0)


def test_a_single_duty_counts_by_its_own_due_time(engine: Engine) -> None:
    single = record(1, "inspection", date(2026, 3, 1), 1, at(3, 9, 16), due_at=at(3, 9, 17))
    assert counted(engine, company(single)) == (3, 1, 1)
    assert counted(engine, company({**single, "done_at": at(3, 9, 18)})) == (3, 1, 0)
    assert counted(engine, company({**single, "due_at": None})) == (2, 0, 0)
    not_yet_due = replace(MARCH, as_of=at(3, 9, 16))
    assert counted(engine, company(single), not_yet_due) == (1, 0, 0)


def test_a_single_duty_due_at_midnight_is_due_on_the_day_that_ends(engine: Engine) -> None:
    due_at = datetime(2026, 4, 1, 0, tzinfo=SHANGHAI)
    single = record(1, "inspection", date(2026, 3, 1), 1, at(3, 31), due_at=due_at)
    assert counted(engine, company(single)) == (3, 1, 1)


def test_a_record_of_a_planned_period_is_no_single_duty_whatever_due_time_it_bears(engine: Engine) -> None:
    # March's report falls due in April; the record's own time doesn't make it due in March.
    planned = record(1, "report", date(2026, 3, 1), 0, None, due_at=at(3, 31))
    assert counted(engine, company(planned)) == (2, 0, 0)


def test_a_duty_of_an_unknown_unit_counts_for_the_company(engine: Engine) -> None:
    single = record(1, "inspection", date(2026, 3, 1), 1, at(3, 2), due_at=at(3, 9), unit_id="nowhere")
    assert counted(engine, company(single)) == (3, 1, 1)
    assert counted(engine, company(single), replace(MARCH, unit_id="B")) == (2, 0, 0)


def test_days_between_two_parts_do_not_count(engine: Engine) -> None:
    february_and_april = (parse_period("2026-02"), parse_period("2026-04"))
    report = record(1, "report", date(2026, 2, 1), 1, at(3, 2))
    assert counted(engine, company(report), replace(MARCH, parts=february_and_april)) == (4, 0, 0)


def test_a_plan_that_does_not_bind_a_period_leaves_its_records_single(engine: Engine) -> None:
    since_march = replace(MARCH.rules, obligations=(replace(VISIT, effective_from=date(2026, 3, 1)),))
    question = replace(MARCH, rules=since_march, parts=(parse_period("2026Q1"),))
    before = record(1, "visit", date(2026, 2, 1), 1, at(2, 3), due_at=at(2, 25))
    assert counted(engine, company(before), question) == (2, 1, 1)


@pytest.mark.parametrize("start", [date(1, 1, 1), date(9999, 12, 31)])
def test_a_period_far_from_everything_is_no_planned_one(engine: Engine, start: date) -> None:
    slip = record(1, "visit", start, 2, at(3, 2), due_at=at(3, 9))
    assert counted(engine, company(slip)) == (3, 1, 1)
