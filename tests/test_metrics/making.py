"""Indicators, groups and frames for tests, with defaults for what a test doesn't care about."""

from dataclasses import replace
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

import pandas as pd

from metrics.counts import FACTS, KEY, LINEAGE
from metrics.period import parse_period
from metrics.registry import load
from metrics.result import Group

SHANGHAI = ZoneInfo("Asia/Shanghai")
AS_OF = datetime(2026, 10, 8, 8, tzinfo=SHANGHAI)
QUARTER = parse_period("2026Q3")
JULY, AUGUST, SEPTEMBER = QUARTER.months()

COMPANY = Group("C", "公司", "company")
B1 = Group("B1", "综采一队", "branch", "C")
B2 = Group("B2", "综采二队", "branch", "C")
T1 = Group("T1", "一班", "team", "B1")
T2 = Group("T2", "二班", "team", "B1")
GROUPS = (COMPANY, B1, B2, T1, T2)

PLACES = {
    "C": ("C", None, None, None),
    "D": ("C", "D", None, None),
    "B1": ("C", None, "B1", None),
    "B2": ("C", None, "B2", None),
    "T1": ("C", None, "B1", "T1"),
    "T2": ("C", None, "B1", "T2"),
}

registry = cache(load)


def indicator(indicator_id, **changes):
    return replace(registry(None)[indicator_id], **changes)


def frame(fact, *rows, dimensions=()):
    """A fact's frame; each row is a dict with ``unit``, perhaps ``part`` (July), and what isn't zero."""
    spec = FACTS[fact]
    columns = [*KEY, *dimensions, *spec.values, *spec.counts]
    lines = [
        dict(zip(LINEAGE, PLACES[row["unit"]], strict=True)) | {"part": row.get("part", JULY.start)} | row
        for row in rows
    ]
    table = pd.DataFrame(lines, columns=columns)
    table = table.astype(dict.fromkeys(KEY, object))
    return table.fillna(dict.fromkeys(spec.counts, 0)).astype(dict.fromkeys(spec.counts, "int64"))


def day(text):
    return date.fromisoformat(text)
