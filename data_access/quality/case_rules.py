"""The rules on cases and on the decisions about them."""

from collections.abc import Callable

from sqlalchemy import Column, ColumnElement, and_, exists, false, or_

from data_access.counts.placing import midnight
from data_access.dialect import instant
from data_access.quality.makers import (
    in_the_future,
    out_of_order,
    out_of_range,
    unknown_code,
    unknown_reference,
    unknown_reference_within,
    unknown_unit,
)
from data_access.quality.rule import Circumstances, Effect, Problem, Rule
from data_access.tables import case_events, cases
from metrics.deadlines import DeadlineRule, Limit

LOWEST_RATING, HIGHEST_RATING = 1, 5
MILESTONES = (
    "received_at",
    "responded_at",
    "first_resolved_at",
    "resolved_at",
    "fed_back_at",
    "published_at",
    "rated_at",
    "reopened_at",
    "escalated_at",
    "excluded_at",
)


def _no_unit() -> Rule:
    missing = cases.c.responsible_unit_id.is_(None)
    return Rule(cases, ("responsible_unit_id",), Problem.NO_UNIT, Effect.COMPANY_ONLY, lambda _: missing)


def _refused_channel() -> Rule:
    def condition(circumstances: Circumstances) -> ColumnElement[bool]:
        return and_(cases.c.channel.is_not(None), cases.c.channel.in_(circumstances.codes["refused_channels"]))

    return Rule(cases, ("channel",), Problem.REFUSED_CHANNEL, Effect.STAYS, condition)


def _no_deadline(column: Column[object], limit: Callable[[DeadlineRule], Limit]) -> Rule:
    """No deadline of its own, and no rule for its grade on the day of receipt."""

    def condition(circumstances: Circumstances) -> ColumnElement[bool]:
        rules = [rule for rule in circumstances.rules.deadlines if limit(rule) != Limit()]
        ruled = (
            and_(
                cases.c.grade.is_not(None),
                cases.c.grade == rule.grade,
                cases.c.received_at >= instant(midnight(rule.effective_from, circumstances.rules.time_zone)),
            )
            for rule in rules
        )
        return and_(column.is_(None), ~or_(false(), *ruled))

    return Rule(cases, (column.name,), Problem.NO_DEADLINE, Effect.LEAVES_ON_TIME, condition)


def _no_first_resolution() -> Rule:
    missing = and_(cases.c.resolved_at.is_not(None), cases.c.first_resolved_at.is_(None))
    return Rule(cases, ("first_resolved_at",), Problem.NO_FIRST_RESOLUTION, Effect.LEAVES, lambda _: missing)


def _no_decision() -> Rule:
    """Excluded without an event that says who decided it."""
    decided = exists().where(case_events.c.case_no == cases.c.case_no, case_events.c.kind == "excluded")
    missing = and_(cases.c.exclusion.is_not(None), ~decided.correlate(cases))
    return Rule(cases, ("exclusion",), Problem.NO_DECISION, Effect.STAYS, lambda _: missing)


CASE_RULES: tuple[Rule, ...] = (
    unknown_unit(cases, "responsible_unit_id"),
    _no_unit(),
    unknown_unit(cases, "origin_unit_id"),
    unknown_code(cases, "grade", "grades"),
    unknown_code(cases, "track", "tracks"),
    unknown_code(cases, "channel", "channels"),
    _refused_channel(),
    unknown_code(cases, "category", "categories"),
    unknown_code(cases, "outcome", "outcomes"),
    unknown_code(cases, "resolved_level", "unit_kinds"),
    unknown_code(cases, "exclusion", "exclusions"),
    unknown_code(cases, "rating_source", "rating_sources"),
    _no_deadline(cases.c.response_due_at, lambda rule: rule.response),
    _no_deadline(cases.c.resolution_due_at, lambda rule: rule.resolution),
    out_of_order(cases, "received_at", "responded_at", Effect.LEAVES_DURATIONS),
    out_of_order(cases, "received_at", "resolved_at", Effect.LEAVES_DURATIONS),
    out_of_order(cases, "received_at", "first_resolved_at", Effect.LEAVES_DURATIONS),
    out_of_order(cases, "received_at", "fed_back_at", Effect.STAYS),
    out_of_order(cases, "received_at", "response_due_at", Effect.STAYS),
    out_of_order(cases, "received_at", "resolution_due_at", Effect.STAYS),
    out_of_order(cases, "first_resolved_at", "reopened_at", Effect.STAYS),
    *(in_the_future(cases, column) for column in MILESTONES),
    out_of_range(cases, "rating", LOWEST_RATING, HIGHEST_RATING, Effect.LEAVES),
    _no_first_resolution(),
    _no_decision(),
    unknown_reference_within(cases, "repeat_of", Effect.STAYS),
    unknown_code(case_events, "kind", "event_kinds", Effect.LEAVES),
    unknown_reference(case_events, "case_no", cases, Effect.LEAVES),
    in_the_future(case_events, "at"),
)
