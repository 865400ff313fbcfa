"""The company's units and who is above whom on which day, held in memory: a company has a few thousand."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection, select

from data_access.numbered_lineages import NumberedLineages
from data_access.parentage import Link, Parents, whole
from data_access.roster import Flags, Roster, roster
from data_access.standings import Days, Standings, overlap, ranges, standings_by_unit
from data_access.tables import org_units, unit_parents
from metrics.counts import BRANCH, COMPANY, DEPARTMENT, TEAM
from metrics.period import Period


class Unit(NamedTuple):
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


class Lineage(NamedTuple):
    """The unit itself or its ancestor of each kind on a day, in the order of LINEAGE; None where there is none.

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


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """All units, and each one's parents on every day.

    A unit without a parent stands directly under the company; so does one whose parent is unknown. Bad
    links never raise: see ``parentage.whole`` for overlaps and gaps, ``parentage.chain`` for circles.
    """

    units: Mapping[str, Unit]
    parents: Mapping[str, Parents] = field(default_factory=dict)

    @cached_property
    def has_one_company(self) -> bool:
        """Whether everything belongs to the same company, as it should."""
        return sum(unit.kind == COMPANY for unit in self.units.values()) == 1

    @cached_property
    def company_id(self) -> str | None:
        """The company; of several the one with the first id, of none None."""
        return min((unit.id for unit in self.units.values() if unit.kind == COMPANY), default=None)

    @cached_property
    def move_days(self) -> tuple[date, ...]:
        """The days from which any unit stands elsewhere than before, oldest first."""
        changes = (standing.since for unit_id in self._moving for standing in self._standings[unit_id][1:])
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
        for unit_id in self._moving:
            since = (standing.since for standing in self._standings[unit_id][1:])
            days = tuple(day for day in since if any(part.start < day < part.end for part in parts))
            if days:
                found[unit_id] = days
        return found

    def membership(self, root_id: str, parts: tuple[Period, ...]) -> Membership:
        """The units under a root, itself included, on the days of the parts; none if the root is unknown."""
        always, sometimes = set(self._never_elsewhere.get(root_id, ()) if parts else ()), {}
        for unit_id in self._moving:
            inside, outside = [], False
            for days, standing in ranges(self._standings[unit_id]):
                if not any(overlap(days, (part.start, part.end)) for part in parts):
                    continue
                if root_id in standing.chain:
                    inside.append(days)
                outside = outside or root_id not in standing.chain
            if inside and outside:
                sometimes[unit_id] = tuple(inside)
            elif inside:
                always.add(unit_id)
        return Membership(frozenset(always), sometimes)

    def under_all(self, root_ids: Iterable[str], day: date) -> Flags:
        """Whether each unit of the roster, and last whoever is no unit, lies under all the roots that day."""
        found = np.ones(len(self.roster.ids) + 1, dtype=bool)
        for root_id in root_ids:
            members = self.membership(root_id, (Period(day, day + timedelta(days=1)),)).always
            under = np.zeros(len(found), dtype=bool)
            under[[self.roster.places[unit_id] for unit_id in members]] = True
            found &= under
        return found

    @cached_property
    def _moving(self) -> tuple[str, ...]:
        """The units that stand elsewhere from some day on."""
        return tuple(unit_id for unit_id, standings in self._standings.items() if len(standings) > 1)

    @cached_property
    def _never_elsewhere(self) -> dict[str, list[str]]:
        """For each unit those that have always been under it, itself included."""
        found: dict[str, list[str]] = defaultdict(list)
        for unit_id, standings in self._standings.items():
            for above in standings[0].chain if len(standings) == 1 else ():
                found[above].append(unit_id)
        return found

    @cached_property
    def roster(self) -> Roster:
        """All units as columns."""
        return roster(
            kinds={unit.id: unit.kind for unit in self.units.values()},
            days={unit.id: (unit.founded_on or date.min, unit.closed_on or date.max) for unit in self.units.values()},
            parents={
                unit_id: [(since, chain[1] if len(chain) > 1 else None) for since, chain in standings]
                for unit_id, standings in self._standings.items()
            },
        )

    @cached_property
    def numbered(self) -> NumberedLineages:
        """The lineages of all units, in the order of the roster."""
        return NumberedLineages(self.roster.places, self._moving, self.move_days, self.lineage)

    @cached_property
    def _standings(self) -> dict[str, Standings]:
        """Where each unit stands, by id."""
        return standings_by_unit({unit.id: unit.kind for unit in self.units.values()}, self.parents, self.company_id)

    def _chain(self, unit_id: str | None, day: date) -> tuple[str, ...]:
        standings = self._standings.get(unit_id or "", ())
        if len(standings) == 1:
            return standings[0].chain
        position = bisect_right(standings, day, key=lambda standing: standing.since)
        return standings[max(0, position - 1)].chain if standings else ()

    def _lineage_of_chain(self, ids: tuple[str, ...]) -> Lineage:
        known = next(place for place in range(len(ids) + 1) if ids[place:] in self._lineages)
        for place in reversed(range(known)):
            self._lineages[ids[place:]] = self._make_lineage(ids[place], self._lineages[ids[place + 1 :]])
        return self._lineages[ids]

    @cached_property
    def _lineages(self) -> dict[tuple[str, ...], Lineage]:
        """The lineages by chain; that of whoever is no unit is known."""
        return {(): Lineage(self.company_id)}

    def _make_lineage(self, unit_id: str, above: Lineage) -> Lineage:
        """The lineage of a unit that stands under what has the lineage ``above``."""
        kind = self.units[unit_id].kind
        if kind == TEAM:
            return Lineage(above.company_id, above.department_id, above.branch_id, unit_id)
        if kind == BRANCH:
            return Lineage(above.company_id, None, unit_id, above.team_id)
        if kind == DEPARTMENT:
            return Lineage(above.company_id, unit_id, above.branch_id, above.team_id)
        return Lineage(unit_id, *above[1:]) if kind == COMPANY else above

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
            for above in dict.fromkeys(standing.chain[1] for standing in standings if len(standing.chain) > 1):
                found[above].append(unit_id)
        return found

    def _is_child(self, unit_id: str, parent_id: str, period: Period) -> bool:
        return any(
            standing.chain[1:2] == (parent_id,) and overlap(days, (period.start, period.end))
            for days, standing in ranges(self._standings[unit_id])
        )


def read_hierarchy(connection: Connection) -> Hierarchy:
    """The hierarchy as the database holds it, wrong rows included."""
    own = ("id", "name", "kind", "function", "founded_on", "closed_on", "successor_id")
    rows = connection.execute(select(*(org_units.c[name] for name in own))).all()
    units = {row[0]: Unit(*row) for row in rows}
    held = ("unit_id", "valid_from", "parent_id", "valid_to")
    links: dict[str, list[Link]] = defaultdict(list)
    for unit_id, valid_from, parent_id, valid_to in connection.execute(
        select(*(unit_parents.c[name] for name in held))
    ).all():
        links[unit_id].append(Link(valid_from, parent_id, valid_to))
    return Hierarchy(units, {unit_id: whole(of_unit) for unit_id, of_unit in links.items()})
