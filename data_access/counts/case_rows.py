"""Which cases count for a fact and how, said once: for questions and for rollups."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, select, union_all

from data_access.counts.case_columns import At, Condition, exists, filtered, restricted
from data_access.counts.grouping import AT, Source
from data_access.counts.placing import UNIT, Placing
from data_access.counts.standpoint import Standpoint, standpoint
from data_access.counts.within import within
from data_access.question import Rules
from data_access.tables import cases

Narrowing = Callable[[Placing], tuple[Condition, ...]]
"""Conditions that follow from the others, so that the database finds the rows sooner."""


def _not_narrowed(_placing: Placing) -> tuple[Condition, ...]:
    return ()


@dataclass(frozen=True, eq=False)
class CaseRows:
    """Cases by one of their dates, seen from a standpoint; one row of SQL is one case that counts.

    A case must exist at the as-of time, ``at`` must not be later, and ``conditions`` must hold; none of them
    is ever NULL. ``counts`` are whole numbers, ``values`` what else tells rows apart (a duration).
    ``changes`` are the instants at which a case may begin or cease to count, or count otherwise, beside ``at``
    and the times of its receipt and record; NULL where there is none. ``tables`` are the cases, with the
    calendar where it is needed; ``unit`` is where a case that isn't restricted counts.
    """

    at: At
    counts: Mapping[str, ColumnElement[int]]
    conditions: tuple[Condition, ...] = ()
    changes: tuple[At, ...] = ()
    values: Mapping[str, ColumnElement[Any]] = field(default_factory=dict)
    unit: ColumnElement[str | None] = cases.c.responsible_unit_id
    tables: FromClause = cases
    narrowing: Narrowing = _not_narrowed

    def counting(self, seen: Standpoint) -> Condition:
        """Whether a case counts, whatever the days asked for."""
        return and_(exists(seen), self.at <= seen.at, *self.conditions)


RowsOfFact = Callable[[Standpoint, Rules], tuple[CaseRows, ...]]
"""The cases that count for a fact, seen from a standpoint; no case is in two of the results."""


def asked_rows(placing: Placing, rows_of_fact: RowsOfFact) -> Source:
    """The rows of SQL that a question about a fact counts."""
    seen = standpoint(placing.question)
    return union_all(*(_asked(placing, rows, seen) for rows in rows_of_fact(seen, placing.question.rules)))


def _asked(placing: Placing, rows: CaseRows, seen: Standpoint) -> Select[Any]:
    return (
        select(*row_columns(placing, rows))
        .select_from(rows.tables)
        .where(
            placing.holds(rows.at),
            rows.counting(seen),
            within(placing, rows.unit, rows.at, restricted()),
            *filtered(placing.question),
            *rows.narrowing(placing),
        )
    )


def row_columns(placing: Placing, rows: CaseRows) -> tuple[ColumnElement[Any], ...]:
    """Unit (None if restricted), date, dimensions, values and counts."""
    return (
        placed_unit(rows.unit).label(UNIT),
        rows.at.label(AT),
        *(cases.c[name].label(name) for name in placing.dimensions),
        *(column.label(name) for name, column in rows.values.items()),
        *(column.label(name) for name, column in rows.counts.items()),
    )


def placed_unit(unit: ColumnElement[str | None]) -> ColumnElement[str | None]:
    """The unit where a case counts, None for a restricted one."""
    return case((restricted(), None), else_=unit)
