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
    case_events,
    chat_group_months,
    chat_groups,
    org_units,
    unit_parents,
)
from tests.test_data_access.test_quality.bad_rows import BAD_CASES, BAD_ROWS
from tests.test_data_access.test_quality.company import (
    BRANCH,
    COMPANY,
    DAY,
    HOUR,
    MARCH,
    NOON,
    VIEWER,
    add,
    add_case,
    circumstances,
    write_company,
)


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
