"""The company's units and who is above whom on which day, held in memory: a company has a few thousand."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import Connection, select

from data_access.parentage import END, NO_PARENTS, Link, Parents, chain, days_of_change, whole
from data_access.roster import Roster, roster
from data_access.tables import org_units, unit_parents
from metrics.counts import BRANCH, COMPANY, DEPARTMENT, TEAM, UNIT_KINDS
from metrics.period import Period

Days = tuple[date, date]
"""From a day (included) to another (not included)."""


@dataclass(frozen=True)
class Unit:
    """A unit; days are None where it was always there or still is."""

    id: str
    name: str
    kind: str
    function: str | None = None
    founded_on: date | None = None
    closed_on: date | None = None
    successor_id: str | None = None

    def exists(self, first: date, end: date) -> bool:
        """Whether it existed on a day from ``first`` to before ``end``."""
        founded, closed = self.founded_on or date.min, self.closed_on or date.max
        return founded < end and first < closed


@dataclass(frozen=True)
class Lineage:
    """The unit itself or its ancestor of each kind on a day; None where there is none.

    ``department_id`` is set for a department and for what lies under it without a branch between.
    """

    company_id: str | None = None
    department_id: str | None = None
    branch_id: str | None = None
    team_id: str | None = None


@dataclass(frozen=True)
class Membership:
    """Which units lie under a root (itself included): during all of the time asked for, or parts of it.

    The ranges of ``sometimes`` reach as far as the membership does, beyond the time asked for, at most
    from ``parentage.BEGINNING`` to ``parentage.END``.
    """

    always: frozenset[str]
    sometimes: Mapping[str, tuple[Days, ...]]


class _Standing(NamedTuple):
    """Where a unit stands from a day on: itself and all above it, nearest first."""

    since: date
    chain: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """All units, and each one's parents on every day.

    A unit without a parent stands directly under the company; so does one whose parent is unknown. Bad
    links never raise: see ``parentage.whole`` for overlaps and gaps, ``parentage.chain`` for circles.
    """

    units: Mapping[str, Unit]
    parents: Mapping[str, Parents] = field(default_factory=dict)

    @cached_property
    def company_id(self) -> str | None:
        """The company; of several the one with the first id, of none None."""
        return min((unit.id for unit in self.units.values() if unit.kind == COMPANY), default=None)

    @cached_property
    def move_days(self) -> tuple[date, ...]:
        """The days from which any unit stands elsewhere than before, oldest first."""
        changes = (standing.since for standings in self._standings.values() for standing in standings[1:])
        return tuple(sorted(set(changes)))

    def lineage(self, unit_id: str | None, day: date) -> Lineage:
        """The unit's lineage that day; of an unknown unit only the company."""
        return self._lineage_of_chain(self._chain(unit_id, day))

    def parent(self, unit_id: str, day: date) -> str | None:
        """The unit directly above that day; None for a company and for an unknown unit."""
        above = self._chain(unit_id, day)[1:]
        return above[0] if above else None

    def path(self, unit_id: str, day: date) -> tuple[Unit, ...]:
        """The units from the company down to the unit that day, for a breadcrumb; empty if it is unknown."""
        return tuple(self.units[one] for one in reversed(self._chain(unit_id, day)))

    def children(self, unit_id: str, period: Period) -> tuple[Unit, ...]:
        """The units that existed and stood directly under the unit on a day of the period, by id."""
        return tuple(
            self.units[child]
            for child in self._ever_children.get(unit_id, ())
            if self.units[child].exists(period.start, period.end) and self._is_child(child, unit_id, period)
        )

    def existing(self, kind: str, day: date) -> tuple[Unit, ...]:
        """The units of a kind that exist that day, by id."""
        return tuple(
            unit
            for unit in self._of_kind.get(kind, ())
            if (unit.founded_on or date.min) <= day < (unit.closed_on or date.max)
        )

    def moves(self, parts: tuple[Period, ...]) -> dict[str, tuple[date, ...]]:
        """For each unit that moves within a part, or with what is above it, the days from which it stands elsewhere."""
        found = {}
        for unit_id, standings in self._standings.items():
            since = (standing.since for standing in standings[1:])
            days = tuple(day for day in since if any(part.start < day < part.end for part in parts))
            if days:
                found[unit_id] = days
        return found

    def membership(self, root_id: str, parts: tuple[Period, ...]) -> Membership:
        """The units under a root, itself included, on the days of the parts; none if the root is unknown."""
        always, sometimes = set(), {}
        for unit_id, standings in self._standings.items():
            inside, outside = [], False
            for days, standing in _ranges(standings):
                if not any(_overlap(days, (part.start, part.end)) for part in parts):
                    continue
                if root_id in standing.chain:
                    inside.append(days)
                outside = outside or root_id not in standing.chain
            if inside and outside:
                sometimes[unit_id] = tuple(inside)
            elif inside:
                always.add(unit_id)
        return Membership(frozenset(always), sometimes)

    @cached_property
    def roster(self) -> Roster:
        """All units as columns."""
        return roster(
            kinds={unit.id: unit.kind for unit in self.units.values()},
            days={unit.id: (unit.founded_on or date.min, unit.closed_on or date.max) for unit in self.units.values()},
            parents={
                unit_id: [(standing.since, next(iter(standing.chain[1:]), None)) for standing in standings]
                for unit_id, standings in self._standings.items()
            },
        )

    @cached_property
    def _standings(self) -> dict[str, tuple[_Standing, ...]]:
        """Where each unit stands, by id; those of higher kinds are found first, for the others to build on."""
        found: dict[str, tuple[_Standing, ...]] = {}
        order = {kind: place for place, kind in enumerate(UNIT_KINDS)}
        for unit in sorted(self.units.values(), key=lambda unit: order.get(unit.kind, len(order))):
            found[unit.id] = self._inherited_standings(unit, found) or tuple(self._changing_standings(unit.id))
        return {unit_id: found[unit_id] for unit_id in sorted(found)}

    def _inherited_standings(self, unit: Unit, found: Mapping[str, tuple[_Standing, ...]]) -> tuple[_Standing, ...]:
        """The standings of the unit's parent with the unit before; none if it moves itself or they aren't found yet."""
        parents = self.parents.get(unit.id, NO_PARENTS).parents
        above = found.get(parents[0] or "", ()) if len(parents) == 1 and unit.kind != COMPANY else ()
        if any(unit.id in chain for _, chain in above):
            return ()
        return tuple(_Standing(since, (unit.id, *chain)) for since, chain in above)

    def _changing_standings(self, unit_id: str) -> Iterator[_Standing]:
        before: tuple[str, ...] = ()
        for day in days_of_change(self.parents, unit_id):
            now = self._up_to_company(chain(self.parents, unit_id, day))
            if now != before:
                yield _Standing(day, now)
            before = now

    def _up_to_company(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        known = tuple(one for one in ids if one in self.units)
        if self.company_id is None or any(self.units[one].kind == COMPANY for one in known):
            return known
        return (*known, self.company_id)

    def _chain(self, unit_id: str | None, day: date) -> tuple[str, ...]:
        standings = self._standings.get(unit_id or "", ())
        position = bisect_right(standings, day, key=lambda standing: standing.since)
        return standings[max(0, position - 1)].chain if standings else ()

    def _lineage_of_chain(self, ids: tuple[str, ...]) -> Lineage:
        if ids not in self._lineages:
            self._lineages[ids] = self._make_lineage(ids)
        return self._lineages[ids]

    @cached_property
    def _lineages(self) -> dict[tuple[str, ...], Lineage]:
        return {}

    def _make_lineage(self, ids: tuple[str, ...]) -> Lineage:
        nearest: dict[str, str] = {COMPANY: self.company_id} if self.company_id and not ids else {}
        for one in ids:
            kind = self.units[one].kind
            if kind != DEPARTMENT or BRANCH not in nearest:
                nearest.setdefault(kind, one)
        return Lineage(nearest.get(COMPANY), nearest.get(DEPARTMENT), nearest.get(BRANCH), nearest.get(TEAM))

    @cached_property
    def _of_kind(self) -> dict[str, list[Unit]]:
        """The units of each kind, by id."""
        found: dict[str, list[Unit]] = defaultdict(list)
        for unit_id in sorted(self.units):
            found[self.units[unit_id].kind].append(self.units[unit_id])
        return found

    @cached_property
    def _ever_children(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for unit_id, standings in self._standings.items():
            for above in sorted({standing.chain[1] for standing in standings if len(standing.chain) > 1}):
                found[above].append(unit_id)
        return found

    def _is_child(self, unit_id: str, parent_id: str, period: Period) -> bool:
        return any(
            standing.chain[1:2] == (parent_id,) and _overlap(days, (period.start, period.end))
            for days, standing in _ranges(self._standings[unit_id])
        )


def _ranges(standings: tuple[_Standing, ...]) -> Iterator[tuple[Days, _Standing]]:
    ends = [*(standing.since for standing in standings[1:]), END]
    return (((standing.since, end), standing) for standing, end in zip(standings, ends, strict=True))


def _overlap(one: Days, other: Days) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def read_hierarchy(connection: Connection) -> Hierarchy:
    """The hierarchy as the database holds it, wrong rows included."""
    names = ("id", "name", "kind", "function", "founded_on", "closed_on", "successor_id")
    rows = connection.execute(select(*(org_units.c[name] for name in names)))
    units = {row.id: Unit(*row) for row in rows}
    links: dict[str, list[Link]] = defaultdict(list)
    for row in connection.execute(select(unit_parents)):
        links[row.unit_id].append(Link(row.valid_from, row.parent_id, row.valid_to))
    return Hierarchy(units, {unit_id: whole(own) for unit_id, own in links.items()})
