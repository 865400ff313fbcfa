"""Deadline rules: by when a case of a grade must be answered and resolved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from metrics.problem import Problem, raise_if_any
from metrics.toml_table import TomlTable, read_toml

BUILT_IN = Path(__file__).parent / "deadlines.toml"
GRADES = ("A", "B", "C")


@dataclass(frozen=True)
class Limit:
    """A time allowed: clock hours after receipt, or working days after the day of receipt."""

    hours: int | None = None
    working_days: int | None = None


@dataclass(frozen=True)
class DeadlineRule:
    """The limits of one grade for cases received on or after ``effective_from`` (local day)."""

    grade: str
    effective_from: date
    response: Limit
    resolution: Limit


def load(path: Path | None) -> tuple[DeadlineRule, ...]:
    """The rules of a company's own file, or the built-in ones, by grade and effective date.

    Raises DefinitionError with every problem of the file.
    """
    problems: list[Problem] = []
    table = read_toml(path or BUILT_IN, problems)
    rules = [_rule(each) for each in table.tables("rules")] if table else []
    if table:
        table.finish()
        _check_different(table, rules)
    raise_if_any(problems)
    return tuple(sorted(rules, key=lambda rule: (rule.grade, rule.effective_from)))


def rule_in_force(rules: Iterable[DeadlineRule], grade: str, day: date) -> DeadlineRule | None:
    """The grade's rule for cases received on a local day: the latest that was effective; None where none was."""
    effective = (rule for rule in rules if rule.grade == grade and rule.effective_from <= day)
    return max(effective, key=lambda rule: rule.effective_from, default=None)


def _rule(table: TomlTable) -> DeadlineRule:
    rule = DeadlineRule(
        grade=table.choice("grade", GRADES),
        effective_from=table.day("effective_from"),
        response=_limit(table.table("response")),
        resolution=_limit(table.table("resolution")),
    )
    table.finish()
    return rule


def _limit(table: TomlTable) -> Limit:
    given = [key for key in ("hours", "working_days") if key in table]
    if len(given) != 1:
        table.problem("hours", "exactly one of hours and working_days must be given")
    limit = Limit(**{key: table.whole(key, minimum=1) for key in given})
    table.finish()
    return limit


def _check_different(table: TomlTable, rules: list[DeadlineRule]) -> None:
    keys = [(rule.grade, rule.effective_from) for rule in rules]
    for grade, day in {key for key in keys if keys.count(key) > 1}:
        table.problem("rules", f"grade {grade} has two rules from {day}")
