"""Which rows of each source table a viewer's scope lets through."""

from datetime import date, timedelta

from sqlalchemy import Column, ColumnElement, Select, Table, and_, not_, select, true

from data_access.hierarchy import Hierarchy
from data_access.scope import Scope, Verb
from data_access.tables import case_events, cases, chat_group_months, chat_groups
from metrics.counts import COMPANY
from metrics.period import Period

_UNIT_COLUMN = {
    "org_units": "id",
    "cases": "responsible_unit_id",
    "zones": "target_unit_id",
}
"""The column that says whose row it is, where it isn't ``unit_id``."""


def sees_company(scope: Scope, hierarchy: Hierarchy) -> bool:
    """Whether the scope is the whole company."""
    root = hierarchy.units.get(scope.root_unit_id or "")
    return scope.root_unit_id is None or (root is not None and root.kind == COMPANY)


def visible(table: Table, scope: Scope, hierarchy: Hierarchy, day: date) -> ColumnElement[bool]:
    """Whether a row may be counted for the viewer: it is of a unit that lies in the scope that day.

    Below the company, restricted cases and rows of unknown units never are.
    """
    if sees_company(scope, hierarchy):
        return true()
    if table is case_events:
        return case_events.c.case_no.in_(_keys(cases, cases.c.case_no, scope, hierarchy, day))
    if table is chat_group_months:
        return chat_group_months.c.group_id.in_(_keys(chat_groups, chat_groups.c.id, scope, hierarchy, day))
    return _in_scope(table, scope, hierarchy, day)


def listable(table: Table, scope: Scope, hierarchy: Hierarchy, day: date) -> ColumnElement[bool]:
    """Whether the viewer may also be shown the row's key: restricted cases only to the company's handlers."""
    open_to_all = visible(table, scope, hierarchy, day)
    if scope.allows(Verb.HANDLE) or table not in (cases, case_events):
        return open_to_all
    if table is cases:
        return and_(open_to_all, not_(_restricted()))
    return and_(open_to_all, case_events.c.case_no.not_in(select(cases.c.case_no).where(_restricted())))


def _keys(table: Table, key: Column[str], scope: Scope, hierarchy: Hierarchy, day: date) -> Select[str]:
    return select(key).where(_in_scope(table, scope, hierarchy, day))


def _in_scope(table: Table, scope: Scope, hierarchy: Hierarchy, day: date) -> ColumnElement[bool]:
    today = (Period(day, day + timedelta(days=1)),)
    inside = hierarchy.membership(scope.root_unit_id or "", today).always
    column = table.c[_UNIT_COLUMN.get(table.name, "unit_id")]
    under_root = column.in_(sorted(inside))
    return and_(under_root, not_(_restricted())) if table is cases else under_root


def _restricted() -> ColumnElement[bool]:
    return cases.c.restricted.is_(True)
