"""Coverage facts on one company worked out by hand.

Party affairs (D) sponsors branch B1; B2 has nobody. B1 has teams T1 (10 employees) and T2 (20), B2 has T3 (30).
"""

from dataclasses import replace
from datetime import UTC, date, datetime

import pandas as pd
import pytest
from sqlalchemy import Engine

from data_access.counters import COUNTERS
from data_access.hierarchy import read_hierarchy
from data_access.question import Filters, Question, Rules
from data_access.scope import Scope, local_scope
from metrics.counts import FACTS, Fact
from metrics.period import parse_period
from tests.reference.units import SHANGHAI, Company, Row
from tests.test_data_access.written import write

LONG_AGO, SPRING = date(2020, 1, 1), date(2026, 4, 1)
LATER = datetime(2026, 12, 31, tzinfo=UTC)
RULES = Rules(time_zone=SHANGHAI, deadlines=(), obligations=(), networks=("party", "union"))
MARCH = Question(parts=(parse_period("2026-03"),), as_of=LATER, scope=local_scope("tester"), rules=RULES, unit_id=None)


def unit(unit_id: str, kind: str, founded_on: date | None = None, closed_on: date | None = None) -> Row:
    return {"id": unit_id, "name": unit_id, "kind": kind, "founded_on": founded_on, "closed_on": closed_on}


def link(unit_id: str, parent_id: str, since: date = LONG_AGO, until: date | None = None) -> Row:
    return {"unit_id": unit_id, "parent_id": parent_id, "valid_from": since, "valid_to": until}


def zone(tier: int, sponsor: str, target: str, covered: int | None = None, until: date | None = None) -> Row:
    return {
        "id": f"{tier}{sponsor}{target}{until}",
        "tier": tier,
        "sponsor_unit_id": sponsor,
        "sponsor_post": "p",
        "target_unit_id": target,
        "employees_covered": covered,
        "valid_from": LONG_AGO,
        "valid_to": until,
    }


def company() -> Company:
    kinds = {
        "C": "company",
        "D": "department",
        "B1": "branch",
        "B2": "branch",
        "T1": "team",
        "T2": "team",
        "T3": "team",
    }
    parents = {"D": "C", "B1": "C", "B2": "C", "T1": "B1", "T2": "B1", "T3": "B2"}
    staff = {"B1": 5, "B2": 5, "T1": 10, "T2": 20, "T3": 30}
    return Company(
        {
            "org_units": [unit(one, kind) for one, kind in kinds.items()],
            "unit_parents": [link(one, above) for one, above in parents.items()],
            "headcounts": [
                {"unit_id": one, "month": date(2026, 1, 1), "employees": number} for one, number in staff.items()
            ],
            "zones": [
                zone(1, "D", "B1"),
                zone(2, "B1", "T1"),
                zone(2, "B2", "T3"),
                zone(3, "T1", "T1", 12),
                zone(3, "T2", "T2", 8),
                zone(3, "T3", "T3", 6),
            ],
        }
    )


def counted(engine: Engine, plain: Company, fact: Fact, question: Question = MARCH) -> pd.DataFrame:
    with engine.connect() as connection:
        write(connection, plain)
        frame = COUNTERS[fact](connection, read_hierarchy(connection), question).frame()
        connection.rollback()
    return frame


def totals(engine: Engine, plain: Company, fact: Fact, question: Question = MARCH) -> dict[str, int]:
    frame = counted(engine, plain, fact, question)
    return {name: int(frame[name].sum()) for name in FACTS[fact].counts}


def test_three_tiers_and_the_chain(engine: Engine) -> None:
    assert totals(engine, company(), Fact.ZONES) == {
        "branches": 2,
        "branches_sponsored": 1,
        "teams": 3,
        "teams_sponsored": 2,
        "team_employees": 60,
        # T1 is capped at its ten; only T1 has a post of its branch and a department behind that.
        "employees_covered": 10 + 8 + 6,
        "employees_in_full_chain": 10,
    }


def test_a_zone_holds_until_the_day_before_its_end(engine: Engine) -> None:
    plain = company()
    plain.tables["zones"][0] = zone(1, "D", "B1", until=date(2026, 3, 31))
    assert totals(engine, plain, Fact.ZONES)["branches_sponsored"] == 0
    plain.tables["zones"][0] = zone(1, "D", "B1", until=SPRING)
    assert totals(engine, plain, Fact.ZONES)["branches_sponsored"] == 1


def test_a_post_of_another_branch_or_of_a_closed_department_covers_nothing(engine: Engine) -> None:
    plain = company()
    plain.tables["org_units"][1] = unit("D", "department", closed_on=date(2026, 3, 1))
    plain.tables["zones"].append(zone(2, "B2", "T2"))
    found = totals(engine, plain, Fact.ZONES)
    assert (found["branches_sponsored"], found["teams_sponsored"]) == (0, 2)


