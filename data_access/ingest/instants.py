"""A column of cells as instants: whole columns at once by their usual form, the rest cell by cell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from data_access.ingest.problems import Fault
from data_access.ingest.text import Cell
from data_access.ingest.times import FIRST_YEAR, LAST_YEAR, DateOrder, Moment, parse_moment
from data_access.ingest.wall_clock import Mask, Times, localise

MAXIMUM_FORMS = 4
"""How many usual forms are tried on a column before the rest is read cell by cell."""

_TEXT_OR_BLANK = {str, type(None)}
_DIGIT = re.compile(r"\d")
_TIMES = {
    "": "",
    " 00:00": " %H:%M",
    " 00:00:00": " %H:%M:%S",
    "T00:00": "T%H:%M",
    "T00:00:00": "T%H:%M:%S",
    "T00:00:00.000": "T%H:%M:%S.%f",
    "T00:00:00.000000": "T%H:%M:%S.%f",
    " 00:00:00.000000": " %H:%M:%S.%f",
    " 00:00:00 AM": " %I:%M:%S %p",
    " 00:00:00 PM": " %I:%M:%S %p",
    " 00:00 AM": " %I:%M %p",
    " 00:00 PM": " %I:%M %p",
}
_ORDERS = {DateOrder.DAY_MONTH_YEAR: "%d{0}%m{0}%Y", DateOrder.MONTH_DAY_YEAR: "%m{0}%d{0}%Y"}


@dataclass(frozen=True)
class Clock:
    """How a file writes times: its zone, its order of day and month, what a whole day in a workbook means."""

    zone: ZoneInfo
    order: DateOrder | None = None
    whole_days_are_midnights: bool = False


@dataclass
class Moments:
    """A column's wall-clock times (NaT where blank or at fault), and what was noticed."""

    wall: Times
    whole_day: Mask
    faults: dict[int, Fault] = field(default_factory=dict)
    exact: dict[int, np.datetime64] = field(default_factory=dict)
    """instants (UTC) of cells that say their own offset"""


@dataclass(frozen=True)
class Instants:
    """A column's instants in UTC (NaT where blank or at fault), and what was noticed."""

    values: Times
    whole_day: Mask
    faults: dict[int, Fault]
    twice: tuple[int, ...]
    never: tuple[int, ...]


def read_instants(cells: Sequence[Cell], clock: Clock, *, deadline: bool) -> Instants:
    """The cells as instants. A deadline given as a date ends with that day, any other time begins with it."""
    moments = read_moments(cells, clock)
    wall = moments.wall
    if deadline:
        wall = np.where(moments.whole_day, wall + np.timedelta64(1, "D"), wall)
    local = localise(wall, clock.zone)
    values = local.instants
    for position, instant in moments.exact.items():
        values[position] = instant
    twice = tuple(position for position in local.twice if position not in moments.exact)
    return Instants(values, moments.whole_day, moments.faults, twice, local.never)


def read_moments(cells: Sequence[Cell], clock: Clock) -> Moments:
    """The cells as wall-clock times."""
    size = len(cells)
    moments = Moments(np.full(size, np.datetime64("NaT"), "datetime64[us]"), np.zeros(size, dtype=bool))
    left = [position for position, cell in enumerate(cells) if cell is not None]
    if left and set(map(type, cells)) <= _TEXT_OR_BLANK:
        left = _read_forms(cells, left, clock, moments)
    for position in left:
        _place(moments, position, parse_moment(cells[position], clock.order), cells[position], clock)
    return moments


def _read_forms(cells: Sequence[Cell], left: list[int], clock: Clock, moments: Moments) -> list[int]:
    """The positions that none of the column's usual forms could read."""
    for _attempt in range(MAXIMUM_FORMS):
        form = _form(str(cells[left[0]]), clock.order) if left else None
        if form is None:
            break
        whole = len(left) == len(cells)
        chosen: Sequence[Any] = cells if whole else [cells[position] for position in left]
        texts = pd.Series(chosen, dtype="str")
        parsed = pd.to_datetime(texts, format=form, errors="coerce").to_numpy().astype("datetime64[us]")
        good = _usual(parsed)
        positions = np.array(left)
        moments.wall[positions[good]] = parsed[good]
        moments.whole_day[positions[good]] = "%M" not in form
        left = positions[~good].tolist()
    return left


def _form(text: str, order: DateOrder | None) -> str | None:
    """The strptime form of a date in one of the usual forms; None for any other."""
    shape = _DIGIT.sub("0", text)
    separator = shape[4:5]
    if separator in ("-", "/") and shape[:10] == f"0000{separator}00{separator}00":
        day = f"%Y{separator}%m{separator}%d"
    elif order is not None and shape[2:3] in ("-", "/") and shape[:10] == f"00{shape[2]}00{shape[2]}0000":
        day = _ORDERS[order].format(shape[2])
    else:
        return None
    time = _TIMES.get(shape[10:])
    return None if time is None else day + time


def _usual(parsed: Times) -> Mask:
    """Which times lie in the years that are read without a question."""
    first, end = np.datetime64(f"{FIRST_YEAR}-01-01"), np.datetime64(f"{LAST_YEAR + 1}-01-01")
    good: Mask = (parsed >= first) & (parsed < end)
    return good


def _place(moments: Moments, position: int, found: Moment | Fault | None, cell: Cell, clock: Clock) -> None:
    if isinstance(found, Fault):
        moments.faults[position] = found
    elif found is not None and found.at.tzinfo is not None:
        exact = np.datetime64(found.at.astimezone(UTC).replace(tzinfo=None), "us")
        moments.exact[position] = exact
        moments.wall[position] = np.datetime64(found.at.astimezone(clock.zone).replace(tzinfo=None), "us")
    elif found is not None:
        moments.wall[position] = np.datetime64(found.at, "us")
        moments.whole_day[position] = found.whole_day and not (
            clock.whole_days_are_midnights and not isinstance(cell, str)
        )


def instant_texts(values: Times) -> list[str | None]:
    """The instants as the database stores them on SQLite: UTC, fixed width; None where missing."""
    texts = np.datetime_as_string(values, unit="us").astype("U26")
    if len(texts):
        texts.view("U1").reshape(len(texts), 26)[:, 10] = " "
    filled: list[str | None] = texts.tolist()
    for position in np.flatnonzero(np.isnat(values)):
        filled[position] = None
    return filled
