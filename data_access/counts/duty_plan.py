"""What units owe by plan, kept small: units that owe the same stand as one owner."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import select
from sqlalchemy.engine import Connection

from data_access.counts.records import ordinals
from data_access.hierarchy import Hierarchy, Unit
from data_access.tables import calendar_days
from metrics.obligations import Obligation, plan
from metrics.working_time import Schedule

FIRST_DAY_OF_WEEKEND = 5
_COLUMNS = ["id", "kind", "function", "founded_on", "closed_on"]


@dataclass(frozen=True, eq=False)
class DutyPlan:
    """The occasions on which owners owe a duty, and who the owners are.

    One row of ``occasions`` is what each unit of an owner owes of one kind for one period: ``owner``, ``kind``,
    ``start`` and ``due_day`` (ordinals of days; due at the end of it), ``planned`` (how many); its index is the
    occasion. One row of ``units`` is a unit: ``unit_id``, ``owner``.
    """

    occasions: pd.DataFrame
    units: pd.DataFrame


Owner = tuple[str, str | None, date | None, date | None]
"""What decides what a unit owes: its kind, function, and its first and last days where they matter."""


def plan_duties(
    hierarchy: Hierarchy, obligations: tuple[Obligation, ...], first_day: date, last_day: date, schedule: Schedule
) -> DutyPlan:
    """What all units owe by a day from ``first_day`` to ``last_day``, both included."""
    units = list(hierarchy.units.values())
    ever_there: dict[Owner, int] = {(unit.kind, unit.function, None, None): 0 for unit in units}
    earliest = min(
        plan(obligations, _frame(ever_there), first_day, last_day, schedule)["period_start"], default=first_day
    )
    owner_of = {unit.id: _owner(unit, earliest, last_day) for unit in units}
    numbers = {owner: number for number, owner in enumerate(dict.fromkeys(owner_of.values()))}
    owed = plan(obligations, _frame(numbers), first_day, last_day, schedule)
    return DutyPlan(
        occasions=pd.DataFrame(
            {
                "owner": owed["unit_id"].astype("int64"),
                "kind": owed["kind"].astype(object),
                "start": ordinals(owed["period_start"], 0),
                "due_day": ordinals(owed["due_day"], 0),
                "planned": owed["planned"],
            }
        ),
        units=pd.DataFrame(
            {"unit_id": pd.Series(list(owner_of), dtype=object), "owner": [numbers[one] for one in owner_of.values()]}
        ).astype({"owner": "int64"}),
    )


def _owner(unit: Unit, earliest: date, last_day: date) -> Owner:
    """The unit's owner; a founding before the earliest period, or a closing after the last day, changes nothing."""
    founded = None if unit.founded_on is None or unit.founded_on <= earliest else unit.founded_on
    closed = None if unit.closed_on is None or unit.closed_on > last_day else unit.closed_on
    return unit.kind, unit.function, founded, closed


def _frame(owners: Mapping[Owner, int]) -> pd.DataFrame:
    return pd.DataFrame([(number, *owner) for owner, number in owners.items()], columns=_COLUMNS, dtype=object)


def read_schedule(connection: Connection, first_day: date, last_day: date) -> Schedule:
    """The working days as the table of local days has them; weekends are free where it has none."""
    days = select(calendar_days.c.date, calendar_days.c.working, calendar_days.c.official)
    rows = connection.execute(days.where(calendar_days.c.date.between(first_day, last_day))).all()
    return Schedule(
        holidays=frozenset(row.date for row in rows if not row.working and row.date.weekday() < FIRST_DAY_OF_WEEKEND),
        make_up_days=frozenset(row.date for row in rows if row.working and row.date.weekday() >= FIRST_DAY_OF_WEEKEND),
        official_years=frozenset(row.date.year for row in rows if row.official),
    )


def reaching(obligations: tuple[Obligation, ...]) -> timedelta:
    """A time in which any period that begins has ended and fallen due."""
    days = [(each.due_day or 0) + 7 * (each.due_working_day or 0) for each in obligations]
    return timedelta(days=max(days, default=0) + 400)
