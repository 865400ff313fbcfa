"""An indicator's definition as a reader wants to see it."""

from collections.abc import Iterable
from dataclasses import dataclass

from dashboard.i18n import LANGUAGES, Translator
from dashboard.presenters.judgement import target_value
from dashboard.presenters.tables import unit_name
from metrics.definition import Direction, Formula, Indicator, Term
from metrics.vocabulary import SECTION_OF_DIMENSION, Vocabulary


@dataclass(frozen=True)
class Line:
    """A heading with its text."""

    heading: str
    text: str


@dataclass(frozen=True)
class Definition:
    """An indicator on one page: ``texts`` to read, ``facts`` to look up, ``companions`` to look at too."""

    id: str
    name: str
    family: str
    texts: tuple[Line, ...]
    formula: str
    facts: tuple[Line, ...]
    companions: tuple[tuple[str, str], ...]


def present_definition(
    indicator: Indicator, companions: Iterable[Indicator], vocabulary: Vocabulary, t: Translator
) -> Definition:
    """The definition in the reader's language."""
    texts = indicator.text(t.language)
    return Definition(
        id=indicator.id,
        name=texts.name,
        family=vocabulary.name("families", indicator.family, t.language),
        texts=(
            Line(t("What it means"), texts.meaning),
            Line(t("Why it matters"), texts.why),
            Line(t("How it is calculated"), texts.calculation),
            Line(t("How it can mislead"), texts.caveats),
        ),
        formula=formula_text(indicator),
        facts=tuple(line for line in _facts(indicator, vocabulary, t) if line.text),
        companions=tuple((one.id, one.text(t.language).name) for one in companions),
    )


def formula_text(indicator: Indicator) -> str:
    """The formula over the source's counts, by their names in the program."""
    match indicator.formula:
        case Formula.RATIO:
            return f"{_sum(indicator.numerator)} ÷ {_sum(indicator.denominator)}"
        case Formula.COUNT:
            return f"Σ {_sum(indicator.numerator)}"
        case Formula.SURVIVAL_QUANTILE:
            return f"Kaplan–Meier({indicator.numerator_fact.value}, {indicator.quantile})"
        case Formula.MEDIAN_LOAD:
            return f"median({indicator.numerator_fact.value})"


def _sum(terms: tuple[Term, ...]) -> str:
    parts = [term.count if term.weight == 1.0 else f"{term.weight:g} × {term.count}" for term in terms]
    return parts[0] if len(parts) == 1 else f"({' + '.join(parts)})"


def _facts(indicator: Indicator, vocabulary: Vocabulary, t: Translator) -> list[Line]:
    texts = indicator.text(t.language)
    kinds = (vocabulary.name("unit_kinds", kind, t.language) for kind in indicator.unit_kinds)
    return [
        Line(t("Target"), _target(indicator, t)),
        Line(t("Basis of the target"), texts.target_basis),
        Line(t("Judgement"), direction_text(indicator.direction, t)),
        Line(t("Measured in"), unit_name(indicator.unit, t)),
        Line(t("Counted from"), ", ".join(fact.value for fact in indicator.facts)),
        Line(t("Only"), _where(indicator.where, vocabulary, t)),
        Line(t("Only in the scored view"), _where(indicator.where_scored, vocabulary, t)),
        Line(t("Beside it"), ", ".join(indicator.beside)),
        Line(t("Fewest to judge"), str(indicator.minimum_to_show)),
        Line(t("Fewest to score"), str(indicator.minimum_to_score)),
        Line(t("Protected"), t("yes: hidden below ten, with what could be had by subtraction") * indicator.protected),
        Line(t("For"), t(", ").join(kinds)),
        Line(t("Owner"), texts.owner),
        Line(t("Next review"), indicator.next_review.isoformat()),
    ]


def _target(indicator: Indicator, t: Translator) -> str:
    if indicator.target is None or indicator.direction is Direction.CONTEXT:
        return t("none")
    value = target_value(indicator.target, indicator.unit, t)
    return f"≤ {value}" if indicator.direction is Direction.LOWER else f"≥ {value}"


def direction_text(direction: Direction, t: Translator) -> str:
    """Which way is better, in words."""
    return {
        Direction.HIGHER: t("higher is better"),
        Direction.LOWER: t("lower is better"),
        Direction.CONTEXT: t("for context: no judgement, can't be scored"),
    }[direction]


def _where(where: tuple[tuple[str, tuple[str, ...]], ...], vocabulary: Vocabulary, t: Translator) -> str:
    parts = []
    for dimension, codes in where:
        section = SECTION_OF_DIMENSION.get(dimension)
        parts += [vocabulary.name(section, code, t.language) if section else code for code in codes]
    return t(", ").join(parts)


def is_about(indicator: Indicator, text: str) -> bool:
    """Whether the searched text stands in the indicator's id, names or texts, in either language."""
    wanted = text.casefold()
    words = (indicator.id, *(word for language in LANGUAGES for word in _words(indicator, language)))
    return any(wanted in word.casefold() for word in words)


def _words(indicator: Indicator, language: str) -> tuple[str, ...]:
    texts = indicator.text(language)
    return texts.name, texts.short, texts.meaning, texts.calculation
