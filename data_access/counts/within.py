"""Which rows the viewer's scope and the asked-for unit let through, as SQL conditions."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, not_, or_, true

from data_access.counts.placing import Placing
from data_access.hierarchy import Membership
from metrics.counts import COMPANY
from metrics.period import Period


def within(
    placing: Placing, unit: ColumnElement[Any], at: ColumnElement[Any], restricted: ColumnElement[bool] | None = None
) -> ColumnElement[bool]:
    """Whether a row's unit lay within the scope and under the asked-for unit on the count's own date.

    ``at`` is a date or instant inside the stretches. Below the company, restricted rows and rows of unknown
    units never pass; at the company every row does.
    """
    conditions = [_under(placing, root, unit, at) for root in roots_below_company(placing)]
    if conditions and restricted is not None:
        conditions.append(not_(restricted))
    return and_(true(), *conditions)


def roots_below_company(placing: Placing) -> tuple[str, ...]:
    """The units under all of which a row must lie; none where the whole company is asked for."""
    roots = dict.fromkeys((placing.question.scope.root_unit_id, placing.question.unit_id))
    units = placing.hierarchy.units
    return tuple(root for root in roots if root and not (root in units and units[root].kind == COMPANY))


def _under(placing: Placing, root: str, unit: ColumnElement[Any], at: ColumnElement[Any]) -> ColumnElement[bool]:
    days = tuple(Period(stretch.start, stretch.end) for stretch in placing.stretches)
    membership = placing.hierarchy.membership(root, days)
    always = unit.in_(sorted(membership.always))
    return or_(always, *(_moved(placing, membership, moved, unit, at) for moved in sorted(membership.sometimes)))


def _moved(
    placing: Placing, membership: Membership, moved: str, unit: ColumnElement[Any], at: ColumnElement[Any]
) -> ColumnElement[bool]:
    """Whether the row is of a unit that moved, from its time under the root."""
    ranges = [placing.between(*_clamped(placing, *days), at) for days in membership.sometimes[moved]]
    return and_(unit == moved, or_(*ranges))


def _clamped(placing: Placing, first: date, end: date) -> tuple[date, date]:
    """The days that matter: some memberships have no beginning or no end."""
    return max(first, placing.stretches[0].start), min(end, placing.stretches[-1].end)
