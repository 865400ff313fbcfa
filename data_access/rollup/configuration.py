"""What the rollups depend on beside the cases: rules, units and the calendar."""

import hashlib
from datetime import date
from operator import itemgetter
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Integer, func, select

from data_access.hierarchy import Hierarchy
from data_access.question import Rules
from data_access.tables import calendar_days

VERSION = 8
"""Raised when the rollups are made otherwise, so that they are made anew."""

_of_hierarchy: WeakKeyDictionary[Hierarchy, str] = WeakKeyDictionary()


def configuration(rules: Rules, hierarchy: Hierarchy) -> str:
    """The same for the same rules and units; counts made under another one can't be used."""
    return hashlib.sha256(repr((VERSION, rules, _units(hierarchy))).encode()).hexdigest()[:32]


def _units(hierarchy: Hierarchy) -> str:
    if hierarchy not in _of_hierarchy:
        units = [
            (unit.id, unit.kind, unit.function, _number(unit.founded_on), _number(unit.closed_on))
            for unit in hierarchy.units.values()
        ]
        above = [(unit_id, [*map(_number, one.days)], one.parents) for unit_id, one in hierarchy.parents.items()]
        told = repr((sorted(units, key=itemgetter(0)), sorted(above, key=itemgetter(0))))
        _of_hierarchy[hierarchy] = hashlib.sha256(told.encode()).hexdigest()
    return _of_hierarchy[hierarchy]


def _number(day: date | None) -> int | None:
    """The day as a number, which is written in a fraction of the time."""
    return None if day is None else day.toordinal()


def calendar_hash(connection: Connection) -> str:
    """The same for the same working days and time zone."""
    days = calendar_days.c
    told = connection.execute(
        select(
            func.min(days.begins_at),
            func.max(days.ends_at),
            func.sum(days.working_index),
            func.sum(days.working.cast(Integer)),
        )
    ).one()
    return hashlib.sha256(repr(tuple(told)).encode()).hexdigest()[:32]
