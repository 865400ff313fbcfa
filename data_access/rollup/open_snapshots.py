"""The open cases at each settlement, as SQL."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, String, and_, case, literal, select

from data_access.counts.case_columns import ONE, ZERO, At, Condition
from data_access.counts.case_rows import placed_unit
from data_access.counts.deadlines import RESOLUTION, cases_with_calendar, derived_deadline
from data_access.counts.open_cases import age_band, falling_due, is_waiting, overdue
from data_access.counts.standpoint import Standpoint
from data_access.question import Rules, View
from data_access.rollup.cuts import Cuts
from data_access.rollup_tables import rollup_slots
from data_access.tables import cases

SLOT = rollup_slots.c


def open_at_settlements(rules: Rules, cuts: Cuts) -> tuple[Select[Any], ...]:
    """One row per case and settlement at which it was open, with the columns of ``open_case_counts``.

    A row of the full view says what that one has besides the scored one.
    """
    derived = derived_deadline(rules, RESOLUTION)
    own = (RESOLUTION.own, cases, RESOLUTION.own.is_not(None))
    undated = (derived, cases_with_calendar(rules, RESOLUTION), RESOLUTION.own.is_(None))
    return tuple(
        _open(due, tables, view, rules, cuts).where(condition)
        for due, tables, condition in (own, undated)
        for view in View
    )


def _open(due: At, tables: FromClause, view: View, rules: Rules, cuts: Cuts) -> Select[Any]:
    scored, full = Standpoint(SLOT.as_of, View.SCORED), Standpoint(SLOT.as_of, View.FULL)
    if view is View.SCORED:
        counts, condition = _counts(due, scored, rules), is_waiting(scored)
    else:
        more, less = _counts(due, full, rules), _counts(due, scored, rules)
        counts = {name: _where(is_waiting(full), more[name]) - _where(is_waiting(scored), less[name]) for name in more}
        condition = cases.c.exclusion.is_not(None)
    waiting = and_(
        SLOT.settled == 1,
        SLOT.slot >= cuts.slot(cases.c.received_at),
        SLOT.slot < cuts.slot(cases.c.resolved_at),
        cuts.slot(cases.c.received_at) < cuts.slot(cases.c.resolved_at),
    )
    columns = {
        "unit_id": placed_unit(cases.c.responsible_unit_id),
        "partition": cuts.partition,
        "as_of": SLOT.as_of,
        "day": SLOT.day,
        "view": literal(view.value, String(), literal_execute=True),
        "grade": cases.c.grade,
        "track": cases.c.track,
        "age_band": age_band(scored),
        **counts,
    }
    named = (column.label(name) for name, column in columns.items())
    return select(*named).select_from(tables.join(rollup_slots, waiting)).where(condition)


def _counts(due: At, seen: Standpoint, rules: Rules) -> dict[str, ColumnElement[int]]:
    return {
        "open_cases": ONE,
        "overdue_cases": _where(overdue(due, seen), ONE),
        "falling_due": _where(falling_due(due, seen, rules), ONE),
    }


def _where(condition: Condition, count: ColumnElement[int]) -> ColumnElement[int]:
    return case((condition, count), else_=ZERO)
