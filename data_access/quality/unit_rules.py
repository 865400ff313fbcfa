"""The rules on units and on who is above whom."""

from sqlalchemy import exists, or_

from data_access.quality.makers import out_of_order, out_of_range, unknown_code, unknown_unit
from data_access.quality.rule import Effect, Problem, Rule
from data_access.tables import headcounts, org_units, unit_parents


def _overlap() -> Rule:
    """A link that begins while an earlier one of the same unit still holds; the later one counts."""
    earlier = unit_parents.alias("earlier_link")
    later = unit_parents.c
    holds = or_(earlier.c.valid_to.is_(None), earlier.c.valid_to > later.valid_from)
    found = exists().where(earlier.c.unit_id == later.unit_id, earlier.c.valid_from < later.valid_from, holds)
    return Rule(unit_parents, ("valid_from",), Problem.OVERLAP, Effect.STAYS, lambda _: found.correlate(unit_parents))


def _own_parent() -> Rule:
    same = unit_parents.c.unit_id == unit_parents.c.parent_id
    return Rule(unit_parents, ("unit_id", "parent_id"), Problem.OUT_OF_ORDER, Effect.LEAVES, lambda _: same)


UNIT_RULES: tuple[Rule, ...] = (
    unknown_code(org_units, "kind", "unit_kinds", Effect.COMPANY_ONLY),
    unknown_code(org_units, "function", "functions"),
    unknown_unit(org_units, "successor_id", Effect.STAYS),
    out_of_order(org_units, "founded_on", "closed_on", Effect.LEAVES, strictly=True),
    unknown_unit(unit_parents, "unit_id", Effect.LEAVES),
    unknown_unit(unit_parents, "parent_id"),
    out_of_order(unit_parents, "valid_from", "valid_to", Effect.LEAVES, strictly=True),
    _own_parent(),
    _overlap(),
    unknown_unit(headcounts, "unit_id"),
    out_of_range(headcounts, "employees", 0, None, Effect.STAYS),
)
