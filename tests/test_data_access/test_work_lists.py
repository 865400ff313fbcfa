"""Work lists: worked out by hand, and in agreement with the counts they explain."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Connection, Engine

from data_access.counters import COUNTERS
from data_access.counts.standing import stock_days
from data_access.hierarchy import read_hierarchy
from data_access.question import Question, Rules
from data_access.scope import Scope
from data_access.work_lists.coverage_gaps import Gap, list_coverage_gaps
from data_access.work_lists.duty_lists import MISSED_COLUMNS, DutyState, duty_calendar, list_missed_duties, weeks
from data_access.work_lists.post_loads import list_post_loads
from metrics.counts import Fact
from metrics.period import parse_period
from tests.reference.units import SHANGHAI
from tests.test_data_access import test_counts_duties as by_duty
from tests.test_data_access.random_companies import NETWORKS, SEEDS, any_question, coverage_company, duty_company
from tests.test_data_access.test_counts_coverage import MARCH, company, group, liaison, zone
from tests.test_data_access.test_counts_duties_reference import LIKELY, OBLIGATIONS
from tests.test_data_access.written import write

RULES = Rules(time_zone=SHANGHAI, deadlines=(), obligations=OBLIGATIONS, networks=NETWORKS)
SOME = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))

COVERED_BY = {
    (Gap.TIER_1, "branch"): (Fact.ZONES, "branches", "branches_sponsored"),
    (Gap.TIER_2, "team"): (Fact.ZONES, "teams", "teams_sponsored"),
    (Gap.GROUP, "branch"): (Fact.CHAT_GROUPS, "group_branches", "branches_with_group"),
    (Gap.GROUP, "team"): (Fact.CHAT_GROUPS, "group_teams", "teams_with_group"),
    (Gap.LIAISON, "team"): (Fact.LIAISONS, "liaison_teams", "teams_with_liaison"),
    (Gap.NETWORKS, "branch"): (Fact.LIAISONS, "liaison_branches", "branches_with_all_networks"),
}


def total(connection: Connection, question: Question, fact: Fact, name: str) -> int:
    """A count in the last part that has begun."""
    frame = COUNTERS[fact](connection, read_hierarchy(connection), question).frame()
    last = max((day.part for day in stock_days(question)), default=None)
    return int(frame[frame["part"] == last][name].sum())


@given(seed=SEEDS)
@SOME
def test_gaps_are_what_the_counts_lack(sqlite_engine: Engine, seed: int) -> None:
    question = any_question(seed, RULES)
    with sqlite_engine.connect() as connection:
        write(connection, coverage_company(seed))
        gaps = list_coverage_gaps(connection, read_hierarchy(connection), question)
        listed = Counter(zip(gaps["gap"], gaps["kind"], strict=True))
        for (gap, kind), (fact, every, covered) in COVERED_BY.items():
            lacking = total(connection, question, fact, every) - total(connection, question, fact, covered)
            assert listed[gap, kind] == lacking, gap
        uncovered = gaps.loc[gaps["gap"] == Gap.TIER_3, "employees"].sum()
        assert uncovered == total(connection, question, Fact.ZONES, "team_employees") - total(
            connection, question, Fact.ZONES, "employees_covered"
        )


def test_a_gap_says_whom_it_concerns_and_since_when(engine: Engine) -> None:
    plain = company()
    plain.tables["zones"][0] = zone(1, "D", "B1", until=date(2026, 2, 7))
    plain.tables["zones"] += [zone(1, "D", "B2", until=date(2027, 1, 1))]
    plain.tables["chat_groups"] = [group("g1", "T1", closed_on=date(2026, 3, 5)), group("g3", "T3")]
    plain.tables["liaisons"] = [
        liaison(1, "party", "B1"),
        liaison(2, "union", "T1", until=date(2026, 3, 1)),
        *(liaison(number, network, "T3") for number, network in enumerate(("party", "union"), 3)),
    ]
    with engine.connect() as connection:
        write(connection, plain)
        gaps = list_coverage_gaps(connection, read_hierarchy(connection), MARCH)
    found = [tuple(row) for row in gaps[["unit_id", "gap", "employees", "since", "networks"]].itertuples(index=False)]
    assert sorted(found, key=str) == sorted(
        [
            ("B1", "tier1", 35, date(2026, 2, 7), ()),
            ("B1", "group", 35, date(2026, 3, 5), ()),
            ("B1", "networks", 35, date(2026, 3, 1), ("union",)),
            ("T1", "group", 10, date(2026, 3, 5), ()),
            ("T1", "liaison", 10, date(2026, 3, 1), ()),
            ("T2", "tier2", 20, None, ()),
            ("T2", "tier3", 12, None, ()),
            ("T2", "group", 20, None, ()),
            ("T2", "liaison", 20, None, ()),
            ("T3", "tier3", 24, None, ()),
        ],
        key=str,
    )
    assert list(gaps["employees"]) == sorted(gaps["employees"], reverse=True)


def test_a_post_of_a_closed_department_ends_with_it(engine: Engine) -> None:
    plain = company()
    plain.tables["org_units"][1]["closed_on"] = date(2026, 3, 9)
    with engine.connect() as connection:
        write(connection, plain)
        gaps = list_coverage_gaps(connection, read_hierarchy(connection), MARCH)
    assert gaps.set_index(["unit_id", "gap"])["since"]["B1", "tier1"] == date(2026, 3, 9)


def test_before_the_first_day_of_the_period_nothing_is_listed(engine: Engine) -> None:
    question = replace(MARCH, as_of=datetime(2026, 2, 1, tzinfo=SHANGHAI))
    with engine.connect() as connection:
        write(connection, company())
        assert list_coverage_gaps(connection, read_hierarchy(connection), question).empty
        assert list_post_loads(connection, read_hierarchy(connection), question).first.empty


def test_posts_with_the_most_targets_come_first(engine: Engine) -> None:
    plain = company()
    plain.tables["zones"] += [zone(2, "B1", "T2")]
    with engine.connect() as connection:
        write(connection, plain)
        loads = list_post_loads(connection, read_hierarchy(connection), replace(MARCH, unit_id="B1"))
    assert [tuple(row) for row in loads.first.itertuples(index=False)] == [
        ("B1", "p", 2, ("T1", "T2")),
        ("T1", "p", 1, ("T1",)),
        ("T2", "p", 1, ("T2",)),
    ]


@given(seed=SEEDS)
@SOME
def test_posts_are_those_that_the_counts_of_loads_have(sqlite_engine: Engine, seed: int) -> None:
    question = any_question(seed, RULES)
    with sqlite_engine.connect() as connection:
        write(connection, coverage_company(seed))
        hierarchy = read_hierarchy(connection)
        every = list_post_loads(connection, hierarchy, question)
        counted = COUNTERS[Fact.ZONE_LOADS](connection, hierarchy, question).frame()
        some = [list_post_loads(connection, hierarchy, question, limit) for limit in (1, 2, 5)]
    last = counted[counted["part"] == max((day.part for day in stock_days(question)), default=None)]
    assert Counter(every.first["targets"]) == dict(last.groupby("targets")["posts"].sum())
    assert every.first["targets"].is_monotonic_decreasing
    for limit, loads in zip((1, 2, 5), some, strict=True):
        assert loads.posts == every.posts == len(every.first)
        assert loads.first.to_dict("records") == every.first.to_dict("records")[:limit]


@given(seed=SEEDS)
@SOME
def test_missed_duties_are_those_owed_and_not_in_time(sqlite_engine: Engine, seed: int) -> None:
    question = any_question(seed, RULES)
    with sqlite_engine.connect() as connection:
        write(connection, duty_company(seed, LIKELY))
        missed = list_missed_duties(connection, read_hierarchy(connection), question)
        counted = COUNTERS[Fact.DUTIES](connection, read_hierarchy(connection), question).frame()
    assert len(missed) == (counted["duties_owed"] - counted["duties_on_time"]).sum()
    not_done = (missed["state"] == DutyState.MISSING).sum()
    assert not_done == (counted["duties_owed"] - counted["duties_completed"]).sum()
    assert missed["due_at"].is_monotonic_decreasing


@given(seed=SEEDS)
@SOME
def test_the_first_missed_duties_are_those_of_the_whole_list(sqlite_engine: Engine, seed: int) -> None:
    """They are looked for in the last days first, and further back until there are enough of them."""
    question = any_question(seed, RULES)
    with sqlite_engine.connect() as connection:
        write(connection, duty_company(seed, LIKELY))
        hierarchy = read_hierarchy(connection)
        whole = list_missed_duties(connection, hierarchy, question).to_dict("records")
        for limit in (1, len(whole) // 2 + 1, len(whole) + 1):
            first = list_missed_duties(connection, hierarchy, question, limit)
            assert first.to_dict("records") == whole[:limit]
            assert list(first.columns) == MISSED_COLUMNS


def test_a_duty_missed_on_the_very_day_is_first_of_a_short_list(engine: Engine) -> None:
    question = replace(by_duty.MARCH, as_of=by_duty.at(3, 9, 18))
    due_today = by_duty.record(1, "inspection", date(2026, 3, 2), 0, due_at=by_duty.at(3, 9, 17))
    with engine.connect() as connection:
        write(connection, by_duty.company(due_today))
        hierarchy = read_hierarchy(connection)
        whole = list_missed_duties(connection, hierarchy, question)
        first = list_missed_duties(connection, hierarchy, question, 1)
    assert whole["duty_kind"].tolist() == ["inspection", "report"]
    assert first["duty_kind"].tolist() == ["inspection"]


@pytest.mark.parametrize(
    ("done_at", "state"),
    [(by_duty.at(3, 26), DutyState.LATE), (None, DutyState.UNDATED), (by_duty.at(4, 30), DutyState.MISSING)],
)
def test_a_missed_duty_says_what_is_wrong_with_it(engine: Engine, done_at: datetime | None, state: DutyState) -> None:
    records = (
        by_duty.record(1, "visit", date(2026, 3, 4), 2, done_at),
        by_duty.record(2, "inspection", date(2026, 3, 2), 0, due_at=by_duty.at(3, 9, 17)),
    )
    question = replace(by_duty.MARCH, as_of=by_duty.at(4, 15))
    with engine.connect() as connection:
        write(connection, by_duty.company(*records))
        missed = list_missed_duties(connection, read_hierarchy(connection), question)
    found = [tuple(row) for row in missed.itertuples(index=False)]
    done = 0 if state is DutyState.MISSING else 2
    assert found == [
        ("B", "visit", date(2026, 3, 1), datetime(2026, 3, 26, tzinfo=SHANGHAI), 2, done, state),
        ("B", "inspection", date(2026, 3, 2), datetime(2026, 3, 9, 17, tzinfo=SHANGHAI), 1, 0, DutyState.MISSING),
        ("B", "report", date(2026, 2, 1), datetime(2026, 3, 7, tzinfo=SHANGHAI), 1, 0, DutyState.MISSING),
    ]


def test_nobody_below_sees_what_others_missed(engine: Engine) -> None:
    question = replace(by_duty.MARCH, scope=Scope("leader", "nowhere"))
    with engine.connect() as connection:
        write(connection, by_duty.company())
        assert list_missed_duties(connection, read_hierarchy(connection), question).empty


def test_a_calendar_of_duties_by_kind_and_by_unit(engine: Engine) -> None:
    question = replace(by_duty.MARCH, parts=parse_period("2026Q1").months())
    report = by_duty.record(1, "report", date(2026, 2, 1), 1, by_duty.at(3, 2))
    with engine.connect() as connection:
        write(connection, by_duty.company(report))
        by_kind = duty_calendar(connection, read_hierarchy(connection), question, "duty_kind")
        by_branch = duty_calendar(connection, read_hierarchy(connection), question, "branch_id")
    in_march = by_kind[by_kind["part"] == date(2026, 3, 1)].set_index("duty_kind")["duties_on_time"]
    assert in_march.to_dict() == {"report": 1, "visit": 0}
    assert by_branch[["branch_id", "duties_owed"]].to_numpy().tolist() == [["B", 2]] * 3


def test_weeks_begin_on_monday_and_are_cut_at_the_ends_of_the_period() -> None:
    march = weeks(parse_period("2026-03"))
    assert [(week.start.day, week.last_day.day) for week in march] == [
        (1, 1),
        (2, 8),
        (9, 15),
        (16, 22),
        (23, 29),
        (30, 31),
    ]
