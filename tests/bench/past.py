"""A question about the past at an instant for which nothing is kept ready: everything is counted over the source."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dashboard import figures
from data_access.hierarchy import Unit
from metrics.counts import BRANCH, COMPANY
from metrics.result import Group
from tests.bench.six_questions import HEADLINES, Asking, asking

AFTER_QUARTER = timedelta(days=17, hours=10, minutes=30)
PROTECTED = ("satisfaction_rate",)
OPEN_TO_ALL = tuple(name for name in HEADLINES if name not in PROTECTED)


@dataclass(frozen=True)
class PastMeasured:
    """Seconds for some shares of a unit in a quarter, as they stood at an instant: the first time, and again."""

    unit: str
    shares: tuple[str, ...]
    period: str
    as_of: datetime
    first: float
    again: float


def measure_past(address: str) -> Iterator[PastMeasured]:
    """A branch and the company, by the shares that need no protection and by the one that does."""
    with asking(address) as asked:
        units = sorted(asked.hierarchy.units.values(), key=lambda unit: unit.id)
        for kind in (BRANCH, COMPANY):
            unit = next(each for each in units if each.kind == kind)
            for shares in (OPEN_TO_ALL, PROTECTED):
                yield _measure(asked, unit, shares)


def _measure(asked: Asking, unit: Unit, shares: tuple[str, ...]) -> PastMeasured:
    quarter = asked.quarter.previous()
    as_of = quarter.ends_at(asked.company.rules.time_zone) + AFTER_QUARTER
    below = None if unit.kind == COMPANY else unit.id
    question = replace(asked.question(quarter), as_of=as_of, unit_id=below)
    indicators = [asked.company.indicator(name) for name in shares]
    seconds = []
    for _ in range(2):
        begun = time.perf_counter()
        figures.answer(asked.connection, asked.hierarchy, question, indicators, [Group(unit.id, unit.name, unit.kind)])
        seconds.append(time.perf_counter() - begun)
    return PastMeasured(unit.kind, shares, quarter.name, as_of, *seconds)
