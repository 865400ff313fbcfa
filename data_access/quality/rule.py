"""A data-quality rule: which rows of a table are bad, and what that does to figures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Table

from data_access.hierarchy import Hierarchy
from data_access.question import Rules
from data_access.scope import Scope


class Problem(StrEnum):
    """What is wrong with a row, in the columns its rule names."""

    UNKNOWN_CODE = "unknown_code"
    REFUSED_CHANNEL = "refused_channel"
    UNKNOWN_UNIT = "unknown_unit"
    NO_UNIT = "no_unit"
    UNKNOWN_REFERENCE = "unknown_reference"
    NO_DEADLINE = "no_deadline"
    OUT_OF_ORDER = "out_of_order"
    IN_THE_FUTURE = "in_the_future"
    OUT_OF_RANGE = "out_of_range"
    NO_FIRST_RESOLUTION = "no_first_resolution"
    NO_DECISION = "no_decision"
    OVERLAP = "overlap"


class Effect(StrEnum):
    """What becomes of a bad row in figures."""

    STAYS = "stays"
    """it counts like any other"""
    COMPANY_ONLY = "company_only"
    """it counts for the whole company, in no unit below it"""
    LEAVES_DURATIONS = "leaves_durations"
    """it counts, but not in medians and other durations"""
    LEAVES_ON_TIME = "leaves_on_time"
    """it leaves on-time figures on both sides"""
    NOT_YET = "not_yet"
    """it counts from that time on"""
    LEAVES = "leaves"
    """it leaves the figures that need the column"""


@dataclass(frozen=True)
class Circumstances:
    """What rows are checked against, and for whom: ``codes`` are those of each section of the vocabulary."""

    scope: Scope
    hierarchy: Hierarchy
    codes: Mapping[str, tuple[str, ...]]
    rules: Rules
    as_of: datetime

    @property
    def today(self) -> date:
        """The local day of the as-of time."""
        return self.as_of.astimezone(self.rules.time_zone).date()


Condition = Callable[[Circumstances], ColumnElement[bool]]


@dataclass(frozen=True)
class Rule:
    """A way in which a row of a table can be bad. ``columns`` are where; ``condition`` is true of a bad row."""

    table: Table
    columns: tuple[str, ...]
    problem: Problem
    effect: Effect
    condition: Condition

    @property
    def id(self) -> str:
        """The rule's name in addresses and exports, such as ``cases.grade.unknown_code``."""
        return f"{self.table.name}.{'+'.join(self.columns)}.{self.problem}"

    @property
    def key(self) -> tuple[str, ...]:
        """The names of the columns that identify a row of the table."""
        return tuple(column.name for column in self.table.primary_key)
