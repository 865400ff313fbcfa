"""Tests of data-quality rules: each finds its bad row and no other."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, Table

from data_access.quality.check import RULES, UnknownRuleError, bad_keys, check, find_rule
from data_access.quality.rule import Effect
from data_access.scope import Scope
from data_access.tables import (
    SOURCE_TABLES,
    activities,
    case_events,
    chat_group_months,
    chat_groups,
    consultations,
    contact_points,
    duties,
    external_scores,
    headcounts,
    liaisons,
    org_units,
    unit_parents,
    zones,
)
from tests.test_data_access.test_quality.company import (
    BRANCH,
    COMPANY,
    DAY,
    HOUR,
    MARCH,
    NOON,
    NOW,
    VIEWER,
    add,
    add_case,
    circumstances,
    write_company,
)

BAD_CASES: list[tuple[str, dict[str, Any]]] = [
    ("responsible_unit_id.unknown_unit", {"responsible_unit_id": "T9"}),
    ("responsible_unit_id.no_unit", {"responsible_unit_id": None}),
    ("origin_unit_id.unknown_unit", {"origin_unit_id": "T9"}),
    ("track.unknown_code", {"track": "both"}),
    ("channel.unknown_code", {"channel": "pigeon"}),
    ("category.unknown_code", {"category": "weather"}),
    ("outcome.unknown_code", {"outcome": "maybe"}),
    ("resolved_level.unknown_code", {"resolved_level": "ministry"}),
    ("rating_source.unknown_code", {"rating_source": "rumour"}),
    ("responded_at+received_at.out_of_order", {"responded_at": NOON - HOUR}),
    ("resolved_at+received_at.out_of_order", {"resolved_at": NOON - HOUR, "first_resolved_at": NOON}),
    ("first_resolved_at+received_at.out_of_order", {"first_resolved_at": NOON - HOUR}),
    ("fed_back_at+received_at.out_of_order", {"fed_back_at": NOON - HOUR}),
    ("response_due_at+received_at.out_of_order", {"response_due_at": NOON - HOUR}),
    ("resolution_due_at+received_at.out_of_order", {"resolution_due_at": NOON - HOUR}),
    (
        "reopened_at+first_resolved_at.out_of_order",
        {"first_resolved_at": NOON + DAY, "reopened_at": NOON + HOUR},
    ),
    ("received_at.in_the_future", {"received_at": NOW + HOUR}),
    ("published_at.in_the_future", {"published_at": NOW + HOUR}),
    ("excluded_at.in_the_future", {"excluded_at": NOW + HOUR}),
    ("rating.out_of_range", {"rating": 9}),
    ("rating.out_of_range", {"rating": 0}),
    ("first_resolved_at.no_first_resolution", {"resolved_at": NOON + DAY}),
    ("exclusion.no_decision", {"exclusion": "duplicate"}),
    ("repeat_of.unknown_reference", {"repeat_of": "NONE"}),
]

TIMES = {"valid_from": MARCH}
BAD_ROWS: list[tuple[str, Table, dict[str, Any]]] = [
    ("case_events.kind.unknown_code", case_events, {"id": "X", "case_no": "GOOD", "kind": "sung", "at": NOON}),
    ("case_events.case_no.unknown_reference", case_events, {"id": "X", "case_no": "N", "kind": "urged", "at": NOON}),
    ("case_events.at.in_the_future", case_events, {"id": "X", "case_no": "GOOD", "kind": "urged", "at": NOW + DAY}),
    ("org_units.kind.unknown_code", org_units, {"id": "X", "name": "X", "kind": "squadron"}),
    ("org_units.function.unknown_code", org_units, {"id": "X", "name": "X", "kind": "department", "function": "jazz"}),
    ("org_units.successor_id.unknown_unit", org_units, {"id": "X", "name": "X", "kind": "team", "successor_id": "Y"}),
    (
        "org_units.closed_on+founded_on.out_of_order",
        org_units,
        {"id": "X", "name": "X", "kind": "team", "founded_on": MARCH, "closed_on": MARCH},
    ),
    ("unit_parents.unit_id.unknown_unit", unit_parents, {"unit_id": "X", "parent_id": "C", **TIMES}),
    ("unit_parents.parent_id.unknown_unit", unit_parents, {"unit_id": "C", "parent_id": "X", **TIMES}),
    (
        "unit_parents.valid_to+valid_from.out_of_order",
        unit_parents,
        {"unit_id": "C", "parent_id": "B2", "valid_to": date(2026, 1, 1), **TIMES},
    ),
    ("unit_parents.unit_id+parent_id.out_of_order", unit_parents, {"unit_id": "C", "parent_id": "C", **TIMES}),
    ("unit_parents.valid_from.overlap", unit_parents, {"unit_id": "T1", "parent_id": "B2", **TIMES}),
    ("headcounts.unit_id.unknown_unit", headcounts, {"unit_id": "X", "month": MARCH, "employees": 3}),
    ("headcounts.employees.out_of_range", headcounts, {"unit_id": "T1", "month": MARCH, "employees": -3}),
    (
        "zones.target_unit_id.unknown_unit",
        zones,
        {"id": "Z", "tier": 2, "sponsor_unit_id": "B1", "sponsor_post": "P", "target_unit_id": "X", **TIMES},
    ),
    (
        "zones.sponsor_unit_id.unknown_unit",
        zones,
        {"id": "Z", "tier": 2, "sponsor_unit_id": "X", "sponsor_post": "P", "target_unit_id": "T1", **TIMES},
    ),
    (
        "zones.tier.out_of_range",
        zones,
        {"id": "Z", "tier": 4, "sponsor_unit_id": "B1", "sponsor_post": "P", "target_unit_id": "T1", **TIMES},
    ),
    (
        "chat_groups.unit_id.unknown_unit",
        chat_groups,
        {"id": "X", "platform": "qq", "unit_id": "X", "created_on": MARCH},
    ),
    (
        "chat_groups.platform.unknown_code",
        chat_groups,
        {"id": "X", "platform": "x", "unit_id": "T1", "created_on": MARCH},
    ),
    ("chat_group_months.group_id.unknown_reference", chat_group_months, {"group_id": "X", "month": MARCH}),
    (
        "chat_group_months.active_days.out_of_range",
        chat_group_months,
        {"group_id": "G", "month": MARCH, "active_days": 32},
    ),
    ("liaisons.unit_id.unknown_unit", liaisons, {"id": "L", "network": "party", "unit_id": "X", **TIMES}),
    ("liaisons.network.unknown_code", liaisons, {"id": "L", "network": "chess", "unit_id": "T1", **TIMES}),
    (
        "duties.planned.out_of_range",
        duties,
        {"id": "D", "kind": "bulletin", "unit_id": "B1", "period_start": MARCH, "planned": 0, "done": 0},
    ),
    (
        "duties.kind.unknown_code",
        duties,
        {"id": "D", "kind": "karaoke", "unit_id": "B1", "period_start": MARCH, "planned": 1, "done": 0},
    ),
    (
        "contact_points.department_id.unknown_unit",
        contact_points,
        {"department_id": "X", "unit_id": "B1", "month": MARCH},
    ),
    (
        "consultations.items_settled+items_raised.out_of_range",
        consultations,
        {"id": "S", "level": "weekly", "unit_id": "B1", "held_on": MARCH, "items_raised": 1, "items_settled": 2},
    ),
    (
        "activities.kind.unknown_code",
        activities,
        {"id": "A", "kind": "karaoke", "unit_id": "B1", "held_on": MARCH, "participants": 2},
    ),
    (
        "external_scores.score+maximum.out_of_range",
        external_scores,
        {"unit_id": "B1", "item": "safety", "period_start": MARCH, "score": 101, "maximum": 100},
    ),
]


def bad(connection: Connection, scope: Scope = COMPANY) -> dict[str, int]:
    """The rules that find something, with how many rows."""
    return {
        each.rule.id: each.bad_rows for each in check(connection, circumstances(connection, scope)) if each.bad_rows
    }


@pytest.fixture
def connection(transaction: Connection) -> Connection:
    write_company(transaction)
    return transaction


def test_a_good_company_has_no_bad_rows(connection: Connection) -> None:
    assert bad(connection) == {}
    found = {each.rule.table.name: each.rows for each in check(connection, circumstances(connection))}
    assert found["cases"] == 1
    assert found["org_units"] == 4


@pytest.mark.parametrize(("rule", "row"), BAD_CASES)
def test_a_bad_case_is_found_by_its_rule_alone(connection: Connection, rule: str, row: dict[str, Any]) -> None:
    add_case(connection, "BAD", **row)
    expected = f"cases.{rule}"
    assert bad(connection) == {expected: 1}
    assert bad_keys(connection, circumstances(connection), find_rule(expected)) == (("BAD",),)


@pytest.mark.parametrize(("rule", "table", "row"), BAD_ROWS, ids=[rule for rule, _, _ in BAD_ROWS])
def test_a_bad_row_is_found_by_its_rule_alone(
    connection: Connection, rule: str, table: Table, row: dict[str, Any]
) -> None:
    add(connection, table, **row)
    assert bad(connection) == {rule: 1}
    key = tuple(row[column.name] for column in table.primary_key)
    assert bad_keys(connection, circumstances(connection), find_rule(rule)) == (key,)


def test_a_refused_channel_is_told_apart_from_an_unknown_one(connection: Connection) -> None:
    add_case(connection, "BAD", channel="accusation")
    assert bad(connection) == {"cases.channel.unknown_code": 1, "cases.channel.refused_channel": 1}


def test_a_case_without_a_deadline_leaves_on_time_figures(connection: Connection) -> None:
    response, resolution = "cases.response_due_at.no_deadline", "cases.resolution_due_at.no_deadline"
    add_case(connection, "NO GRADE", grade=None)
    add_case(connection, "UNKNOWN", grade="Z")
    add_case(connection, "NO RESPONSE LIMIT", grade="B")
    add_case(connection, "BEFORE THE RULES", received_at=NOON - 100 * DAY)
    add_case(connection, "OWN", grade=None, response_due_at=NOON + HOUR, resolution_due_at=NOON + DAY)
    assert bad(connection) == {response: 4, resolution: 3, "cases.grade.unknown_code": 1}
    assert find_rule(response).effect is Effect.LEAVES_ON_TIME


def test_an_unknown_exclusion_has_no_decision_either(connection: Connection) -> None:
    add_case(connection, "BAD", exclusion="whim")
    assert bad(connection) == {"cases.exclusion.unknown_code": 1, "cases.exclusion.no_decision": 1}


def test_parents_that_follow_each_other_do_not_overlap(connection: Connection) -> None:
    add(connection, unit_parents, unit_id="C", parent_id="B1", valid_from=MARCH, valid_to=date(2026, 4, 1))
    add(connection, unit_parents, unit_id="C", parent_id="B2", valid_from=date(2026, 4, 1))
    assert bad(connection) == {}


def test_keys_come_in_order_and_in_pages(connection: Connection) -> None:
    for number in range(5):
        add_case(connection, f"BAD{number}", rating=9)
    rule, here = find_rule("cases.rating.out_of_range"), circumstances(connection)
    assert bad_keys(connection, here, rule, limit=2, offset=1) == (("BAD1",), ("BAD2",))
    assert bad_keys(connection, here, rule, offset=5) == ()


def test_below_the_company_only_own_rows_are_counted_and_no_restricted_ones(connection: Connection) -> None:
    for case_no, row in {
        "OWN": {},
        "RESTRICTED": {"restricted": True},
        "OTHER": {"responsible_unit_id": "B2"},
        "ORPHAN": {"responsible_unit_id": "T9"},
    }.items():
        add_case(connection, case_no, rating=9, **row)
        add(connection, case_events, id=case_no, case_no=case_no, kind="sung", at=NOON)
    add(connection, chat_groups, id="OTHER", platform="qq", unit_id="B2", created_on=MARCH)
    for group_id in ("G", "OTHER"):
        add(connection, chat_group_months, group_id=group_id, month=MARCH, active_days=40)
    add(connection, org_units, id="T9 ", name="Nowhere", kind="team", function="jazz")
    assert bad(connection, BRANCH) == {
        "cases.rating.out_of_range": 1,
        "case_events.kind.unknown_code": 1,
        "chat_group_months.active_days.out_of_range": 1,
    }
    here = circumstances(connection, BRANCH)
    assert bad_keys(connection, here, find_rule("cases.rating.out_of_range")) == (("OWN",),)


def test_restricted_cases_are_counted_for_the_company_but_listed_for_its_handlers_only(connection: Connection) -> None:
    add_case(connection, "RESTRICTED", rating=9, restricted=True)
    add(connection, case_events, id="E2", case_no="RESTRICTED", kind="sung", at=NOON)
    add(connection, case_events, id="E3", case_no="GOOD", kind="sung", at=NOON)
    rating, kind = find_rule("cases.rating.out_of_range"), find_rule("case_events.kind.unknown_code")
    viewer, handler = circumstances(connection, VIEWER), circumstances(connection, COMPANY)
    assert bad(connection, VIEWER)[rating.id] == 1
    assert bad_keys(connection, viewer, rating) == ()
    assert bad_keys(connection, handler, rating) == (("RESTRICTED",),)
    assert bad_keys(connection, viewer, kind) == (("E3",),)
    assert bad_keys(connection, handler, kind) == (("E2",), ("E3",))


def test_the_companys_own_unit_as_scope_is_the_whole_company(connection: Connection) -> None:
    add_case(connection, "ORPHAN", responsible_unit_id="T9")
    assert bad(connection, Scope("chair", "C")) == {"cases.responsible_unit_id.unknown_unit": 1}
    assert bad(connection, Scope("ghost", "nobody")) == {}


def test_an_empty_database_has_no_bad_rows(transaction: Connection) -> None:
    assert bad(transaction) == {}


def test_rules_have_names_of_their_own_and_stand_by_table() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    tables = list(dict.fromkeys(rule.table for rule in RULES))
    assert [rule.table for rule in RULES] == sorted((rule.table for rule in RULES), key=tables.index)
    assert set(tables) == set(SOURCE_TABLES)


def test_an_unknown_rule_is_told() -> None:
    with pytest.raises(UnknownRuleError, match=r"cases\.mood"):
        find_rule("cases.mood")
