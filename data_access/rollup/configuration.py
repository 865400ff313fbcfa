"""What the rollups depend on beside the cases: rules, units and the calendar."""

import hashlib
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Integer, func, select

from data_access.hierarchy import Hierarchy
from data_access.question import Rules
from data_access.tables import calendar_days

VERSION = 9
"""Raised when the rollups are made otherwise, so that they are made anew."""

_of_hierarchy: WeakKeyDictionary[Hierarchy, str] = WeakKeyDictionary()


def configuration(rules: Rules, hierarchy: Hierarchy) -> str:
    """The same for the same rules and units; counts made under another one can't be used."""
    return hashlib.sha256(repr((VERSION, rules, _units(hierarchy))).encode()).hexdigest()[:32]


def _units(hierarchy: Hierarchy) -> str:
    """The same for units of the same ids, kinds, functions and days that stand under the same parents."""
    if hierarchy not in _of_hierarchy:
        roster, functions = hierarchy.roster, [unit.function for _, unit in sorted(hierarchy.units.items())]
        moves = [(place, [(day.toordinal(), above) for day, above in some]) for place, some in roster.moving.items()]
        told = hashlib.sha256(repr((roster.ids, roster.kinds.tolist(), functions, sorted(moves))).encode())
        for numbers in (roster.founded, roster.closed, roster.first_parents):
            told.update(numbers.astype("<i8").tobytes())
        _of_hierarchy[hierarchy] = told.hexdigest()
    return _of_hierarchy[hierarchy]


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
