"""The cases of a partition as columns in memory."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Boolean, ColumnElement, Connection, Integer, Select, String, func, select, type_coerce

from data_access.errors import DataAccessError
from data_access.instant import Instant
from data_access.rollup.calendar_lookup import Calendar
from data_access.rollup.case_numbers import CaseNumbers
from data_access.rollup.codes import MISSING, SEPARATOR, TOGETHER, WORDS, Codes
from data_access.rollup.rows import Flags, Key, Reopenings, Rows, Values
from data_access.tables import case_events, cases

BATCH = 200_000
"""Cases in memory at once: about a hundred megabytes."""

NOT_COUNTED = ("updated_at", "sla_met", "collective", "transferred_count")
COLUMNS = tuple(column for column in cases.columns if column.name not in (*NOT_COUNTED, *WORDS))
UNITS = ("origin_unit_id", "responsible_unit_id")

Read = Callable[[Select[Any]], Iterator[pa.RecordBatch]]
"""Runs a statement and gives its rows in batches of columns."""


@dataclass(frozen=True, eq=False)
class CaseSource:
    """Cases as they come from the database; ``numbers`` are those of all that will be asked for, if they are known."""

    read: Read
    numbers: CaseNumbers | None = None

    def fetch(self, condition: ColumnElement[bool]) -> list[pa.RecordBatch]:
        """The cases of which the condition is true, in batches of columns."""
        found = list(self.read(select(*COLUMNS, *map(_together, TOGETHER)).where(condition)))
        # Read here, for one connection can't answer two threads at once.
        _ = self.reopened
        return found

    @cached_property
    def reopened(self) -> Any:  # noqa: ANN401 - an Arrow table
        """Every reopening of them, and of others, that events tell of: the number of the case, and when.

        All at once: the database looks through all events for those of a single month too.
        """
        statement = select(case_events.c.case_no, case_events.c.at).where(case_events.c.kind == "reopened")
        if self.numbers is not None:
            statement = statement.where(self.numbers.hold(case_events.c.case_no))
        found = list(self.read(statement))
        return pa.table(
            {
                "case_no": pa.chunked_array([each.column("case_no").cast(pa.string()) for each in found], pa.string()),
                "at": pa.chunked_array([each.column("at").cast(pa.int64()) for each in found], pa.int64()),
            }
        )


@dataclass(frozen=True, eq=False)
class CaseReader:
    """Makes columns of cases; ``units`` are the numbers of known units, every other is nowhere (the last one)."""

    source: CaseSource
    calendar: Calendar
    units: Mapping[str, int]
    codes: Mapping[str, Codes] = field(default_factory=lambda: {name: Codes() for name in WORDS})

    def batches(self, fetched: Iterable[pa.RecordBatch]) -> Iterator[Rows]:
        """The cases as columns, BATCH at a time: fewer take longer, each for itself."""
        whole = pa.Table.from_batches(found).combine_chunks() if (found := list(fetched)) else pa.table({})
        return map(self._rows, whole.to_batches(max_chunksize=BATCH))

    def _rows(self, batch: pa.RecordBatch) -> Rows:
        columns = {("cases", column.name): self._values(column, batch.column(column.name)) for column in COLUMNS}
        for names in TOGETHER:
            columns |= self._words(names, batch.column(_label(names)))
        columns["cases", "place"] = Values(np.arange(batch.num_rows))
        reopenings = _reopenings_of(batch.column("case_no"), self.source.reopened)
        return Rows(batch.num_rows, columns, self.calendar.local_day, reopenings)

    def _words(self, names: tuple[str, ...], together: Any) -> dict[Key, Values]:  # noqa: ANN401
        """The codes of the columns with these names; raises DataAccessError if one holds a control character."""
        encoded = pc.dictionary_encode(together)
        texts = [text.split(SEPARATOR) for text in encoded.dictionary.to_pylist()]
        if any(len(each) != len(names) for each in texts):
            raise DataAccessError(f"A case holds a control character in {', '.join(names)}: something is wrong there.")
        places = encoded.indices.to_numpy(zero_copy_only=False)
        return {
            ("cases", name): self.codes[name].values([each[number] for each in texts], places)
            for number, name in enumerate(names)
        }

    def _values(self, column: Any, values: Any) -> Values:  # noqa: ANN401
        if column.name in UNITS:
            return self._unit_numbers(values)
        if isinstance(column.type, Instant | Integer | Boolean):
            typed = values.cast(pa.int64()) if not pa.types.is_boolean(values.type) else values
            filled = pc.fill_null(typed, False if pa.types.is_boolean(typed.type) else 0)
            return Values(filled.to_numpy(zero_copy_only=False), _nulls(values))
        return Values(np.zeros(len(values), dtype=np.int8), _nulls(values))

    def _unit_numbers(self, values: Any) -> Values:  # noqa: ANN401
        encoded = pc.dictionary_encode(values)
        nowhere = len(self.units)
        numbers = np.array(
            [*(self.units.get(word, nowhere) for word in encoded.dictionary.to_pylist()), nowhere], dtype=np.int32
        )
        indices = pc.fill_null(encoded.indices, len(numbers) - 1).to_numpy(zero_copy_only=False)
        return Values(numbers[indices])


def _together(names: tuple[str, ...]) -> ColumnElement[str]:
    """The codes of the columns with these names as one text."""
    first, *others = (func.coalesce(cases.c[name], MISSING) for name in names)
    text: ColumnElement[str] = first
    for each in others:
        text = text.concat(SEPARATOR).concat(each)
    return text.label(_label(names))


def _label(names: tuple[str, ...]) -> str:
    return "_and_".join(names)


def _reopenings_of(numbers: Any, reopened: Any) -> Reopenings:  # noqa: ANN401 - Arrow's
    """The reopenings of the cases with these numbers."""
    numbers = numbers.cast(pa.string())
    # Numbers mostly follow one another in time: of a month's cases only few of all reopenings need a closer look.
    reopened = reopened.filter(_between(reopened.column("case_no"), pc.min_max(numbers).as_py()))
    among = pc.is_in(numbers, value_set=reopened.column("case_no").combine_chunks())
    places = np.flatnonzero(among.to_numpy(zero_copy_only=False))
    place = pc.index_in(reopened.column("case_no"), value_set=numbers.take(pa.array(places))).combine_chunks()
    inside = pc.is_valid(place)
    times = reopened.column("at").combine_chunks().filter(inside)
    return Reopenings(places[place.filter(inside).to_numpy()], times.to_numpy())


def _between(texts: Any, bounds: Mapping[str, str | None]) -> Any:  # noqa: ANN401 - Arrow's
    """Whether each text lies between the least and the greatest, both included; none does where there are none."""
    least, greatest = (pa.scalar(bounds[name], pa.string()) for name in ("min", "max"))
    return pc.and_(pc.greater_equal(texts, least), pc.less_equal(texts, greatest))


def _nulls(values: Any) -> Flags | None:  # noqa: ANN401
    if not values.null_count:
        return None
    nulls: Flags = pc.is_null(values).to_numpy(zero_copy_only=False)
    return nulls


def over_connection(connection: Connection) -> Read:
    """Reads over the connection itself, which sees what its transaction has written."""
    raw = connection.dialect.name == "sqlite"

    def read(statement: Select[Any]) -> Iterator[pa.RecordBatch]:
        names, kinds = statement.selected_columns.keys(), [column.type for column in statement.selected_columns]
        if raw:
            texts = [
                type_coerce(each, String) if isinstance(each.type, Instant) else each
                for each in statement.selected_columns
            ]
            statement = statement.with_only_columns(*texts)
        result = connection.execute(statement, execution_options={"yield_per": BATCH})
        for rows in result.partitions(BATCH):
            columns = zip(*rows, strict=True)
            yield pa.record_batch(
                [_arrow(list(c), k, raw) for c, k in zip(columns, kinds, strict=True)], names=list(names)
            )

    return read


def _arrow(values: list[Any], kind: Any, raw: bool) -> Any:  # noqa: ANN401
    if not isinstance(kind, Instant):
        types = ((Boolean, pa.bool_()), (Integer, pa.int64()), (String, pa.string()))
        return pa.array(values, next(arrow for known, arrow in types if isinstance(kind, known)))
    if raw:
        return pa.array(values, pa.string()).cast(pa.timestamp("us"))
    return pa.array(values, pa.timestamp("us", tz="UTC"))