def test_a_moved_team_counts_where_it_stood_on_the_last_day(engine: Engine) -> None:
    plain = company()
    plain.tables["unit_parents"][3:4] = [
        link("T1", "B1", until=date(2026, 3, 10)),
        link("T1", "B2", since=date(2026, 3, 10)),
    ]
    frame = counted(engine, plain, Fact.ZONES)
    teams = frame.groupby("branch_id")["teams"].sum()
    assert teams.to_dict() == {"B1": 1, "B2": 2}
    # The post of its former branch isn't one of its own branch any more.
    assert frame["teams_sponsored"].sum() == 1


def test_a_part_that_has_not_begun_has_no_rows(engine: Engine) -> None:
    question = replace(MARCH, as_of=datetime(2026, 2, 28, 15, 59, tzinfo=UTC))
    assert counted(engine, company(), Fact.ZONES, question).empty
    begun = replace(question, as_of=datetime(2026, 2, 28, 16, 0, tzinfo=UTC))
    assert set(counted(engine, company(), Fact.ZONES, begun)["part"]) == {date(2026, 3, 1)}


def test_a_headcount_is_good_for_a_year(engine: Engine) -> None:
    in_twelve_months = replace(MARCH, parts=(parse_period("2027-01"),), as_of=datetime(2027, 6, 1, tzinfo=UTC))
    assert totals(engine, company(), Fact.HEADCOUNTS, in_twelve_months) == {"employees": 70}
    in_thirteen = replace(in_twelve_months, parts=(parse_period("2027-02"),))
    assert counted(engine, company(), Fact.HEADCOUNTS, in_thirteen).empty


def test_a_team_sees_its_own_coverage_with_the_chain_above_it(engine: Engine) -> None:
    question = replace(MARCH, scope=Scope("leader", "T1"))
    assert totals(engine, company(), Fact.ZONES, question) == {
        "branches": 0,
        "branches_sponsored": 0,
        "teams": 1,
        "teams_sponsored": 1,
        "team_employees": 10,
        "employees_covered": 10,
        "employees_in_full_chain": 10,
    }


def test_loads_are_targets_of_a_post(engine: Engine) -> None:
    plain = company()
    plain.tables["zones"] += [zone(2, "B1", "T2"), zone(2, "B1", "T2", until=date(2027, 1, 1)), zone(1, "D", "gone")]
    frame = counted(engine, plain, Fact.ZONE_LOADS)
    loads = {(row.department_id, row.branch_id, row.team_id, row.targets): row.posts for row in frame.itertuples()}
    assert loads == {
        ("D", None, None, 1): 1,
        (None, "B1", None, 2): 1,
        (None, "B2", None, 1): 1,
        (None, "B1", "T1", 1): 1,
        (None, "B1", "T2", 1): 1,
        (None, "B2", "T3", 1): 1,
    }


def group(group_id: str, unit_id: str, platform: str = "wechat", closed_on: date | None = None) -> Row:
    return {
        "id": group_id,
        "unit_id": unit_id,
        "platform": platform,
        "created_on": LONG_AGO,
        "closed_on": closed_on,
    }


def month(group_id: str, members: int | None, active_days: int | None, first: date = date(2026, 3, 1)) -> Row:
    return {"group_id": group_id, "month": first, "members": members, "active_days": active_days}


def grouped_company() -> Company:
    plain = company()
    plain.tables["chat_groups"] = [
        group("g1", "T1"),
        group("g2", "B1", "qq"),
        group("g3", "T3", closed_on=date(2026, 3, 31)),
    ]
    plain.tables["chat_group_months"] = [month("g1", 14, 4), month("g2", 40, 30), month("g3", 30, 3)]
    return plain


def test_members_fill_teams_first_and_then_the_branch(engine: Engine) -> None:
    # T1: 10 of its 14. B1: 40 members, but only 5 + 10 + 20 - 10 employees are left. T3's group is gone.
    assert totals(engine, grouped_company(), Fact.CHAT_GROUPS) == {
        "group_branches": 2,
        "branches_with_group": 1,
        "group_teams": 3,
        "teams_with_group": 1,
        "group_employees": 70,
        "group_members": 35,
    }


def test_groups_of_one_platform(engine: Engine) -> None:
    question = replace(MARCH, filters=Filters(platform="qq"))
    found = totals(engine, grouped_company(), Fact.CHAT_GROUPS, question)
    assert (found["branches_with_group"], found["teams_with_group"], found["group_members"]) == (1, 0, 35)


@pytest.mark.parametrize(("last_known", "employees"), [(date(2025, 12, 1), 70), (date(2025, 11, 1), 0)])
def test_without_any_fresh_number_of_members_there_are_no_data(
    engine: Engine, last_known: date, employees: int
) -> None:
    plain = grouped_company()
    plain.tables["chat_group_months"] = [month("g1", 14, 4, last_known), month("g1", None, 9)]
    assert totals(engine, plain, Fact.CHAT_GROUPS)["group_employees"] == employees


