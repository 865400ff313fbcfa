"""What it costs to keep the rollups ready, and whether they are right after changes of every kind."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from tests.bench.databases import connected, server
from tests.bench.imports import ROOT, run

RUNS = 3

GROUP_BY = """SELECT responsible_unit_id, date_trunc('month', received_at AT TIME ZONE 'Asia/Shanghai') AS month, grade,
    count(*) AS received,
    count(repeat_of) AS repeats,
    count(*) FILTER (WHERE recorded_at <= received_at + INTERVAL '24 hours') AS registered_on_time,
    count(*) FILTER (WHERE exclusion IS NOT NULL) AS excluded,
    count(responded_at) AS responded,
    count(*) FILTER (WHERE responded_at <= received_at + INTERVAL '24 hours') AS responded_in_a_day,
    count(resolved_at) AS resolved,
    count(*) FILTER (WHERE outcome = 'solved') AS solved,
    count(reopened_at) AS reopened,
    sum(rating) AS ratings
FROM cases GROUP BY 1, 2, 3"""
"""The baseline of a full refresh; timed as EXPLAIN (ANALYZE, TIMING OFF), so that no row has to be sent."""

REMEMBER = """CREATE UNLOGGED TABLE bench_before AS SELECT case_no, responded_at FROM cases
WHERE received_at >= (SELECT max(received_at) FROM cases) - INTERVAL '3 months' AND abs(hashtext(case_no)) % 100 = 0"""
CHANGE = """UPDATE cases SET responded_at = cases.received_at + INTERVAL '5 hours', updated_at = now()
FROM bench_before WHERE bench_before.case_no = cases.case_no"""
PUT_BACK = """UPDATE cases SET responded_at = bench_before.responded_at, updated_at = now()
FROM bench_before WHERE bench_before.case_no = cases.case_no"""
FORGET = "DROP TABLE bench_before"
"""One per cent of the cases of the last three months, changed and put back; each time a refresh follows."""

AT_RANDOM = "case_no IN (SELECT case_no FROM cases WHERE {condition} ORDER BY random() LIMIT {rows})"
CHANGES = {
    "400 updates": "UPDATE cases SET responded_at = received_at + random() * INTERVAL '4 days', outcome = 'explained', "
    "updated_at = now() WHERE " + AT_RANDOM.format(condition="true", rows=400),
    "200 late inserts": "INSERT INTO cases SELECT (jsonb_populate_record(cases, jsonb_build_object("
    "'case_no', 'late ' || case_no, 'recorded_at', now(), 'updated_at', now()))).* FROM cases WHERE "
    + AT_RANDOM.format(condition="true", rows=200),
    "200 deletes": "DELETE FROM cases WHERE " + AT_RANDOM.format(condition="true", rows=200),
    "100 moved receipt dates": "UPDATE cases SET received_at = received_at - INTERVAL '40 days', updated_at = now() "
    "WHERE " + AT_RANDOM.format(condition="true", rows=100),
    "100 reopenings": "UPDATE cases SET first_resolved_at = coalesce(first_resolved_at, resolved_at), "
    "reopened_at = resolved_at + INTERVAL '2 days', resolved_at = NULL, updated_at = now() WHERE "
    + AT_RANDOM.format(condition="resolved_at IS NOT NULL", rows=100),
}
"""1,000 changes of every kind, made on a copy of the database."""


@dataclass(frozen=True)
class RefreshMeasured:
    """Seconds of whole commands, start of the program included; megabytes at the full one's peak.

    ``group_by`` is the best of several runs of the statement; ``changed`` is how many cases the incremental
    refreshes had to find.
    """

    full: float
    megabytes: float
    group_by: float
    incremental: float
    changed: int


@dataclass(frozen=True)
class CheckMeasured:
    """Seconds of the refresh after the changes and of the check after it, and what the check said."""

    refresh: float
    check: float
    said: str


def measure_refresh(address: str) -> RefreshMeasured:
    """The measurement on a PostgreSQL database, which holds the same cases afterwards."""
    with connected(address) as connection:
        group_by = min(_seconds(connection, f"EXPLAIN (ANALYZE, TIMING OFF) {GROUP_BY}") for _ in range(RUNS))
        full, megabytes = run("refresh", "--full", address=address)
        connection.execute("DROP TABLE IF EXISTS bench_before")
        changed = connection.execute(REMEMBER).rowcount
        incremental = []
        for statement in (CHANGE, PUT_BACK):
            connection.execute(statement)
            incremental.append(run("refresh", address=address)[0])
        connection.execute(FORGET)
    return RefreshMeasured(full, megabytes, group_by, statistics.mean(incremental), changed)


def _seconds(connection: psycopg.Connection, statement: str) -> float:
    begun = time.perf_counter()
    connection.execute(statement.encode())
    return time.perf_counter() - begun


def measure_check(address: str) -> CheckMeasured:
    """The changes on a copy of a PostgreSQL database, a refresh, and ``huiyin refresh --check``."""
    with _copied(address) as copy:
        with connected(copy) as connection:
            connection.execute("SELECT setseed(0.5)")
            for statement in CHANGES.values():
                connection.execute(statement.encode())
        refresh, _ = run("refresh", address=copy)
        begun = time.perf_counter()
        said = _check(copy)
        return CheckMeasured(refresh, time.perf_counter() - begun, said)


@contextmanager
def _copied(address: str) -> Iterator[str]:
    """A copy of a database, gone at the end; nobody else may be connected to the database."""
    url = make_url(address)
    copy = url.set(database=f"{url.database}_changed_{os.getpid()}")
    names = sql.Identifier(copy.database or ""), sql.Identifier(url.database or "")
    with connected(server()) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        try:
            yield copy.render_as_string(hide_password=False)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(names[0]))


def _check(address: str) -> str:
    command = [sys.executable, "-m", "dashboard.cli", "refresh", "--check"]
    environment = os.environ | {"HUIYIN_DATABASE_URL": address}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return f"{done.stdout}{done.stderr}".strip()
