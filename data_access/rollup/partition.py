"""One partition counted: all that its cases add to the rollups."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from sqlalchemy import case

from data_access.counts.case_columns import ONE, flag
from data_access.counts.case_counters import CASE_ROWS
from data_access.counts.case_rows import CaseRows
from data_access.counts.deadlines import RESOLUTION, cases_with_calendar, derived_deadline
from data_access.counts.open_cases import age_place, falling_due, is_waiting, overdue
from data_access.counts.standpoint import Standpoint
from data_access.errors import DataAccessError
from data_access.question import Rules, View
from data_access.rollup.calendar_lookup import Calendar
from data_access.rollup.rows import Array, Rows
from data_access.rollup.sums import Packing, Sums, added_up, side_by_side
from data_access.rollup.tally import Addition, Tallied, additions, differences, tallied
from data_access.rollup.times import Times
from data_access.rollup_tables import COUNTED_CASES
from data_access.tables import cases
from metrics.counts import AGE_BANDS, FACTS, Fact

MOST_WORDS, MOST_THIRD = 512, 16
"""More different codes than a dimension can have; the last number says that there is none."""

LONGEST = 1 << 14
"""More working days than any calendar has."""

GRADE_AND_TRACK, TOPIC = ("grade", "track"), ("channel", "category")


@dataclass(frozen=True, eq=False)
class Ahead:
    """What one fact adds at instants to come: the sums, and the instants that their moments stand for."""

    sums: Sums
    instants: Array


@dataclass(frozen=True, eq=False)
class Counted:
    """What a partition adds to each rollup, by unit; durations and topics by branch."""

    cases: Sums
    ahead: tuple[Ahead, ...]
    topics: Sums
    durations: Sums
    open: Sums


class Counter:
    """Counts partitions. ``anchors`` is the place of the branch of each unit and segment; nowhere comes last."""

    def __init__(self, rules: Rules, times: Times, calendar: Calendar, anchors: Array) -> None:
        self._times, self._anchors = times, anchors
        self._facts = {fact: tallied(CASE_ROWS[fact], rules, calendar) for fact in COUNTED_CASES}
        self._durations = tallied(CASE_ROWS[Fact.RESOLUTION_WORKING_DAYS], rules, calendar)
        self._open = tallied(_open_rows, rules, calendar)

    def count(self, batches: Iterable[Rows]) -> Counted:
        """All that the cases of a partition add."""
        units: dict[Fact, list[Sums]] = defaultdict(list)
        ahead: list[Ahead] = []
        rest: dict[str, list[Sums]] = defaultdict(list)
        for rows in batches:
            for fact in COUNTED_CASES:
                units[fact] += self._of_fact(fact, rows)
                ahead += self._ahead(fact, rows)
            rest["topics"] += self._topics(rows)
            rest["durations"] += self._of_durations(rows)
            rest["open"] += self._of_open(rows)
        return Counted(
            side_by_side(
                self._packing(), [_joined(units[fact], self._packing(), FACTS[fact].counts) for fact in COUNTED_CASES]
            ),
            tuple(ahead),
            _joined(rest["topics"], self._packing(), FACTS[Fact.CASES_RECEIVED].counts),
            _joined(rest["durations"], self._packing(third=1, duration=LONGEST, observed=2), ("cases",)),
            _joined(rest["open"], self._packing(age=len(AGE_BANDS)), FACTS[Fact.OPEN_CASES].counts),
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

    def _of_fact(self, fact: Fact, rows: Rows) -> Iterator[Sums]:
        names = FACTS[fact].counts
        third = "rating_source" if fact is Fact.CASES_RATED else None
        for counted in self._facts[fact]:
            for each in additions(counted, rows, self._times, only_settled=False):
                keys = self._keys(counted, rows, each, GRADE_AND_TRACK, third)
                packing = self._packing()
                yield added_up(packing, names, packing.pack(keys), each.counts)

    def _ahead(self, fact: Fact, rows: Rows) -> Iterator[Ahead]:
        third = "rating_source" if fact is Fact.CASES_RATED else None
        for counted in self._facts[fact]:
            dated, at = counted.dated(rows)
            inside, segments = self._times.segments_of(at)
            dated, segments = dated.take(inside), segments[inside]
            places, instants, before = self._times.ahead([at.take(inside), *counted.changes(dated)])
            if not len(places):
                continue
            distinct, moments = np.unique(instants, return_inverse=True)
            found = differences(counted, dated.take(places), segments[places], moments, instants, before)
            packing = self._packing(len(distinct))
            parts = [
                (packing.pack(self._keys(counted, rows, each, GRADE_AND_TRACK, third)), each.counts) for each in found
            ]
            if parts:
                keys, counts = (np.concatenate(column) for column in zip(*parts, strict=True))
                yield Ahead(added_up(packing, FACTS[fact].counts, keys, counts), distinct)

    def _topics(self, rows: Rows) -> Iterator[Sums]:
        for counted in self._facts[Fact.CASES_RECEIVED]:
            for each in additions(counted, rows, self._times, only_settled=True):
                keys = self._anchored(self._keys(counted, rows, each, TOPIC, None))
                packing = self._packing()
                yield added_up(packing, FACTS[Fact.CASES_RECEIVED].counts, packing.pack(keys), each.counts)

    def _of_durations(self, rows: Rows) -> Iterator[Sums]:
        packing = self._packing(third=1, duration=LONGEST, observed=2)
        for counted in self._durations:
            for each in additions(counted, rows, self._times, only_settled=True):
                keys = self._anchored(self._keys(counted, rows, each, GRADE_AND_TRACK, None))
                keys |= {"duration": each.values[:, 0], "observed": each.values[:, 1]}
                yield added_up(packing, ("cases",), packing.pack(keys), each.counts)

    def _of_open(self, rows: Rows) -> Iterator[Sums]:
        packing = self._packing(age=len(AGE_BANDS))
        columns = rows.columns
        places, slots = self._times.open_slots(columns["cases", "received_at"], columns["cases", "resolved_at"])
        segments = self._times.segment_of_slot[slots]
        for counted in self._open:
            taken, as_of = rows.take(places), self._times.as_of[slots]
            for each in differences(counted, taken, segments, slots, as_of, None):
                keys = self._keys(counted, rows, each, GRADE_AND_TRACK, None) | {"age": each.values[:, 0]}
                yield added_up(packing, FACTS[Fact.OPEN_CASES].counts, packing.pack(keys), each.counts)

    def _keys(
        self, counted: Tallied, rows: Rows, each: Addition, dimensions: tuple[str, str], third: str | None
    ) -> dict[str, Array]:
        first, second = (_words(rows, name, MOST_WORDS)[each.rows] for name in dimensions)
        nothing = np.full(len(each.rows), MOST_THIRD - 1)
        return {
            "unit": self._units(rows, counted.unit)[each.rows],
            "segment": each.segments,
            "moment": each.moments,
            "view": np.full(len(each.rows), int(each.view is View.FULL)),
            "first": first,
            "second": second,
            "third": nothing if third is None else _words(rows, third, MOST_THIRD)[each.rows],
        }

    def _units(self, rows: Rows, name: str) -> Array:
        """The unit of each case; nowhere for a restricted one."""
        restricted = rows.columns["cases", "restricted"]
        hidden = restricted.data if restricted.null is None else restricted.data & ~restricted.null
        return np.where(hidden, len(self._anchors) - 1, rows.columns["cases", name].data)

    def _anchored(self, keys: dict[str, Array]) -> dict[str, Array]:
        return keys | {"unit": self._anchors[keys["unit"], keys["segment"]]}

    def of_branches(self, sums: Sums) -> Sums:
        """The sums with all units below a branch added up into it."""
        return sums.regrouped({"unit": self._anchors[sums.parts["unit"], sums.parts["segment"]]})

    def of_company(self, sums: Sums) -> Sums:
        """The sums of all units together."""
        return sums.regrouped({"unit": np.full(len(sums.keys), len(self._anchors) - 1)})


def _joined(some: list[Sums], packing: Packing, names: tuple[str, ...]) -> Sums:
    if not some:
        return Sums(packing, names, np.empty(0, dtype=np.int64), np.empty((0, len(names)), dtype=np.int64))
    return added_up(
        packing, names, np.concatenate([each.keys for each in some]), np.concatenate([each.counts for each in some])
    )


def _words(rows: Rows, name: str, most: int) -> Array:
    """The number of each case's code; the last one where it has none."""
    values = rows.columns["cases", name]
    if len(values.words or ()) >= most:
        raise DataAccessError(
            f"The cases have more than {most - 1} different codes in {name}: something is wrong there."
        )
    return values.data if values.null is None else np.where(values.null, most - 1, values.data)


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
