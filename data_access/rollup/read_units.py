"""Counts of units read from the rollups, where they hold what is asked: for many questions with few statements."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Column, ColumnElement, Connection, Integer, String, and_, case, func, literal, or_, select

from data_access.counts.grouping import VALUE_TYPES
from data_access.counts.placing import UNIT, by_date
from data_access.dialect import instant
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from data_access.rollup.grid import Grid
from data_access.rollup.rows import Array
from data_access.rollup.unit_holdings import UNIT_HOLDINGS, holds
from data_access.rollup.unit_question import UnitQuestion
from data_access.rollup.unit_rows import FIRST_OF, KNOWN, UnitRows
from metrics.counted_rows import CountedRows
from metrics.counts import Fact

Wanted = tuple[Fact, Question]


def read_units(
    connection: Connection, hierarchy: Hierarchy, wanted: Iterable[Wanted], grid: Grid
) -> dict[Wanted, CountedRows]:
    """The rows of each fact for its question; left out where the rollups don't hold all that is asked.

    What lies in one table, at one grain and under the same units is read with one statement; what stands on single
    days apart from what is asked for by months, for it is found otherwise.
    """
    together: dict[tuple[str, bool, str, tuple[str, ...]], list[UnitQuestion]] = defaultdict(list)
    for fact, question in wanted:
        holding = UNIT_HOLDINGS.get(fact)
        if holding is not None and holds(question, holding, grid):
            asked = UnitQuestion(by_date(fact, hierarchy, question), holding)
            together[holding.table.name, holding.stands, asked.grain, asked.roots].append(asked)
    found: dict[Wanted, CountedRows] = {}
    for some in together.values():
        rows = _read(connection, hierarchy, some)
        found |= {(asked.placing.fact, asked.question): rows.of(asked) for asked in some}
    return found


def _read(connection: Connection, hierarchy: Hierarchy, some: Sequence[UnitQuestion]) -> UnitRows:
    """The rows that count for any of the questions, and perhaps others."""
    holding, instants = some[0].holding, sorted({asked.question.as_of for asked in some})
    table = holding.table
    texts = dict.fromkeys(name for asked in some for name in (*asked.dimensions, *sorted(asked.restricted)))
    numbers = dict.fromkeys(name for asked in some for name in asked.numbers)
    if holding.once:
        numbers[FIRST_OF] = None
    known = _first_of(instants, table.c.counts_from).label(KNOWN)
    columns = (table.c[UNIT], table.c[holding.day], *(table.c[name] for name in texts))
    counts = (func.coalesce(table.c[name], 0) for name in numbers)
    statement = select(*columns, known, *counts).where(
        *_conditions(hierarchy, some), table.c.counts_from <= instant(instants[-1])
    )
    rows = connection.execute(statement).all()
    units, of_rows, *others = zip(*rows, strict=True) if rows else [()] * (3 + len(texts) + len(numbers))
    days = list(dict.fromkeys(of_rows))
    place_of = {day: place for place, day in enumerate(days)}
    numbered = hierarchy.numbered
    return UnitRows(
        hierarchy=hierarchy,
        numbered=numbered,
        roots=some[0].roots,
        instants=instants,
        days=days,
        day=np.array([place_of[day] for day in of_rows], dtype=np.int64),
        unit=numbered.places_of(units),
        columns={
            name: _column(values, object if name in texts else VALUE_TYPES.get(name, np.int64))
            for name, values in zip((*texts, KNOWN, *numbers), others, strict=True)
        },
    )


def _column(values: Sequence[object], kind: Any) -> Array:  # noqa: ANN401 - a type of NumPy's
    column = np.empty(len(values), dtype=kind)
    column[:] = values
    return column


def _first_of(instants: Sequence[Any], at: Column[Any]) -> ColumnElement[int]:
    """The place of the first of the instants that isn't before ``at``; the last one's where none is."""
    last = literal(len(instants) - 1, Integer())
    if len(instants) == 1:
        return last
    return case(*((at <= instant(each), place) for place, each in enumerate(instants[:-1])), else_=last)


def _within(day: Column[date], start: date, end: date) -> ColumnElement[bool]:
    return and_(day >= start, day < end)


def _conditions(hierarchy: Hierarchy, some: Sequence[UnitQuestion]) -> Iterator[ColumnElement[bool]]:
    """What is true of all rows that count for any of the questions."""
    first = some[0]
    table = first.holding.table
    # Written out, not bound: each grain has an index of its own, which a bound one would hide.
    yield table.c.grain == literal(first.grain, String(), literal_execute=True)
    day = table.c[first.holding.day]
    runs = sorted({run for asked in some for run in asked.runs})
    yield day.in_([start for start, _ in runs]) if first.holding.stands else or_(*(_within(day, *run) for run in runs))
    parts = tuple(dict.fromkeys(part for asked in some for part in asked.question.parts))
    for root in first.roots:
        members = hierarchy.membership(root, parts)
        yield table.c[UNIT].in_(sorted({*members.always, *members.sometimes}))
    for column in set.intersection(*({*asked.restricted} for asked in some)):
        yield table.c[column].in_(sorted({code for asked in some for code in asked.restricted[column]}))
