"""Rules of a kind: each function makes one from a table and its columns."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Table, and_, exists, false, or_, select

from data_access.dialect import instant
from data_access.quality.rule import Circumstances, Effect, Problem, Rule
from data_access.tables import org_units


def unknown_code(table: Table, column: str, section: str, effect: Effect = Effect.STAYS) -> Rule:
    """A code that the section of the vocabulary doesn't have."""

    def condition(circumstances: Circumstances) -> ColumnElement[bool]:
        value = table.c[column]
        return and_(value.is_not(None), value.not_in(circumstances.codes[section]))

    return Rule(table, (column,), Problem.UNKNOWN_CODE, effect, condition)


def unknown_unit(table: Table, column: str, effect: Effect = Effect.COMPANY_ONLY) -> Rule:
    """A unit that isn't in ``org_units``."""
    value = table.c[column]
    # Units are few: a set of their ids is made once, and every row looks into it.
    missing = and_(value.is_not(None), value.not_in(select(org_units.alias("known_units").c.id)))
    return Rule(table, (column,), Problem.UNKNOWN_UNIT, effect, lambda _: missing)


def unknown_reference(table: Table, column: str, target: Table, effect: Effect) -> Rule:
    """A key that isn't in another table, which has a single column as key."""
    value = table.c[column]
    other = target.alias(f"referred_{target.name}")
    # Rows may be many: each looks into the key's index, for a set of all keys would not fit into memory.
    missing = and_(value.is_not(None), ~exists().where(_key(other) == value))
    return Rule(table, (column,), Problem.UNKNOWN_REFERENCE, effect, lambda _: missing)


def unknown_reference_within(table: Table, column: str, effect: Effect) -> Rule:
    """A key of another row of the same table, which isn't there.

    Whoever refers is seldom, so that the unknown keys are found as a set: shards of a cluster can't look into
    each other row by row.
    """
    referring, referred = table.alias(f"referring_{table.name}"), table.alias(f"referred_{table.name}")
    given = select(referring.c[column]).where(referring.c[column].is_not(None))
    missing = table.c[column].in_(given.except_(select(_key(referred)).where(_key(referred).in_(given))))
    return Rule(table, (column,), Problem.UNKNOWN_REFERENCE, effect, lambda _: is_true(missing, table.c[column]))


def _key(table: FromClause) -> ColumnElement[Any]:
    return next(iter(table.primary_key))


def out_of_order(table: Table, first: str, then: str, effect: Effect, *, strictly: bool = False) -> Rule:
    """A time or day that lies before the one it must follow; ``strictly``: or is the same."""
    before, after = table.c[first], table.c[then]
    wrong = after <= before if strictly else after < before
    return Rule(table, (then, first), Problem.OUT_OF_ORDER, effect, lambda _: is_true(wrong, before, after))


def in_the_future(table: Table, column: str) -> Rule:
    """A time after the as-of time."""

    def condition(circumstances: Circumstances) -> ColumnElement[bool]:
        return is_true(table.c[column] > instant(circumstances.as_of), table.c[column])

    return Rule(table, (column,), Problem.IN_THE_FUTURE, Effect.NOT_YET, condition)


def out_of_range(table: Table, column: str, lowest: int, highest: int | None, effect: Effect) -> Rule:
    """A number below the lowest or above the highest that makes sense."""
    value = table.c[column]
    wrong = or_(value < lowest, value > highest if highest is not None else false())
    return Rule(table, (column,), Problem.OUT_OF_RANGE, effect, lambda _: is_true(wrong, value))


def more_than(table: Table, part: str, whole: str) -> Rule:
    """A part that is larger than the whole."""
    smaller, larger = table.c[part], table.c[whole]
    wrong = is_true(smaller > larger, smaller, larger)
    return Rule(table, (part, whole), Problem.OUT_OF_RANGE, Effect.STAYS, lambda _: wrong)


def is_true(condition: ColumnElement[bool], *columns: ColumnElement[Any]) -> ColumnElement[bool]:
    """The condition, false instead of NULL where one of the columns is empty."""
    return and_(*(column.is_not(None) for column in columns), condition)
