"""Rows that are bad in one way each, with the rule that must find them."""

from datetime import date
from typing import Any

from sqlalchemy import Table

from data_access.tables import (
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
from tests.test_data_access.test_quality.company import DAY, HOUR, MARCH, NOON, NOW

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