def test_a_viewer_below_sees_zero_members_and_not_no_data(engine: Engine) -> None:
    found = totals(engine, grouped_company(), Fact.CHAT_GROUPS, replace(MARCH, scope=Scope("secretary", "B2")))
    assert (found["group_employees"], found["group_members"]) == (35, 0)


def test_a_team_is_active_in_a_month_with_four_days(engine: Engine) -> None:
    # g1 was active on four days, the closed group of T3 on three; February has no records at all.
    question = replace(MARCH, parts=(parse_period("2026Q1"),))
    assert totals(engine, grouped_company(), Fact.CHAT_GROUP_ACTIVITY, question) == {
        "team_months": 3,
        "team_months_active": 1,
    }


def test_a_month_that_has_not_ended_is_not_judged(engine: Engine) -> None:
    question = replace(MARCH, as_of=datetime(2026, 3, 31, 15, 59, tzinfo=UTC))
    assert counted(engine, grouped_company(), Fact.CHAT_GROUP_ACTIVITY, question).empty
    ended = replace(MARCH, as_of=datetime(2026, 3, 31, 16, 0, tzinfo=UTC))
    assert totals(engine, grouped_company(), Fact.CHAT_GROUP_ACTIVITY, ended)["team_months"] == 3


def liaison(number: int, network: str, unit_id: str, until: date | None = None) -> Row:
    return {"id": str(number), "network": network, "unit_id": unit_id, "valid_from": LONG_AGO, "valid_to": until}


def test_a_branch_has_all_networks_with_its_teams(engine: Engine) -> None:
    plain = company()
    plain.tables["liaisons"] = [
        liaison(1, "party", "B1"),
        liaison(2, "union", "T2"),
        liaison(3, "party", "B2"),
        liaison(4, "union", "T3", until=date(2026, 3, 31)),
        liaison(5, "elsewhere", "T1"),
    ]
    assert totals(engine, plain, Fact.LIAISONS) == {
        "liaison_branches": 2,
        "branches_with_all_networks": 1,
        "liaison_teams": 3,
        "teams_with_liaison": 2,
    }


def test_without_networks_no_branch_is_counted(engine: Engine) -> None:
    found = totals(engine, company(), Fact.LIAISONS, replace(MARCH, rules=replace(RULES, networks=())))
    assert (found["liaison_branches"], found["liaison_teams"]) == (0, 3)


def contact(department: str, unit_id: str, fed_back_at: datetime | None) -> Row:
    steps = ("contacted_at", "registered_at", "reported_at", "implemented_at")
    done = dict.fromkeys(steps, datetime(2026, 3, 5, tzinfo=UTC))
    return {
        "department_id": department,
        "unit_id": unit_id,
        "month": date(2026, 3, 1),
        "fed_back_at": fed_back_at,
    } | done


def test_contacts_are_owed_to_sponsored_branches_and_wherever_one_is_recorded(engine: Engine) -> None:
    plain = company()
    assert totals(engine, plain, Fact.CONTACT_POINTS) == {"contacts_owed": 1, "contacts_closed": 0}
    plain.tables["contact_points"] = [contact("D", "B1", datetime(2026, 4, 2, tzinfo=UTC)), contact("D", "T3", None)]
    assert totals(engine, plain, Fact.CONTACT_POINTS) == {"contacts_owed": 2, "contacts_closed": 1}
    at_the_end_of_march = replace(MARCH, as_of=datetime(2026, 3, 31, 16, 0, tzinfo=UTC))
    assert totals(engine, plain, Fact.CONTACT_POINTS, at_the_end_of_march)["contacts_closed"] == 0


def test_sessions_and_activities_of_the_period(engine: Engine) -> None:
    plain = company()
    session = {"level": "weekly", "unit_id": "B1", "items_raised": 4, "items_settled": 5}
    plain.tables["consultations"] = [
        {**session, "id": "1", "held_on": date(2026, 3, 31), "cadres": 3, "workers": 2},
        {**session, "id": "2", "held_on": date(2026, 3, 1), "cadres": None, "workers": 9},
        {**session, "id": "3", "held_on": SPRING, "cadres": 1, "workers": 1},
    ]
    plain.tables["activities"] = [
        {"id": "1", "kind": "visit", "unit_id": "T1", "held_on": date(2026, 3, 2), "participants": 7},
        {"id": "2", "kind": "visit", "unit_id": "nowhere", "held_on": date(2026, 3, 2), "participants": 2},
    ]
    assert totals(engine, plain, Fact.CONSULTATIONS) == {
        "items_raised": 8,
        "items_settled": 8,
        "consultation_workers": 2,
        "consultation_participants": 5,
    }
    assert totals(engine, plain, Fact.ACTIVITIES) == {"activities_held": 2, "activity_participants": 9}
    in_branch = totals(engine, plain, Fact.ACTIVITIES, replace(MARCH, unit_id="B1"))
    assert in_branch == {"activities_held": 1, "activity_participants": 7}
