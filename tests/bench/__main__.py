"""``make bench``: measures, prints, and writes docs/benchmarks.md."""

import os
import platform
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.imports import ROOT, Measured, measure_imports
from tests.bench.pages import Timed, measure_pages

REPORT = ROOT / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Written by `make bench`; no test asserts speed. {day}, Python {python}, {cores} cores, {system}, Streamlit {streamlit}.
"""


def main() -> None:
    """Nothing; the measurements are printed as they come and written at the end."""
    with TemporaryDirectory() as folder:
        imports = list(_told(measure_imports(Path(folder))))
        pages = list(_told(measure_pages(Path(folder))))
    REPORT.write_text("\n".join((_head(), imports_text(imports), pages_text(pages))), encoding="utf-8")


def _told(measurements: Iterable[Measured | Timed]) -> Iterable[Measured | Timed]:
    for measurement in measurements:
        sys.stdout.write(f"{measurement}\n")
        sys.stdout.flush()
        yield measurement


def _head() -> str:
    return HEAD.format(
        day=f"{datetime.now(UTC):%Y-%m-%d}",
        python=platform.python_version(),
        cores=os.cpu_count(),
        system=platform.system(),
        streamlit=version("streamlit"),
    )


def imports_text(measured: Iterable[Measured]) -> str:
    """The imports as a table."""
    rows = [f"| {one.database} | {one.rows:,} | {one.seconds:,.0f} s | {one.megabytes:,.0f} MB |" for one in measured]
    title = "## Import of cases from a CSV file with `huiyin import`\n"
    return "\n".join((title, "| database | rows | time | peak memory |", "|---|--:|--:|--:|", *rows, ""))


def pages_text(timed: Iterable[Timed]) -> str:
    """The pages as a table."""
    rows = [f"| {one.page} | {one.first:,.0f} ms | {one.again:,.0f} ms |" for one in timed]
    title = "## A page's script on the full-size sample company (8,000 employees, 60 branches), SQLite\n"
    return "\n".join((title, "| page | empty caches | again (median) |", "|---|--:|--:|", *rows, ""))


if __name__ == "__main__":
    main()
