"""Decisions on cases: extended, excluded, downgraded, transferred, by the day they were decided."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, case, func, or_, select

from data_access.counts.case_columns import Condition, exists, filtered, flag, restricted
from data_access.counts.case_rows import placed_unit
from data_access.counts.grouping import AT, count
from data_access.counts.placing import UNIT, Placing, by_date
from data_access.counts.standpoint import standpoint
from data_access.counts.within import within
from data_access.dialect import ByBytes, instant
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from data_access.tables import case_events as events
from data_access.tables import cases
from metrics.counted_rows import CountedRows
from metrics.counts import FACTS, Fact

DECISION, ORDER = "decision", "order_in_part"
TRANSFERRED = "transferred"
GRADES = ("A", "B", "C")
"""From the most urgent; each may be downgraded to any after it."""


def case_events(connection: Connection, hierarchy: Hierarchy, question: Question) -> CountedRows:
    """Cases with such a decision within the part, whatever their exclusion.

    A case counts once per part and kind, by the first such decision in it: at its responsible unit, or at
    the sender if it was transferred, and under the post that decided.
    """
    placing = by_date(Fact.CASE_EVENTS, hierarchy, question)
    first = _first_decisions(placing).subquery("first_decision")
    seen, unit = standpoint(question), deciding_unit(first)
    offered = {**cases.c, "decided_by": first.c.decided_by}
    source = (
        select(
            placed_unit(unit).label(UNIT),
            first.c[AT],
            *(offered[name].label(name) for name in placing.dimensions),
            *decision_counts(first),
        )
        .select_from(cases.join(first, first.c.case_no == cases.c.case_no))
        .where(first.c[ORDER] == 1, exists(seen), *filtered(question), within(placing, unit, first.c[AT], restricted()))
    )
    return count(connection, placing, source)


def deciding_unit(decided: FromClause) -> ColumnElement[Any]:
    """The unit where a decision counts, if its case isn't restricted."""
    return case((decided.c[DECISION] == TRANSFERRED, decided.c.from_unit_id), else_=cases.c.responsible_unit_id)


def decision_counts(decided: FromClause) -> list[ColumnElement[int]]:
    """What a decision counts as: 1 for its kind, 0 for the others."""
    return [flag(decided.c[DECISION] == name).label(name) for name in FACTS[Fact.CASE_EVENTS].counts]


def _first_decisions(placing: Placing) -> Select[Any]:
    """One row per decision, with its place among those of its case and kind in the same part."""
    asked = and_(placing.holds(events.c.at), events.c.at <= instant(placing.question.as_of))
    decided = decisions(asked).subquery("decided")
    part = placing.part_number(decided.c[AT])
    numbered = func.row_number().over(
        partition_by=(decided.c.case_no, decided.c[DECISION], part), order_by=(decided.c[AT], ByBytes(decided.c.id))
    )
    return select(decided, numbered.label(ORDER))


def decisions(condition: Condition) -> Select[Any]:
    """The decisions among the events of which the condition is true, with their kind; one row per event."""
    decision = case(
        (events.c.kind.in_(("extended", "excluded", TRANSFERRED)), events.c.kind), (_downgraded(), "downgraded")
    )
    return select(
        events.c.id,
        events.c.case_no,
        events.c.at.label(AT),
        events.c.from_unit_id,
        events.c.decided_by,
        decision.label(DECISION),
    ).where(condition, decision.is_not(None))


def _downgraded() -> Condition:
    lower = [
        and_(events.c.old == old, events.c.new == new)
        for position, old in enumerate(GRADES)
        for new in GRADES[position + 1 :]
    ]
    return and_(events.c.kind == "regraded", or_(*lower))
