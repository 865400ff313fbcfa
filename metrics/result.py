"""The Result: one figure of one indicator for one unit and period, with all that defends it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from metrics.period import Period


class Status(StrEnum):
    """Whether a value may be shown and judged."""

    OK = "ok"
    FEW = "few"
    NO_DATA = "no_data"
    HIDDEN = "hidden"


class Reason(StrEnum):
    """Why a value is missing, or what to know about it; empty where there is nothing to say."""

    NONE = ""
    NO_DATA = "no_data"
    FEW = "few"
    NOT_REACHED = "not_reached"
    SMALL_CELL = "small_cell"
    SUBTRACTION = "subtraction"
    OPEN_PERIOD = "open_period"
    NOT_FOR_KIND = "not_for_kind"
    UNOFFICIAL_CALENDAR = "unofficial_calendar"


class Tone(StrEnum):
    """The judgement against the target: met, near (not distinguishable from it), missed."""

    MET = "met"
    NEAR = "near"
    MISSED = "missed"


@dataclass(frozen=True)
class Group:
    """A unit for which a figure is wanted; ``parent_id`` names the unit whose total it is part of."""

    unit_id: str
    name: str
    kind: str
    parent_id: str | None = None


@dataclass(frozen=True)
class Beside:
    """A count that stands beside a figure, such as the tolerated cases; ``name`` is a count's name."""

    name: str
    value: float


@dataclass(frozen=True)
class Result:
    """One figure. Shares are 0-1; hours are minutes / 60; working days are whole days.

    ``value``, ``numerator`` and ``denominator`` are None where there is nothing to show (status
    ``no_data`` or ``hidden``). A quantile that the data don't reach has status ``ok``, value None,
    reason ``not_reached`` and ``at_least`` = the longest follow-up in the indicator's unit.
    ``low`` and ``high`` bound the 95 % interval of a share or a quantile; ``high`` of a quantile is None where
    nothing limits it from above. ``numerator`` and ``denominator`` of a quantile are finished and all cases, of
    a load targets and posts; a count has no denominator. ``gap`` is the number of cases by which the target is
    missed (0 when met), None where there is no target.
    """

    indicator: str
    group: Group
    period: Period
    as_of: datetime
    status: Status
    reason: Reason = Reason.NONE
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    low: float | None = None
    high: float | None = None
    at_least: float | None = None
    target: float | None = None
    tone: Tone | None = None
    gap: int | None = None
    beside: tuple[Beside, ...] = ()
