"""Deadline rules: by when a case of a grade must be answered and resolved."""

from dataclasses import dataclass
from datetime import date


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
