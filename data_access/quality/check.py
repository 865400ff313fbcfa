"""Bad rows, counted by rule and listed by key."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Integer, Table, case, func, literal_column, select

from data_access.quality.case_rules import CASE_RULES
from data_access.quality.record_rules import RECORD_RULES
from data_access.quality.rule import Circumstances, Rule
from data_access.quality.unit_rules import UNIT_RULES
from data_access.quality.visible import listable, visible

RULES: tuple[Rule, ...] = (*CASE_RULES, *UNIT_RULES, *RECORD_RULES)
"""Every rule; rules on one table stand together."""

KEYS_ON_A_PAGE = 1000

_ONE = literal_column("1", Integer())
_ZERO = literal_column("0", Integer())


@dataclass(frozen=True)
class Finding:
    """How many rows of the scope are bad by a rule, out of how many that the table has there."""

    rule: Rule
    bad_rows: int
    rows: int


class UnknownRuleError(ValueError):
    """There is no rule of that name."""


def find_rule(rule_id: str) -> Rule:
    """The rule of that name; raises UnknownRuleError."""
    for rule in RULES:
        if rule.id == rule_id:
            return rule
    raise UnknownRuleError(f"{rule_id}: no such rule of data quality")


def check(connection: Connection, circumstances: Circumstances) -> tuple[Finding, ...]:
    """One finding per rule, in the order of RULES, also where no row is bad. Each table is read once."""
    findings: list[Finding] = []
    for table, rules in groupby(RULES, key=lambda rule: rule.table):
        findings += _findings(connection, circumstances, table, list(rules))
    return tuple(findings)


def bad_keys(
    connection: Connection, circumstances: Circumstances, rule: Rule, limit: int = KEYS_ON_A_PAGE, offset: int = 0
) -> tuple[tuple[Any, ...], ...]:
    """The keys (see ``Rule.key``) of bad rows that the viewer may be shown, in the keys' order."""
    key = [rule.table.c[name] for name in rule.key]
    allowed = listable(rule.table, circumstances.scope, circumstances.hierarchy, circumstances.today)
    statement = select(*key).where(rule.condition(circumstances), allowed).order_by(*key)
    return tuple(tuple(row) for row in connection.execute(statement.limit(limit).offset(offset)))


def _findings(connection: Connection, circumstances: Circumstances, table: Table, rules: list[Rule]) -> list[Finding]:
    counts = [func.coalesce(func.sum(case((rule.condition(circumstances), _ONE), else_=_ZERO)), 0) for rule in rules]
    allowed = visible(table, circumstances.scope, circumstances.hierarchy, circumstances.today)
    rows, *bad = connection.execute(select(func.count(), *counts).select_from(table).where(allowed)).one()
    return [Finding(rule, int(count), rows) for rule, count in zip(rules, bad, strict=True)]
