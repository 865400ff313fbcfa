"""The Indicator: one definition file, read and checked."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from metrics.counts import FACT_OF_COUNT, MINIMUM_CELL, Fact

FAMILIES = (
    "response",
    "resolution",
    "backlog",
    "voice",
    "watch",
    "coverage",
    "duties",
    "consultation",
    "context",
)
"""The families in the order in which readers see them; their names are in the vocabulary."""

LANGUAGES = ("zh", "en")


class Formula(StrEnum):
    """How the counts make the value."""

    RATIO = "ratio"
    """sum of numerator counts x weights / sum of denominator counts x weights"""
    COUNT = "count"
    """sum of numerator counts; there is no denominator"""
    SURVIVAL_QUANTILE = "survival_quantile"
    """Kaplan-Meier quantile of a duration fact"""
    MEDIAN_LOAD = "median_load"
    """median of targets per post, with the largest beside"""


class Unit(StrEnum):
    """The unit of the value. A share is 0-1."""

    SHARE = "share"
    HOURS = "hours"
    WORKING_DAYS = "working_days"
    COUNT = "count"
    PER_100_EMPLOYEES = "per_100_employees"


class Direction(StrEnum):
    """Which way is better; ``context`` is never judged and can't be scored."""

    HIGHER = "higher"
    LOWER = "lower"
    CONTEXT = "context"


@dataclass(frozen=True)
class Texts:
    """What a definition tells a reader in one language."""

    name: str
    short: str
    meaning: str
    why: str
    calculation: str
    caveats: str
    owner: str
    target_basis: str = ""


@dataclass(frozen=True)
class Term:
    """A count with the weight at which it enters a sum."""

    count: str
    weight: float = 1.0


@dataclass(frozen=True)
class Indicator:
    """One indicator.

    ``where`` keeps only rows whose dimension has one of the values; ``where_scored`` does so in the scored
    view only. ``duration`` and ``quantile`` belong to survival quantiles. ``minimum_to_show`` is the
    denominator below which a figure is marked few, and ``minimum_to_score`` the one below which a scorecard
    doesn't use it. ``beside`` names counts that are shown next to the figure, ``companions`` the indicators
    that are (rating participation next to satisfaction). ``unit_kinds`` says for which units it has a meaning.
    """

    id: str
    family: str
    order: int
    formula: Formula
    unit: Unit
    direction: Direction
    numerator: tuple[Term, ...]
    denominator: tuple[Term, ...]
    where: tuple[tuple[str, tuple[str, ...]], ...]
    duration: Fact | None
    quantile: float | None
    target: float | None
    minimum_to_show: int
    minimum_to_score: int
    protected: bool
    unit_kinds: tuple[str, ...]
    headline: bool
    beside: tuple[str, ...]
    next_review: date
    texts: tuple[tuple[str, Texts], ...]
    where_scored: tuple[tuple[str, tuple[str, ...]], ...] = ()
    companions: tuple[str, ...] = ()

    def text(self, language: str) -> Texts:
        """The texts in a language (``zh`` or ``en``)."""
        return dict(self.texts)[language]

    @property
    def numerator_fact(self) -> Fact:
        """The fact that the numerator (or the durations, or the loads) is counted in."""
        if self.formula is Formula.MEDIAN_LOAD:
            return Fact.ZONE_LOADS
        return self.duration or FACT_OF_COUNT[self.numerator[0].count]

    @property
    def denominator_fact(self) -> Fact:
        """The fact that the denominator is counted in; the numerator's where there is no denominator."""
        return FACT_OF_COUNT[self.denominator[0].count] if self.denominator else self.numerator_fact

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts whose frames the indicator needs, one or two."""
        return tuple(dict.fromkeys((self.numerator_fact, self.denominator_fact)))

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions that the frames must have for ``where`` and ``where_scored``."""
        return tuple(dict.fromkeys(dimension for dimension, _ in (*self.where, *self.where_scored)))

    @property
    def part_of_whole(self) -> bool:
        """Whether the value is a share that can't leave 0-1, so that an interval can be given."""
        return (
            self.formula is Formula.RATIO
            and self.unit is Unit.SHARE
            and self.numerator_fact is self.denominator_fact
            and all(term.weight <= 1.0 for term in self.numerator)
        )

    @property
    def binary(self) -> bool:
        """Whether the value is a share of cases that are in the numerator or not."""
        return self.part_of_whole and all(term.weight == 1.0 for term in (*self.numerator, *self.denominator))


DEFAULT_MINIMUM_TO_SHOW = MINIMUM_CELL
DEFAULT_MINIMUM_TO_SCORE = 20
