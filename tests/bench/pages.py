"""How long each page's script runs on the full-size sample company: first with empty caches, then again."""

import os
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.components.navigation import ENTRIES, Entry
from tests.bench.imports import ROOT, run

AGAIN = 7


@dataclass(frozen=True)
class Timed:
    """Milliseconds that a page's script ran: with empty caches, and the median of the next runs."""

    page: str
    first: float
    again: float


def measure_pages(folder: Path) -> Iterator[Timed]:
    """Each page, on a sample company made for it."""
    address = f"sqlite:///{folder / 'pages.db'}"
    run("sample", "--company", "changping", address=address)
    os.environ["HUIYIN_DATABASE_URL"] = address
    for entry in ENTRIES:
        st.cache_data.clear()
        yield _timed(entry)


def _timed(entry: Entry) -> Timed:
    page = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=120)
    page.switch_page(entry.path)
    first = _milliseconds(page)
    return Timed(entry.name, first, statistics.median(_milliseconds(page) for _ in range(AGAIN)))


def _milliseconds(page: AppTest) -> float:
    begun = time.perf_counter()
    page.run()
    if page.exception:
        raise RuntimeError(page.exception[0].value)
    return (time.perf_counter() - begun) * 1000
