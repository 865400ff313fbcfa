"""From the SQL of single counted things to the fact's rows: sums by unit and stretch, then lineages."""

from collections.abc import Hashable, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import ColumnElement, CompoundSelect, Connection, Select, String, func, null, select, union_all
from sqlalchemy import cast as cast_to

from data_access.counts.placing import STRETCH, UNIT, Placing
from metrics.counted_rows import CountedRows, Lineage
from metrics.counts import COMPANY, FACTS

AT = "at"
PLACE = "place"
VALUE_TYPES = {"observed": np.bool_}
"""How a value column is stored where it isn't a whole number."""

Source = Select[Any] | CompoundSelect[Any]
Line = Sequence[Any]
Value = TypeVar("Value", bound=Hashable)


def count(connection: Connection, placing: Placing, source: Source) -> CountedRows:
    """The fact's rows: the sums of the counts of ``source``, placed.

    One row of ``source`` is one thing that counts. It has the columns ``unit_id`` (None: company-wide only),
    ``at`` (its own date, inside the stretches), the dimensions asked for, the fact's values and its counts.
    """
    return placed(connection.execute(_added_up(placing, source)).all(), placing)


def _added_up(placing: Placing, source: Source) -> Select[Any]:
    """The sums by unit and stretch: of each SELECT by itself first, so that shards of a cluster do that alone."""
    if isinstance(source, Select):
        return _summed(placing, source)
    spec = FACTS[placing.fact]
    each = union_all(*(_added_up(placing, cast(Source, part)) for part in source.selects)).subquery("each")
    groups = [each.c[name] for name in (UNIT, STRETCH, *placing.dimensions, *spec.values)]
    return select(*groups, *(func.sum(each.c[name]).label(name) for name in spec.counts)).group_by(*groups)


def _summed(placing: Placing, source: Select[Any]) -> Select[Any]:
    spec = FACTS[placing.fact]
    single = source.subquery("single")
    keys = (*placing.dimensions, *spec.values)
    # Numbered in a subquery of its own, so that GROUP BY names a column and repeats no bound parameter.
    numbered = select(
        _fine_enough(placing, single.c[UNIT]).label(UNIT),
        placing.number(single.c[AT]).label(STRETCH),
        *(single.c[name] for name in (*keys, *spec.counts)),
    ).subquery("numbered")
    groups: list[ColumnElement[Any]] = [numbered.c[name] for name in (UNIT, STRETCH, *keys)]
    return select(*groups, *(func.sum(numbered.c[name]).label(name) for name in spec.counts)).group_by(*groups)


def _fine_enough(placing: Placing, unit: ColumnElement[str]) -> ColumnElement[Any]:
    """The unit; nothing where only the company is asked about, so that far fewer rows come back."""
    whole = placing.question.finest == COMPANY and placing.hierarchy.has_one_company
    return cast_to(null(), String()) if whole else unit


def placed(lines: Sequence[Line], placing: Placing) -> CountedRows:
    """The fact's rows, of lines that hold unit, index of the stretch, dimensions, values and counts, in this order.

    Lines that get the same place (a unit moved, or several are unknown) are added up.
    """
    spec = FACTS[placing.fact]
    key_length = 2 + len(placing.dimensions)
    names = (*spec.values, *spec.counts)
    place_of = {key: _place(key, placing) for key in {tuple(line[:key_length]) for line in lines}}
    places = list(dict.fromkeys(place_of.values()))
    numbers = {place: number for number, place in enumerate(places)}
    number_of = {key: numbers[place] for key, place in place_of.items()}
    of_lines = np.array([number_of[tuple(line[:key_length])] for line in lines], dtype=np.int64)
    columns: dict[str, npt.NDArray[Any]] = {
        name: np.array([line[index] for line in lines], dtype=VALUE_TYPES.get(name, np.int64))
        for index, name in enumerate(names, start=key_length)
    }
    if len(places) < len(place_of):
        frame = pd.DataFrame({PLACE: of_lines, **columns})
        frame = frame.groupby([PLACE, *spec.values], sort=False, as_index=False).sum()
        of_lines = frame[PLACE].to_numpy()
        columns = {name: frame[name].to_numpy() for name in names}
    lineages, lineage = _numbered([place.lineage for place in places])
    parts, part = _numbered([place.part for place in places])
    keys = {
        name: _object_column([place.dimensions[index] for place in places])[of_lines]
        for index, name in enumerate(placing.dimensions)
    }
    return CountedRows(lineages, lineage[of_lines], parts, part[of_lines], {**keys, **columns})


class _Place(NamedTuple):
    lineage: Lineage
    part: date
    dimensions: tuple[object, ...]


def _place(key: tuple[Any, ...], placing: Placing) -> _Place:
    """Lineage, part and dimensions of a unit in a stretch."""
    unit_id, number, *dimensions = key
    stretch = placing.stretches[number]
    return _Place(placing.hierarchy.lineage(unit_id, stretch.start), stretch.part, tuple(dimensions))


def _numbered(values: Sequence[Value]) -> tuple[list[Value], npt.NDArray[np.int64]]:
    """The distinct values, and which of them each one is."""
    numbers = {value: number for number, value in enumerate(dict.fromkeys(values))}
    return list(numbers), np.array([numbers[value] for value in values], dtype=np.int64)


def _object_column(values: Sequence[object]) -> npt.NDArray[np.object_]:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column
