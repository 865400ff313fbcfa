"""From the SQL of single counted things to the fact's frame: sums by unit and stretch, then lineages."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import ColumnElement, CompoundSelect, Connection, Select, String, func, null, select, union_all
from sqlalchemy import cast as cast_to

from data_access.counts.placing import STRETCH, UNIT, Placing
from metrics.counts import COMPANY, FACTS, KEY

AT = "at"
PLACE = "place"
VALUE_TYPES = {"observed": np.bool_}
"""How a value column is stored where it isn't a whole number."""

Source = Select[Any] | CompoundSelect[Any]
Line = Sequence[Any]


def count(connection: Connection, placing: Placing, source: Source) -> pd.DataFrame:
    """The fact's frame: the sums of the counts of ``source``, placed.

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


def placed(rows: Sequence[Line], placing: Placing) -> pd.DataFrame:
    """The fact's frame of rows that hold unit, index of the stretch, dimensions, values and counts, in this order.

    Rows that get the same place (a unit moved, or several are unknown) are added up.
    """
    spec = FACTS[placing.fact]
    key_length = 2 + len(placing.dimensions)
    names = (*spec.values, *spec.counts)
    place_of = {key: _place(key, placing) for key in {tuple(row[:key_length]) for row in rows}}
    places = list(dict.fromkeys(place_of.values()))
    numbers = {place: number for number, place in enumerate(places)}
    number_of = {key: numbers[place] for key, place in place_of.items()}
    numbers_of_rows = np.array([number_of[tuple(row[:key_length])] for row in rows], dtype=np.int64)
    columns = {
        name: np.array([row[index] for row in rows], dtype=VALUE_TYPES.get(name, np.int64))
        for index, name in enumerate(names, start=key_length)
    }
    if len(places) < len(place_of):
        frame = pd.DataFrame({PLACE: numbers_of_rows, **columns})
        frame = frame.groupby([PLACE, *spec.values], sort=False, as_index=False).sum()
        numbers_of_rows = frame[PLACE].to_numpy()
        columns = {name: frame[name].to_numpy() for name in names}
    return _with_places(columns, numbers_of_rows, places, placing)


def _object_column(values: Sequence[object]) -> npt.NDArray[np.object_]:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def _place(key: tuple[Any, ...], placing: Placing) -> tuple[object, ...]:
    """Lineage, part and dimensions of a unit in a stretch."""
    unit_id, number, *dimensions = key
    stretch = placing.stretches[number]
    lineage = placing.hierarchy.lineage(unit_id, stretch.start)
    return (*lineage, stretch.part, *dimensions)


def _with_places(
    columns: Mapping[str, npt.NDArray[Any]],
    numbers: npt.NDArray[np.int64],
    places: Sequence[tuple[object, ...]],
    placing: Placing,
) -> pd.DataFrame:
    """The columns with those of the place of each row before them; one frame made at once, for many are made."""
    names = [*KEY, *placing.dimensions]
    of_places = zip(*places, strict=True) if places else [()] * len(names)
    keys = {}
    for name, values in zip(names, of_places, strict=True):
        keys[name] = pd.Series(_object_column(values)[numbers], dtype=object)
    return pd.DataFrame({**keys, **columns})
