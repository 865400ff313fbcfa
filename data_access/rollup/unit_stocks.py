"""What stands for units on the last day of each month: coverage, loads of posts, and contacts owed and closed."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import pandas as pd
from sqlalchemy import Connection

from data_access.counts.chat_group_activity import chat_group_activity_on
from data_access.counts.chat_groups import chat_groups_on
from data_access.counts.contact_points import read_contacts
from data_access.counts.headcounts import headcounts_on
from data_access.counts.liaisons import liaisons_on
from data_access.counts.standing import CountOn, month_ends
from data_access.counts.units_on import UnitsByDay
from data_access.counts.zone_loads import zone_loads_on
from data_access.counts.zones import zones_on
from data_access.hierarchy import Hierarchy
from data_access.question import Question, Rules
from data_access.rollup.grid import Grid
from data_access.rollup.unit_times import about_everything, counting_from, first_known
from metrics.counts import FACTS, Fact
from metrics.period import Period

COUNTED_ON: Mapping[Fact, Callable[[Connection, Hierarchy, Question], CountOn]] = MappingProxyType(
    {
        Fact.HEADCOUNTS: headcounts_on,
        Fact.ZONES: zones_on,
        Fact.CHAT_GROUPS: chat_groups_on,
        Fact.CHAT_GROUP_ACTIVITY: chat_group_activity_on,
        Fact.LIAISONS: liaisons_on,
    }
)
"""What counts the facts on a day, with one row for each unit."""

KEYS = ["unit_id", "day", "counts_from"]
OWED, CLOSED = FACTS[Fact.CONTACT_POINTS].counts


def unit_rows(
    connection: Connection, hierarchy: Hierarchy, rules: Rules, grid: Grid, months: tuple[Period, ...]
) -> pd.DataFrame:
    """What all units have at the end of each month: ``unit_id``, ``day``, ``counts_from``, counts."""
    question = about_everything(rules, grid, months)
    rows = pd.concat(
        [*_stocks(connection, hierarchy, grid, question), _contacts(connection, hierarchy, grid, question)]
    )
    counts = [name for name in rows.columns if name not in KEYS]
    rows[counts] = rows[counts].fillna(0).astype("int64")
    return rows[(rows[counts] != 0).any(axis=1)]


def _stocks(connection: Connection, hierarchy: Hierarchy, grid: Grid, question: Question) -> Iterator[pd.DataFrame]:
    by_day = UnitsByDay(hierarchy, question)
    counted = {fact: make(connection, hierarchy, question) for fact, make in COUNTED_ON.items()}
    for day in month_ends(question):
        units = by_day.on(day.day)
        frames = [count_on(day, units)[list(FACTS[fact].counts)] for fact, count_on in counted.items()]
        rows = pd.concat(frames, axis=1).rename_axis("unit_id").reset_index()
        yield rows.assign(day=day.day, counts_from=first_known(grid, day.day))


def _contacts(connection: Connection, hierarchy: Hierarchy, grid: Grid, question: Question) -> pd.DataFrame:
    """The contacts that departments owe, and each one closed from when on it was."""
    found = [
        contacts.assign(day=day)
        for day, contacts in read_contacts(connection, hierarchy, question, month_ends(question))
    ]
    single = pd.concat(found, ignore_index=True).drop(columns="unit_id").rename(columns={"department_id": "unit_id"})
    first = pd.Series(pd.DatetimeIndex([first_known(grid, day) for day in single["day"]], dtype="datetime64[us, UTC]"))
    closed = single["closed_at"].notna()
    since = counting_from(grid, single["closed_at"], first)
    lines = [single.assign(counts_from=first, **{OWED: 1, CLOSED: 0})]
    lines.append(single.assign(counts_from=since, **{OWED: 0, CLOSED: 1})[closed])
    return pd.concat(lines).groupby(KEYS, sort=False)[[OWED, CLOSED]].sum().reset_index()


def zone_load_rows(
    connection: Connection, hierarchy: Hierarchy, rules: Rules, grid: Grid, months: tuple[Period, ...]
) -> pd.DataFrame:
    """The posts at the end of each month: ``unit_id``, ``day``, ``counts_from``, ``targets``, ``posts``."""
    question = about_everything(rules, grid, months)
    by_day, count_on = UnitsByDay(hierarchy, question), zone_loads_on(connection, hierarchy, question)
    found = []
    for day in month_ends(question):
        posts = count_on(day, by_day.on(day.day)).rename(columns={"sponsor_unit_id": "unit_id"})
        sums = posts.groupby(["unit_id", "targets"], sort=False)["posts"].sum().reset_index()
        found.append(sums.assign(day=day.day, counts_from=first_known(grid, day.day)))
    return pd.concat(found)
