"""The rules on what units keep and do: zones, groups, liaisons, duties, contacts, sessions, activities, scores."""

from data_access.quality.makers import (
    in_the_future,
    more_than,
    out_of_order,
    out_of_range,
    unknown_code,
    unknown_reference,
    unknown_unit,
)
from data_access.quality.rule import Effect, Rule
from data_access.tables import (
    activities,
    chat_group_months,
    chat_groups,
    consultations,
    contact_points,
    duties,
    external_scores,
    liaisons,
    zones,
)

TIERS = 3
DAYS_IN_MONTH = 31

RECORD_RULES: tuple[Rule, ...] = (
    unknown_unit(zones, "target_unit_id", Effect.LEAVES),
    unknown_unit(zones, "sponsor_unit_id", Effect.STAYS),
    out_of_range(zones, "tier", 1, TIERS, Effect.LEAVES),
    out_of_range(zones, "employees_covered", 0, None, Effect.STAYS),
    out_of_order(zones, "valid_from", "valid_to", Effect.LEAVES, strictly=True),
    unknown_unit(chat_groups, "unit_id", Effect.LEAVES),
    unknown_code(chat_groups, "platform", "platforms"),
    out_of_order(chat_groups, "created_on", "closed_on", Effect.LEAVES, strictly=True),
    unknown_reference(chat_group_months, "group_id", chat_groups, Effect.LEAVES),
    out_of_range(chat_group_months, "active_days", 0, DAYS_IN_MONTH, Effect.STAYS),
    out_of_range(chat_group_months, "members", 0, None, Effect.STAYS),
    unknown_unit(liaisons, "unit_id", Effect.LEAVES),
    unknown_code(liaisons, "network", "networks"),
    out_of_order(liaisons, "valid_from", "valid_to", Effect.LEAVES, strictly=True),
    unknown_unit(duties, "unit_id"),
    unknown_code(duties, "kind", "duty_kinds"),
    out_of_range(duties, "planned", 1, None, Effect.STAYS),
    out_of_range(duties, "done", 0, None, Effect.STAYS),
    in_the_future(duties, "done_at"),
    unknown_unit(contact_points, "department_id", Effect.LEAVES),
    unknown_unit(contact_points, "unit_id", Effect.LEAVES),
    unknown_unit(consultations, "unit_id"),
    unknown_code(consultations, "level", "levels"),
    more_than(consultations, "items_settled", "items_raised"),
    unknown_unit(activities, "unit_id"),
    unknown_code(activities, "kind", "activity_kinds"),
    out_of_range(activities, "participants", 0, None, Effect.STAYS),
    unknown_unit(external_scores, "unit_id", Effect.LEAVES),
    more_than(external_scores, "score", "maximum"),
)
