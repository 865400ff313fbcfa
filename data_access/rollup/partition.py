"""One partition counted: all that its cases add to the rollups."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from sqlalchemy import case

from data_access.counts.case_columns import ONE, flag
from data_access.counts.case_counters import CASE_ROWS
from data_access.counts.case_rows import CaseRows
from data_access.counts.deadlines import RESOLUTION, cases_with_calendar, derived_deadline
from data_access.counts.open_cases import age_place, falling_due, is_waiting, overdue
from data_access.counts.standpoint import Standpoint
from data_access.question import Rules
from data_access.rollup.additions import Addition, Batch, Moments, additions, differences
from data_access.rollup.block import IN_DAYS, IN_MINUTES
from data_access.rollup.calendar_lookup import Calendar
from data_access.rollup.expression import Compiler
from data_access.rollup.keys import MOST_THIRD, MOST_WORDS, CaseKeys, Keyed
from data_access.rollup.rows import Array, Rows
from data_access.rollup.sums import Packing, Sums, added_up, joined, side_by_side
from data_access.rollup.tally import Tallied, tallied
from data_access.rollup.times import Times
from data_access.rollup_tables import COUNTED_CASES, COUNTED_WHILE_RUNNING
from data_access.tables import cases
from metrics.counts import AGE_BANDS, FACTS, Fact

LONGEST_DAYS, LONGEST_MINUTES = 1 << 14, 1 << 23
"""More working days than any calendar has, and more minutes than the months that are kept."""

COUNTS = tuple(name for fact in COUNTED_CASES for name in FACTS[fact].counts)

TIMED, TRACKED = {"first": "grade", "second": "track"}, {"third": "track"}
GRADED = {**TIMED, "third": "rating_source"}
TOPICAL = {"first": "channel", "second": "category"}
"""The dimensions by the parts of keys that hold their codes."""


@dataclass(frozen=True, eq=False)
class Ahead:
    """What one fact adds at instants to come: the sums, and the instants that their moments stand for."""

    fact: Fact
    sums: Sums
    instants: Array


@dataclass(frozen=True, eq=False)
class Counted:
    """What a partition adds to each rollup, by unit; topics by branch."""

    cases: Sums
    ahead: tuple[Ahead, ...]
    topics: Sums
    durations: Mapping[Fact, Sums]
    open: Sums

    def changed(self, change: Callable[[Sums, Mapping[str, str]], Sums]) -> "Counted":
        """The same with all sums changed; ``change`` is given sums and the dimensions by the parts of their keys."""
        return Counted(
            change(self.cases, GRADED),
            tuple(replace(each, sums=change(each.sums, GRADED)) for each in self.ahead),
            change(self.topics, TOPICAL),
            {fact: change(sums, TIMED if fact in IN_DAYS else TRACKED) for fact, sums in self.durations.items()},
            change(self.open, TIMED),
        )


@dataclass(frozen=True, eq=False)
class _Found:
    """The sums found so far, of some cases after the other."""

    cases: list[Sums] = field(default_factory=list)
    ahead: list[Ahead] = field(default_factory=list)
    topics: list[Sums] = field(default_factory=list)
    durations: dict[Fact, list[Sums]] = field(default_factory=lambda: {fact: [] for fact in (*IN_DAYS, *IN_MINUTES)})
    open: list[Sums] = field(default_factory=list)


class Counter:
    """Counts partitions. ``anchors`` is the place of the branch of each unit and segment; nowhere comes last."""

    def __init__(self, rules: Rules, times: Times, calendar: Calendar, anchors: Array) -> None:
        compiler = Compiler()
        self._times, self._anchors = times, anchors
        self._facts = {
            fact: tallied(CASE_ROWS[fact], rules, calendar, compiler, while_running=fact in COUNTED_WHILE_RUNNING)
            for fact in COUNTED_CASES
        }
        self._durations = {
            fact: tallied(CASE_ROWS[fact], rules, calendar, compiler, by_beginning=fact in IN_MINUTES)
            for fact in (*IN_DAYS, *IN_MINUTES)
        }
        self._open = tallied(_open_rows, rules, calendar, compiler)
        self._graded = Keyed(self._packing(), "grade", "track")
        self._rated = Keyed(self._packing(), "grade", "track", "rating_source")
        self._topic = Keyed(self._packing(), "channel", "category", anchored=True)
        in_days = self._packing(third=1, duration=LONGEST_DAYS, observed=2)
        in_minutes = self._packing(first=1, second=1, duration=LONGEST_MINUTES, observed=2)
        values = ("duration", "observed")
        days = Keyed(in_days, "grade", "track", values=values)
        minutes = Keyed(in_minutes, None, None, "track", values=values)
        self._lasting = dict.fromkeys(IN_DAYS, days) | dict.fromkeys(IN_MINUTES, minutes)
        self._aged = Keyed(self._packing(age=len(AGE_BANDS)), "grade", "track", values=("age",))

    def count(self, batches: Iterable[Rows]) -> Counted:
        """All that the cases of a partition add."""
        found = _Found()
        for rows in batches:
            self._count(Batch(rows, self._times), CaseKeys(rows, self._anchors), found)
        return Counted(
            side_by_side(self._graded.packing, COUNTS, found.cases),
            tuple(found.ahead),
            joined(self._topic.packing, FACTS[Fact.CASES_RECEIVED].counts, found.topics),
            {fact: joined(self._lasting[fact].packing, ("cases",), some) for fact, some in found.durations.items()},
            joined(self._aged.packing, FACTS[Fact.OPEN_CASES].counts, found.open),
        )

    def _packing(self, moments: int | None = None, **values: int) -> Packing:
        """How keys are packed; most rows have the dimension ``third`` empty."""
        sizes = {
            "unit": len(self._anchors),
            "segment": len(self._times.grid.segments) + 1,
            "moment": moments or len(self._times.as_of),
            "view": 2,
            "first": MOST_WORDS,
            "second": MOST_WORDS,
            "third": MOST_THIRD,
        }
        return Packing(sizes | values)

    def _count(self, batch: Batch, keys: CaseKeys, found: _Found) -> None:
        """Nothing; what the cases of the batch add is among what was found."""
        for fact in COUNTED_CASES:
            keyed = self._rated if fact is Fact.CASES_RATED else self._graded
            for counted in self._facts[fact]:
                added = list(additions(counted, batch))
                found.cases.append(_summed(FACTS[fact].counts, keyed, keys, counted, added))
                found.ahead.extend(self._ahead(fact, keyed, keys, counted, batch))
                if fact is Fact.CASES_RECEIVED:
                    settled = self._settled(added)
                    found.topics.append(_summed(FACTS[fact].counts, self._topic, keys, counted, settled))
        for fact, durations in self._durations.items():
            for counted in durations:
                settled = self._settled(additions(counted, batch))
                found.durations[fact].append(_summed(("cases",), self._lasting[fact], keys, counted, settled))
        for counted in self._open:
            waiting = differences(counted, self._waiting(batch.rows), None)
            found.open.append(_summed(FACTS[Fact.OPEN_CASES].counts, self._aged, keys, counted, list(waiting)))

    def _settled(self, added: Iterable[Addition]) -> list[Addition]:
        """What is added at settlements."""
        return [each.where(self._times.settled[each.moments]) for each in added]

    def _ahead(self, fact: Fact, keyed: Keyed, keys: CaseKeys, counted: Tallied, batch: Batch) -> Iterator[Ahead]:
        """What the cases add at instants to come, which get numbers of their own."""
        moments, distinct, before = batch.dated(counted).ahead(counted)
        if len(distinct):
            own = replace(keyed, packing=self._packing(len(distinct)))
            added = list(differences(counted, moments, before))
            yield Ahead(fact, _summed(FACTS[fact].counts, own, keys, counted, added), distinct)

    def _waiting(self, rows: Rows) -> Moments:
        """The cases at the settlements at which they may be open; units count where they stand then."""
        places, slots = self._times.open_slots(rows.column("received_at"), rows.column("resolved_at"))
        return Moments(rows.take(places), self._times.segment_of_slot[slots], slots, self._times.as_of[slots])

    def of_branches(self, sums: Sums) -> Sums:
        """The sums with all units below a branch added up into it."""
        return sums.regrouped({"unit": self._anchors[sums.parts["unit"], sums.parts["segment"]]})

    def of_company(self, sums: Sums) -> Sums:
        """The sums of all units together."""
        return sums.regrouped({"unit": np.full(len(sums.keys), len(self._anchors) - 1)})


def _summed(names: tuple[str, ...], keyed: Keyed, keys: CaseKeys, counted: Tallied, added: list[Addition]) -> Sums:
    """The sums of what is added."""
    some = [each for each in added if len(each.rows)]
    if not some:
        return joined(keyed.packing, names, [])
    packed = np.concatenate([keys.of(keyed, counted.unit, each) for each in some])
    return added_up(keyed.packing, names, packed, np.concatenate([each.counts for each in some]))


def _open_rows(seen: Standpoint, rules: Rules) -> tuple[CaseRows]:
    """The cases that wait, by their receipt, with the place of their age."""
    due = case((RESOLUTION.own.is_not(None), RESOLUTION.own), else_=derived_deadline(rules, RESOLUTION))
    counts = {
        "open_cases": ONE,
        "overdue_cases": flag(overdue(due, seen)),
        "falling_due": flag(falling_due(due, seen, rules)),
    }
    tables = cases_with_calendar(rules, RESOLUTION)
    return (CaseRows(cases.c.received_at, counts, (is_waiting(seen),), values={"age": age_place(seen)}, tables=tables),)
