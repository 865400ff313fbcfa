"""Obligations: what units owe, how often and by when."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Obligation:
    """A planned duty of every unit of a kind.

    ``frequency`` is daily, working_day, weekly, monthly, quarterly or yearly. ``due_working_day`` counts
    working days after the period's last day; ``due_day`` counts calendar days after its first day
    (0 = the first day itself). Exactly one is set. ``weekday`` (1 = Monday) places a weekly duty.
    ``planned`` is how many are owed per period. ``effective_from`` is the first day it is owed from.
    """

    kind: str
    unit_kind: str
    frequency: str
    planned: int
    effective_from: date
    due_working_day: int | None = None
    due_day: int | None = None
    weekday: int | None = None
    function: str | None = None
