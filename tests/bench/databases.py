"""The databases that are measured: sample groups of mines, made once and kept."""

import os
from dataclasses import dataclass

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from dashboard.preparation import is_empty
from data_access.settings import Settings
from tests.bench.imports import ROOT, run

KEPT = ROOT / "build" / "bench"
"""Where everything lies that is made for measuring; git ignores it."""

SETTINGS = ("shared_buffers", "work_mem", "effective_cache_size", "max_parallel_workers_per_gather", "jit", "fsync")


@dataclass(frozen=True)
class Databases:
    """Addresses: ten million and one million cases on PostgreSQL, one million on SQLite."""

    ten_million: str
    million: str
    million_sqlite: str


def make_databases() -> Databases:
    """The databases, made where they aren't there, and their rollups up to date.

    Raises KeyError without HUIYIN_TEST_POSTGRES_URL, RuntimeError where a command fails.
    """
    return Databases(
        _ready(_on_server("huiyin10m"), 10_000_000),
        _ready(_on_server("huiyin1m"), 1_000_000),
        _ready(_in_file("huiyin1m.db"), 1_000_000),
    )


def _on_server(name: str) -> str:
    """The address of the server's database of that name, made if there is none."""
    with psycopg.connect(_plain(server()), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return make_url(server()).set(database=name).render_as_string(hide_password=False)


def _in_file(name: str) -> str:
    KEPT.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{KEPT / name}"


def _ready(address: str, cases: int) -> str:
    """The address, when the database holds a company and its rollups are up to date."""
    run("migrate", address=address)
    if is_empty(Settings(database_url=address)):
        run("sample", "--company", "group", "--cases", str(cases), address=address)
        run("refresh", "--full", address=address)
    run("refresh", address=address)
    return address


def server() -> str:
    """The address of a database on the server."""
    return os.environ["HUIYIN_TEST_POSTGRES_URL"]


def connected(address: str) -> psycopg.Connection:
    """A connection on which every statement is a transaction of its own."""
    return psycopg.connect(_plain(address), autocommit=True)


def server_settings() -> dict[str, str]:
    """The server's version, and those of its settings that matter for speed."""
    with connected(server()) as connection:
        shown = {name: connection.execute(f"SHOW {name}".encode()).fetchone() for name in ("server_version", *SETTINGS)}
    return {name: str(row[0]) for name, row in shown.items() if row}


def _plain(address: str) -> str:
    return address.replace("+psycopg", "")
