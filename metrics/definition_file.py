"""Reading and checking one definition file."""

import re
from collections.abc import Sequence
from dataclasses import fields
from pathlib import PurePath

from metrics.counts import FACT_OF_COUNT, FACTS, UNIT_KINDS, Fact
from metrics.definition import (
    DEFAULT_MINIMUM_TO_SCORE,
    DEFAULT_MINIMUM_TO_SHOW,
    FAMILIES,
    LANGUAGES,
    Direction,
    Formula,
    Indicator,
    Term,
    Texts,
    Unit,
)
from metrics.toml_table import TomlTable
from metrics.vocabulary import SECTION_OF_DIMENSION, Vocabulary

DURATION_FACTS = {
    Unit.HOURS: (Fact.RESPONSE_MINUTES, Fact.RESOLUTION_MINUTES),
    Unit.WORKING_DAYS: (Fact.RESOLUTION_WORKING_DAYS,),
}
UNITS_OF_FORMULA = {
    Formula.RATIO: (Unit.SHARE, Unit.PER_100_EMPLOYEES),
    Formula.COUNT: (Unit.COUNT,),
    Formula.SURVIVAL_QUANTILE: tuple(DURATION_FACTS),
    Formula.MEDIAN_LOAD: (Unit.COUNT,),
}
EMPLOYEES = "employees"

Where = tuple[tuple[str, tuple[str, ...]], ...]


def read_indicator(table: TomlTable, vocabulary: Vocabulary, ids: Sequence[str]) -> Indicator | None:
    """The indicator of a file; None, with what is wrong added to the table's problems, if it can't be used.

    ``ids`` are those of all indicators, its companions' among them.
    """
    known = len(table.problems)
    formula = Formula(table.choice("formula", list(Formula)))
    unit = Unit(table.choice("unit", UNITS_OF_FORMULA[formula]))
    direction = Direction(table.choice("direction", list(Direction)))
    numerator = _terms(table, "numerator", formula in (Formula.RATIO, Formula.COUNT), unit)
    denominator = _terms(table, "denominator", formula is Formula.RATIO, unit)
    duration = _duration(table, formula, unit)
    facts = _facts(formula, numerator, denominator, duration)
    protected = _protected(table, formula)
    minimum_to_show, minimum_to_score = _minimums(table, formula, direction)
    indicator = Indicator(
        id=_id(table),
        family=table.choice("family", FAMILIES),
        order=table.whole("order"),
        formula=formula,
        unit=unit,
        direction=direction,
        numerator=numerator,
        denominator=denominator,
        where=_where(table, "where", facts, vocabulary),
        where_scored=_where(table, "where_scored", facts, vocabulary),
        duration=duration,
        quantile=_quantile(table, formula),
        target=_target(table, direction, unit),
        minimum_to_show=minimum_to_show,
        minimum_to_score=minimum_to_score,
        protected=protected,
        unit_kinds=_unit_kinds(table, protected),
        headline=table.flag("headline", False),
        beside=table.names("beside", [count for fact in facts for count in _counts(fact)], []),
        companions=table.names("companions", ids, []),
        next_review=table.day("next_review"),
        texts=tuple((language, _texts(table.table(language), "target" in table)) for language in LANGUAGES),
    )
    table.finish()
    return indicator if len(table.problems) == known else None


def _id(table: TomlTable) -> str:
    name = table.text("id")
    if name and name != PurePath(table.file).stem:
        table.problem("id", f"{name!r} is not the file's name without .toml")
    elif name and not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        table.problem("id", "may hold only a-z, 0-9 and _, and begins with a letter")
    return name


def _counts(fact: Fact) -> tuple[str, ...]:
    """The counts of a fact that a definition may name: none where rows differ by a value."""
    return () if FACTS[fact].values else FACTS[fact].counts


def _terms(table: TomlTable, key: str, wanted: bool, unit: Unit) -> tuple[Term, ...]:
    if not wanted:
        table.refuse(key, "has no meaning for this formula")
        return ()
    terms = tuple(_term(table, key, entry, unit) for entry in table.entries(key))
    facts = {FACT_OF_COUNT[term.count] for term in terms if term.count in FACT_OF_COUNT}
    if len(facts) > 1:
        table.problem(key, f"its counts come from different facts: {', '.join(sorted(facts))}")
    if len({term.count for term in terms}) < len(terms):
        table.problem(key, "names a count twice")
    if key == "denominator" and unit is Unit.PER_100_EMPLOYEES and [term.count for term in terms] != [EMPLOYEES]:
        table.problem(key, f'must be ["{EMPLOYEES}"] for a rate per 100 employees')
    return terms


