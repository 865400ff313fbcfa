"""``huiyin import`` against PostgreSQL's own COPY of the same file, which checks nothing."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.bench.files import write_cases, write_units
from tests.bench.imports import postgres_database, run

BLOCK = 1 << 20
COLUMNS = (
    "case_no",
    "channel",
    "category",
    "grade",
    "received_at",
    "responsible_unit_id",
    "responded_at",
    "first_resolved_at",
    "resolved_at",
    "outcome",
)
"""The columns of ``files.HEADER`` in the database."""

BARE_TABLE = "CREATE TABLE copied_bare (LIKE cases)"
INDEXED_TABLE = "CREATE TABLE copied_indexed (LIKE cases INCLUDING ALL)"
DEFAULTS = "ALTER TABLE {table} ALTER recorded_at SET DEFAULT now(), ALTER updated_at SET DEFAULT now()"
TIME_ZONE = "SET TIME ZONE 'Asia/Shanghai'"
COPY = "COPY {table} ({columns}) FROM STDIN (FORMAT csv, HEADER true)"
"""The baseline's statements; COPY reads the very file that is imported."""

NEWEST_BATCH = (
    "SELECT inserted, CAST(EXTRACT(epoch FROM finished_at - started_at) AS float8) "
    "FROM assessment.import_batches ORDER BY id DESC LIMIT 1"
)


@dataclass(frozen=True)
class ImportAgainstCopy:
    """Seconds for the same file of cases into an empty PostgreSQL database.

    ``import_seconds`` are those from the first byte read to the last row written and noted, as the batch records
    them; ``command_seconds`` those of the whole command, from the start of the program to rollups made anew, and
    ``megabytes`` its peak. ``indexed_seconds`` are COPY's into a table with the same columns and indexes,
    ``bare_seconds`` into one without any index.
    """

    rows: int
    import_seconds: float
    command_seconds: float
    megabytes: float
    indexed_seconds: float
    bare_seconds: float

    @property
    def rows_per_second(self) -> float:
        """How many rows the import wrote in a second."""
        return self.rows / self.import_seconds

    @property
    def share_of_indexed(self) -> float:
        """The import's rows per second as a share of COPY's into the same table: the bar is 1/8."""
        return self.indexed_seconds / self.import_seconds

    @property
    def share_of_bare(self) -> float:
        """The same against COPY into a table without indexes, which no import could leave behind."""
        return self.bare_seconds / self.import_seconds


def measure_import_against_copy(folder: Path, rows: int = 1_000_000) -> ImportAgainstCopy:
    """The measurement; it makes the file in the folder and a database of its own, which it drops.

    Raises KeyError without HUIYIN_TEST_POSTGRES_URL, and RuntimeError if the import failed.
    """
    units, cases = folder / "units.csv", folder / f"cases_{rows}.csv"
    write_units(units)
    write_cases(cases, rows)
    with postgres_database(f"copy_{rows}") as address:
        run("import", str(units), address=address)
        with _prepared(address) as connection:
            indexed = _copy(connection, "copied_indexed", cases)
            bare = _copy(connection, "copied_bare", cases)
        command, megabytes = run("import", str(cases), address=address)
        with psycopg.connect(address.replace("+psycopg", "")) as connection:
            lasted = connection.execute(NEWEST_BATCH).fetchone()
    if lasted is None or lasted[0] != rows:
        raise RuntimeError(f"the import wrote {lasted} rows in place of {rows}")
    return ImportAgainstCopy(rows, lasted[1], command, megabytes, indexed, bare)


@contextmanager
def _prepared(address: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as connection:
        for statement in (TIME_ZONE, BARE_TABLE, INDEXED_TABLE):
            connection.execute(statement.encode())
        for table in ("copied_bare", "copied_indexed"):
            connection.execute(DEFAULTS.format(table=table).encode())
        yield connection


def _copy(connection: psycopg.Connection, table: str, path: Path) -> float:
    """Seconds that COPY took, from the first byte to its commit."""
    begun = time.perf_counter()
    statement = COPY.format(table=table, columns=", ".join(COLUMNS)).encode()
    with connection.cursor() as cursor, path.open("rb") as file, cursor.copy(statement) as copy:
        while block := file.read(BLOCK):
            copy.write(block)
    return time.perf_counter() - begun
