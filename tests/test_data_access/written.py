"""A plain company written into a database, and a fact's frame read back as plain counts."""

from datetime import UTC, datetime

import pandas as pd
from sqlalchemy import Connection, delete, insert

from data_access.tables import SOURCE_TABLES
from metrics.counts import FACTS, KEY, Fact
from tests.reference.units import Company, Counts

SOME_TIME = datetime(2025, 1, 1, tzinfo=UTC)


def write(connection: Connection, company: Company) -> None:
    """The database holds this company and nothing else."""
    for table in SOURCE_TABLES:
        connection.execute(delete(table))
        columns = set(table.columns.keys())
        found = [
            {name: value for name, value in row.items() if name in columns}
            | {"recorded_at": SOME_TIME, "updated_at": SOME_TIME}
            for row in company.rows(table.name)
        ]
        if found:
            connection.execute(insert(table), found)


def as_counts(frame: pd.DataFrame, fact: Fact, dimensions: tuple[str, ...] = ()) -> Counts:
    """The frame's counts by key; the frame must have exactly the contract's columns and types."""
    spec = FACTS[fact]
    keys = [*KEY, *dimensions, *spec.values]
    assert list(frame.columns) == [*keys, *spec.counts]
    assert all(frame[name].dtype == "int64" for name in (*spec.values, *spec.counts))
    assert all(frame[name].dtype == object for name in (*KEY, *dimensions))
    counts = {
        tuple(row[: len(keys)]): dict(zip(spec.counts, row[len(keys) :], strict=True))
        for row in frame.itertuples(index=False, name=None)
    }
    assert len(counts) == len(frame), "two rows have one key"
    return {key: count for key, count in counts.items() if any(count.values())}
