"""How long an import takes, and how much memory at its peak, on each database."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from tests.bench.files import write_cases, write_units

ROOT = Path(__file__).parents[2]
COUNTS = (100_000, 1_000_000)
SECONDS_BETWEEN_LOOKS = 0.05


@dataclass(frozen=True)
class Measured:
    """An import of ``rows`` rows: seconds, and megabytes at its peak."""

    database: str
    rows: int
    seconds: float
    megabytes: float


def measure_imports(folder: Path) -> Iterator[Measured]:
    """Each count on each database that can be reached, into a fresh database."""
    write_units(folder / "units.csv")
    for count in COUNTS:
        write_cases(folder / f"cases_{count}.csv", count)
        for database, url in databases(folder, count):
            with url as address:
                run("import", str(folder / "units.csv"), address=address)
                seconds, megabytes = run("import", str(folder / f"cases_{count}.csv"), address=address)
            yield Measured(database, count, seconds, megabytes)


def databases(folder: Path, count: int) -> Iterator[tuple[str, AbstractContextManager[str]]]:
    """Each kind of database that can be reached, with a fresh one of it by its address."""
    yield "SQLite", _sqlite(folder / f"bench_{count}.db")
    if "HUIYIN_TEST_POSTGRES_URL" in os.environ:
        yield "PostgreSQL", postgres_database(str(count))


@contextmanager
def _sqlite(path: Path) -> Iterator[str]:
    yield f"sqlite:///{path}"
    path.unlink()


@contextmanager
def postgres_database(suffix: str) -> Iterator[str]:
    """The address of a fresh database on the server of HUIYIN_TEST_POSTGRES_URL, dropped at the end."""
    server, name = os.environ["HUIYIN_TEST_POSTGRES_URL"], f"huiyin_bench_{os.getpid()}_{suffix}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}"'))
        engine.dispose()


def run(*arguments: str, address: str) -> tuple[float, float]:
    """Seconds that a command took, and megabytes that its own process held at its peak; RuntimeError if it failed."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "dashboard.cli", *arguments]
    environment = os.environ | {"HUIYIN_DATABASE_URL": address}
    child = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    peak = 0.0
    while child.poll() is None:
        peak = max(peak, _peak_until_now(child.pid))
        time.sleep(SECONDS_BETWEEN_LOOKS)
    if child.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed")
    return time.perf_counter() - begun, peak


def _peak_until_now(process: int) -> float:
    """Megabytes; the usage that a process leaves behind would count what the one that started it held."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0
