"""Cases that are open at the as-of time: how many, how old, and which are or will soon be late."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, literal, not_, select, true

from data_access.counts.case_columns import (
    LEAVING,
    At,
    Condition,
    excluded,
    exists,
    filtered,
    flags,
    happened,
    is_open,
    restricted,
    tolerated,
)
from data_access.counts.case_rows import placed_unit
from data_access.counts.deadlines import RESOLUTION, with_deadline
from data_access.counts.grouping import AT, count
from data_access.counts.placing import UNIT, Placing, as_of_day
from data_access.counts.standpoint import Standpoint, standpoint
from data_access.counts.within import within
from data_access.hierarchy import Hierarchy
from data_access.question import Question, Rules
from data_access.tables import cases
from metrics.counted_rows import CountedRows
from metrics.counts import AGE_BANDS, Fact


def open_cases(connection: Connection, hierarchy: Hierarchy, question: Question) -> CountedRows:
    """Cases open at the as-of time, in the row of the question's last part whatever its days.

    ``overdue_cases`` are past their deadline and not tolerated; ``falling_due`` will be due within the rules'
    days ahead. The dimension ``age_band`` is the number of whole days of 24 hours since receipt.
    """
    placing = as_of_day(Fact.OPEN_CASES, hierarchy, question)
    seen = standpoint(question)

    def source(due: At) -> Select[Any]:
        return (
            select(*open_columns(placing, seen, due))
            .where(is_waiting(seen), *filtered(question))
            .where(within(placing, cases.c.responsible_unit_id, seen.at, restricted()))
        )

    return count(connection, placing, with_deadline(question.rules, RESOLUTION, source))


def is_waiting(seen: Standpoint) -> Condition:
    """Whether a case exists, is open and hasn't left the figures."""
    return and_(exists(seen), is_open(seen), not_(excluded(seen, *LEAVING)))


def open_columns(placing: Placing, seen: Standpoint, due: At) -> tuple[ColumnElement[Any], ...]:
    """Unit, the as-of time, dimensions and counts of an open case with that deadline."""
    offered = {**cases.c, "age_band": age_band(seen)}
    counts = flags(
        {
            "open_cases": true(),
            "overdue_cases": overdue(due, seen),
            "falling_due": falling_due(due, seen, placing.question.rules),
        }
    )
    return (
        placed_unit(cases.c.responsible_unit_id).label(UNIT),
        seen.at.label(AT),
        *(offered[name].label(name) for name in placing.dimensions),
        *(column.label(name) for name, column in counts.items()),
    )


def overdue(due: At, seen: Standpoint) -> Condition:
    """Whether an open case is past its deadline and not tolerated."""
    return happened(due, seen) & not_(tolerated(seen))


def falling_due(due: At, seen: Standpoint, rules: Rules) -> Condition:
    """Whether an open case will be due within the rules' days ahead."""
    return and_(due > seen.at, due <= seen.later(timedelta(days=rules.falling_due_days)))


def age_band(seen: Standpoint) -> ColumnElement[str]:
    """The code in AGE_BANDS of the whole days since receipt."""
    younger = [(limit, literal(code)) for limit, (code, _) in zip(_younger(seen), AGE_BANDS, strict=False)]
    return case(*younger, else_=literal(AGE_BANDS[-1][0]))


def age_place(seen: Standpoint) -> ColumnElement[int]:
    """The place in AGE_BANDS of the whole days since receipt."""
    younger = [(limit, literal(place)) for place, limit in enumerate(_younger(seen))]
    return case(*younger, else_=literal(len(AGE_BANDS) - 1))


def _younger(seen: Standpoint) -> list[Condition]:
    """Whether a case is younger than the end of each band that has one."""
    return [cases.c.received_at > seen.later(-timedelta(days=days)) for _, days in AGE_BANDS if days is not None]
