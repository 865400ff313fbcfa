"""The units that exist on a day, with their lineage, and which of them the question asks about."""

from collections.abc import Iterable
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import true
from sqlalchemy.sql.elements import ColumnElement

from data_access.counts.placing import stretches
from data_access.hierarchy import Hierarchy, Membership
from data_access.question import Question
from metrics.counts import BRANCH, COMPANY, LINEAGE, TEAM

WITHIN = "within"
OWN_BRANCH = "own_branch"


class UnitsByDay:
    """The hierarchy's units, day by day; a lineage is looked up once for all days between two moves."""

    def __init__(self, hierarchy: Hierarchy, question: Question) -> None:
        self._hierarchy = hierarchy
        self._inside = Inside(hierarchy, question)
        units = list(hierarchy.units.values())
        self._ids = pd.Index([unit.id for unit in units], dtype=object)
        self._kinds = np.array([unit.kind for unit in units], dtype=object)
        self._founded = np.array([unit.founded_on or date.min for unit in units], dtype=object)
        self._closed = np.array([unit.closed_on or date.max for unit in units], dtype=object)
        self._moves = np.array(hierarchy.move_days, dtype="datetime64[D]")
        self._since: int | None = None
        self._frame = pd.DataFrame()

    def on(self, day: date) -> pd.DataFrame:
        """All units that exist that day, by id: kind, lineage, ``own_branch`` and ``within``.

        ``own_branch`` is the branch of a team and the branch itself, None for others; ``within`` says whether
        the unit lies in the viewer's scope and under the asked-for unit that day.
        """
        moves_before = int(np.searchsorted(self._moves, np.datetime64(day), side="right"))
        if moves_before != self._since:
            self._since, self._frame = moves_before, self._placed(day)
        return self._frame[(self._founded <= day) & (self._closed > day)]

    def _placed(self, day: date) -> pd.DataFrame:
        lineages = [self._hierarchy.lineage(unit_id, day) for unit_id in self._ids]
        columns = dict(zip(LINEAGE, zip(*lineages, strict=True), strict=True)) if len(self._ids) else {}
        frame = pd.DataFrame(
            {"kind": self._kinds, **columns}, index=self._ids, columns=["kind", *LINEAGE], dtype=object
        )
        frame[OWN_BRANCH] = frame["branch_id"].where(frame["kind"].isin((BRANCH, TEAM)), None)
        frame[WITHIN] = self._inside.of_all(self._ids, day)
        return frame


class Inside:
    """Whether units lie in the viewer's scope and under the asked-for unit, on days of the question's parts."""

    def __init__(self, hierarchy: Hierarchy, question: Question) -> None:
        self._memberships = [hierarchy.membership(root, question.parts) for root in roots(hierarchy, question)]

    def of_all(self, unit_ids: Iterable[str], day: date) -> npt.NDArray[np.bool_]:
        """Whether each unit does on the day."""
        ids = list(unit_ids)
        if not self._memberships:
            return np.ones(len(ids), dtype=np.bool_)
        return np.array([self.holds(unit_id, day) for unit_id in ids], dtype=np.bool_)

    def holds(self, unit_id: str, day: date) -> bool:
        """Whether the unit does on the day; at the company every unit does, an unknown one too."""
        return all(_is_member(membership, unit_id, day) for membership in self._memberships)


def _is_member(membership: Membership, unit_id: str, day: date) -> bool:
    ranges = membership.sometimes.get(unit_id, ())
    return unit_id in membership.always or any(first <= day < end for first, end in ranges)


def roots(hierarchy: Hierarchy, question: Question) -> tuple[str, ...]:
    """The units below the company under which everything must lie; none where the whole company is asked for."""
    asked = dict.fromkeys((question.scope.root_unit_id, question.unit_id))
    companies = {unit.id for unit in hierarchy.units.values() if unit.kind == COMPANY}
    return tuple(root for root in asked if root is not None and root not in companies)


def reach(column: ColumnElement[str], hierarchy: Hierarchy, question: Question) -> ColumnElement[bool]:
    """The condition that a row belongs to a unit that matters: under the roots during the parts, or above them.

    It lets through all that the question needs, not only what it asks about: that is for ``within``.
    """
    limits = roots(hierarchy, question)
    if not limits:
        return true()
    members = [hierarchy.membership(root, question.parts) for root in limits]
    under = set.intersection(*({*one.always, *one.sometimes} for one in members))
    starts = [stretch.start for stretch in stretches(question.parts, hierarchy.move_days)]
    above = {unit.id for root in limits for day in starts for unit in hierarchy.path(root, day)}
    return column.in_(sorted(under | above))
