"""What stands for units on the last day of each month: coverage, loads of posts, and contacts owed and closed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection

from data_access.counts.chat_group_activity import chat_group_activity_on
from data_access.counts.chat_groups import chat_groups_on
from data_access.counts.contact_points import read_contacts
from data_access.counts.headcounts import headcounts_on
from data_access.counts.liaisons import liaisons_on
from data_access.counts.records import ReadFrame
from data_access.counts.standing import CountOn, month_ends
from data_access.counts.units_on import UnitsByDay
from data_access.counts.zone_loads import zone_loads_on
from data_access.counts.zones import zones_on
from data_access.hierarchy import Hierarchy
from data_access.question import Question, Rules
from data_access.rollup.coded import Array, Coded, words_of
from data_access.rollup.grid import Grid
from data_access.rollup.unit_sources import UnitSources
from data_access.rollup.unit_times import (
    about_everything,
    counting_from,
    first_known_of,
    instants_of,
    microseconds_of,
)
from data_access.rollup_tables import COUNTED_AT_MONTH_ENDS
from metrics.counts import FACTS, Fact
from metrics.period import Period

COUNTED_ON: Mapping[Fact, Callable[[Connection, Hierarchy, Question, ReadFrame], CountOn]] = MappingProxyType(
    {
        Fact.HEADCOUNTS: headcounts_on,
        Fact.ZONES: zones_on,
        Fact.CHAT_GROUPS: chat_groups_on,
        Fact.CHAT_GROUP_ACTIVITY: chat_group_activity_on,
        Fact.LIAISONS: liaisons_on,
    }
)
"""What counts the facts on a day, with one row for each unit."""

UNIT_COUNTS = tuple(name for fact in COUNTED_AT_MONTH_ENDS for name in FACTS[fact].counts)
OWED, CLOSED = FACTS[Fact.CONTACT_POINTS].counts


@dataclass(frozen=True, eq=False)
class Standing:
    """Counts of ``units`` on one of the days (its ``place`` among them), and from when on they count."""

    units: Array
    place: int
    since: Array
    counts: Mapping[str, Array]


def unit_rows(
    sources: UnitSources, hierarchy: Hierarchy, rules: Rules, grid: Grid, months: tuple[Period, ...]
) -> Coded:
    """What all units have at the end of each month: ``unit_id``, ``day``, ``counts_from``, counts."""
    question = about_everything(rules, grid, months)
    rows = [
        *_stocks(sources, hierarchy, grid, question),
        *_contacts(sources.connection, hierarchy, grid, question),
    ]
    return _coded(rows, [day.day for day in month_ends(question)], UNIT_COUNTS)


def _stocks(sources: UnitSources, hierarchy: Hierarchy, grid: Grid, question: Question) -> Iterator[Standing]:
    by_day = UnitsByDay(hierarchy, question)
    counted = {fact: make(sources.connection, hierarchy, question, sources.frame) for fact, make in COUNTED_ON.items()}
    for place, day in enumerate(month_ends(question)):
        units = by_day.on(day.day)
        since = first_known_of(grid, [day.day])[0]
        # Each count_on gives the same units in the same order.
        found = [_counts_of(count_on(day, units), FACTS[fact].counts) for fact, count_on in counted.items()]
        counts = {name: column for of_fact in found for name, column in of_fact.items()}
        yield Standing(units.index.to_numpy(dtype=object), place, since, counts)


def _contacts(connection: Connection, hierarchy: Hierarchy, grid: Grid, question: Question) -> Iterator[Standing]:
    """The contacts that departments owe, and each one closed from when on it was."""
    found = read_contacts(connection, hierarchy, question, month_ends(question))
    for place, (day, contacts) in enumerate(found):
        known = first_known_of(grid, [day])[0]
        departments, one = contacts["department_id"].to_numpy(dtype=object), np.ones(len(contacts), dtype=np.int64)
        yield Standing(departments, place, known, {OWED: one})
        closed = contacts["closed_at"].notna().to_numpy()
        since = counting_from(grid, microseconds_of(contacts["closed_at"])[closed], known)
        yield Standing(departments[closed], place, since, {CLOSED: one[closed]})


def zone_load_rows(
    sources: UnitSources, hierarchy: Hierarchy, rules: Rules, grid: Grid, months: tuple[Period, ...]
) -> Coded:
    """The posts at the end of each month: ``unit_id``, ``day``, ``counts_from``, ``targets``, ``posts``."""
    question = about_everything(rules, grid, months)
    by_day, count_on = (
        UnitsByDay(hierarchy, question),
        zone_loads_on(sources.connection, hierarchy, question, sources.frame),
    )
    rows, targets = [], []
    for place, day in enumerate(month_ends(question)):
        posts = count_on(day, by_day.on(day.day))
        units = posts["sponsor_unit_id"].to_numpy(dtype=object)
        rows.append(Standing(units, place, first_known_of(grid, [day.day])[0], _counts_of(posts, ("posts",))))
        targets.append(posts["targets"].to_numpy())
    places, numbers = words_of(np.concatenate(targets), pa.int64())
    return _coded(rows, [day.day for day in month_ends(question)], ("posts",)).with_key("targets", places, numbers)


def _counts_of(found: pd.DataFrame, names: Iterable[str]) -> dict[str, Array]:
    return {name: found[name].to_numpy(dtype=np.int64) for name in names}


def _coded(rows: list[Standing], days: list[date], names: tuple[str, ...]) -> Coded:
    """The rows of all days with numbers for keys."""
    sizes = [len(each.units) for each in rows]
    units, unit_ids = words_of(np.concatenate([each.units for each in rows]), pa.string())
    since = np.concatenate([np.broadcast_to(each.since, size) for each, size in zip(rows, sizes, strict=True)])
    instants, distinct = words_of(since, pa.int64())
    keys = {"unit_id": units, "day": np.repeat([each.place for each in rows], sizes), "counts_from": instants}
    words = {"unit_id": unit_ids, "day": pa.array(days, pa.date32()), "counts_from": instants_of(distinct)}
    counts = {name: np.zeros(len(units), dtype=np.int64) for name in names}
    for each, end, size in zip(rows, np.cumsum(sizes), sizes, strict=True):
        for name, column in each.counts.items():
            counts[name][end - size : end] = column
    return Coded(keys, words, counts)
