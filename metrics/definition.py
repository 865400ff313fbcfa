"""The Indicator: one definition file, read and checked."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from metrics.counts import MINIMUM_CELL, Fact


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

    ``where`` keeps only rows whose dimension has one of the values. ``duration`` and ``quantile`` belong to
    survival quantiles. ``minimum_to_show`` is the denominator below which a figure is marked few, and
    ``minimum_to_score`` the one below which a scorecard doesn't use it. ``beside`` names counts that are
    shown next to the figure. ``unit_kinds`` says for which units it has a meaning. ``binary`` says that
    each case of the denominator is in the numerator or not, so that an interval can be given.
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

    def text(self, language: str) -> Texts:
        """The texts in a language (``zh`` or ``en``)."""
        return dict(self.texts)[language]

    @property
    def binary(self) -> bool:
        """Whether the value is a share of cases that are in the numerator or not."""
        return (
            self.formula is Formula.RATIO
            and self.unit is Unit.SHARE
            and all(term.weight == 1.0 for term in (*self.numerator, *self.denominator))
        )


DEFAULT_MINIMUM_TO_SHOW = MINIMUM_CELL
DEFAULT_MINIMUM_TO_SCORE = 20
