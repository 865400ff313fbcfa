"""What was measured as docs/benchmarks.md: one section for each part, kept until the part is measured again."""

import os
import platform
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.bench.databases import KEPT, server_settings
from tests.bench.imports import ROOT

DOCUMENT = ROOT / "docs" / "benchmarks.md"
SECTIONS = KEPT / "sections"
LIBRARIES = ("streamlit", "pandas", "numpy", "sqlalchemy", "psycopg", "duckdb")

INTRODUCTION = """# Benchmarks

Written by `make bench`; no test asserts speed. Everything runs on one machine: the database, the server of the
pages, their viewers and the browser share its cores.
"""


def table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown: the first column is words, the others are numbers."""
    lines = [headers, ["---", *("--:" for _ in headers[1:])], *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines) + "\n"


def block(statement: str) -> str:
    """A statement as it stands."""
    return f"```sql\n{statement}\n```\n"


def section(title: str, *texts: str) -> str:
    """A section with its day and paragraphs."""
    return "\n".join((f"## {title}\n", f"Measured on {datetime.now(UTC):%Y-%m-%d %H:%M} UTC.\n", *texts))


def not_measured(name: str, error: Exception) -> str:
    """A section that says why there is nothing in it."""
    return section(name.capitalize(), f"**Not measured**: {type(error).__name__}: {str(error).strip()}\n")


def keep(name: str, text: str, folder: Path = SECTIONS) -> None:
    """Nothing; the section stands there in place of the one that was kept under its name."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.md").write_text(text, encoding="utf-8")


def document(head: str, names: Iterable[str], folder: Path = SECTIONS) -> str:
    """The head, and the sections that are kept, in the order of the names."""
    paths = [folder / f"{name}.md" for name in names]
    return "\n".join((head, *(path.read_text(encoding="utf-8") for path in paths if path.exists())))


def write(names: Iterable[str]) -> None:
    """Nothing; docs/benchmarks.md holds all that is kept."""
    DOCUMENT.write_text(document(_head(), names), encoding="utf-8")


def _head() -> str:
    machine = f"{_processor()}, {os.cpu_count()} cores, {_memory()} GB, {platform.system()} {platform.release()}"
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    rows = [("machine", machine), ("Python", f"{platform.python_version()}: {libraries}")]
    settings = ", ".join(f"{name} = {value}" for name, value in server_settings().items())
    return f"{INTRODUCTION}\n{table(('where', ''), [*rows, ('PostgreSQL', settings)])}"


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    return next((line.split(": ", 1)[1] for line in lines if line.startswith("model name")), platform.machine())


def _memory() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3)