def _term(table: TomlTable, key: str, entry: object, unit: Unit) -> Term:
    """The term of ``"count"`` or ``{ count = "count", weight = 0.9 }``."""
    term = table.inside(key, entry if isinstance(entry, dict) else {"count": entry})
    count = term.text("count")
    if count and count not in FACT_OF_COUNT:
        term.problem("count", f"no fact offers {count!r}; there are: {', '.join(FACT_OF_COUNT)}")
    weight = term.number("weight", 1.0)
    if weight <= 0 or (unit is Unit.SHARE and weight > 1):
        term.problem("weight", "must be above 0, and at most 1 for a share")
    term.finish()
    return Term(count, weight)


def _facts(
    formula: Formula, numerator: tuple[Term, ...], denominator: tuple[Term, ...], duration: Fact | None
) -> tuple[Fact, ...]:
    """The facts that the counts belong to, as far as the counts are known."""
    if formula is Formula.MEDIAN_LOAD:
        return (Fact.ZONE_LOADS,)
    named = [FACT_OF_COUNT[term.count] for term in (*numerator, *denominator) if term.count in FACT_OF_COUNT]
    return tuple(dict.fromkeys([duration, *named] if duration else named))


def _duration(table: TomlTable, formula: Formula, unit: Unit) -> Fact | None:
    if formula is not Formula.SURVIVAL_QUANTILE:
        table.refuse("duration", "has a meaning only for a survival quantile")
        return None
    return Fact(table.choice("duration", DURATION_FACTS[unit]))


def _quantile(table: TomlTable, formula: Formula) -> float | None:
    if formula is not Formula.SURVIVAL_QUANTILE:
        table.refuse("quantile", "has a meaning only for a survival quantile")
        return None
    quantile = table.number("quantile")
    if "quantile" in table and not 0 < quantile < 1:
        table.problem("quantile", "must lie between 0 and 1")
    return quantile


def _target(table: TomlTable, direction: Direction, unit: Unit) -> float | None:
    if direction is Direction.CONTEXT:
        table.refuse("target", "an indicator of context is never judged, so it has no target")
    if "target" not in table or direction is Direction.CONTEXT:
        return None
    target = table.number("target")
    if target < 0 or (unit is Unit.SHARE and target > 1):
        table.problem("target", "must not be negative, and a share lies between 0 and 1")
    return target


def _minimums(table: TomlTable, formula: Formula, direction: Direction) -> tuple[int, int]:
    if formula is Formula.COUNT:
        table.refuse("minimum_to_show", "a plain count has no denominator")
    if formula is Formula.COUNT or direction is Direction.CONTEXT:
        table.refuse("minimum_to_score", "an indicator of context is never scored, a plain count has no denominator")
    show = table.whole("minimum_to_show", DEFAULT_MINIMUM_TO_SHOW, 1)
    score = table.whole("minimum_to_score", max(DEFAULT_MINIMUM_TO_SCORE, show), 1)
    if score < show:
        table.problem("minimum_to_score", "must be at least minimum_to_show")
    return show, score


def _protected(table: TomlTable, formula: Formula) -> bool:
    protected = table.flag("protected", False)
    if protected and formula is not Formula.RATIO:
        table.problem("protected", "only a ratio can be protected: its cells are what small counts are hidden in")
    return protected


def _unit_kinds(table: TomlTable, protected: bool) -> tuple[str, ...]:
    kinds = table.names("unit_kinds", UNIT_KINDS, list(UNIT_KINDS))
    if protected:
        for kind, above in (("team", "branch"), ("branch", "company"), ("department", "company")):
            if kind in kinds and above not in kinds:
                table.problem("unit_kinds", f"a protected indicator of a {kind} needs its {above}'s, to hide by")
    return kinds


def _where(table: TomlTable, key: str, facts: tuple[Fact, ...], vocabulary: Vocabulary) -> Where:
    conditions = table.table(key, required=False)
    offered = [dimension for fact in facts[:1] for dimension in FACTS[fact].dimensions]
    where = []
    for dimension in conditions:
        if dimension in offered:
            where.append((dimension, _values(conditions, dimension, vocabulary)))
        else:
            has = ", ".join(offered) or "none"
            conditions.refuse(dimension, f"is not a dimension of the numerator; it has: {has}")
    return tuple(where)


def _values(conditions: TomlTable, dimension: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    section = SECTION_OF_DIMENSION.get(dimension)
    if section:
        return conditions.names(dimension, vocabulary.codes(section))
    return tuple(str(value) for value in conditions.entries(dimension))


def _texts(table: TomlTable, has_target: bool) -> Texts:
    required = {field.name: table.text(field.name) for field in fields(Texts) if field.name != "target_basis"}
    basis = table.text("target_basis", None if has_target else "")
    table.finish()
    return Texts(**required, target_basis=basis)
