"""The Question: all that decides which rows a counting function counts. It is its own cache key."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from data_access.scope import Scope
from metrics.counts import TEAM
from metrics.deadlines import DeadlineRule
from metrics.obligations import Obligation
from metrics.period import Period


class View(StrEnum):
    """考核口径 leaves out excluded cases and counts tolerated ones as met; 全口径 counts every case plainly."""

    SCORED = "scored"
    FULL = "full"


@dataclass(frozen=True)
class Rules:
    """The company's rules that counting needs, as read from its files."""

    time_zone: ZoneInfo
    deadlines: tuple[DeadlineRule, ...]
    obligations: tuple[Obligation, ...]
    networks: tuple[str, ...]
    """codes of the liaison networks; a branch must have all of them"""
    active_days: int = 4
    """days a month on which a group must be active to count as active"""
    falling_due_days: int = 10
    """days ahead in which an open case counts as falling due"""
    settlement_days: int = 10
    """days after its end at which a period is settled"""


@dataclass(frozen=True)
class Filters:
    """Restrictions to one value of a dimension; None counts every value."""

    track: str | None = None
    grade: str | None = None
    channel: str | None = None
    category: str | None = None
    platform: str | None = None
    duty_kinds: tuple[str, ...] | None = None
    """several, because an indicator may count several kinds of duty together"""


@dataclass(frozen=True)
class Question:
    """What to count: a period, as of an instant (aware), within a scope and optionally a unit's subtree.

    ``parts`` are the periods that get rows of their own: the period itself, its months, or any others.
    """

    parts: tuple[Period, ...]
    as_of: datetime
    scope: Scope
    rules: Rules
    unit_id: str | None = None
    filters: Filters = Filters()
    view: View = View.SCORED
    dimensions: tuple[str, ...] = ()
    finest: str = TEAM
    """the finest kind of unit asked about: the rows of units below it may come added up into the one above them"""
