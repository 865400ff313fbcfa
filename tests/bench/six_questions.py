"""The same six questions three ways: our page data, plain SQL on the source tables, DuckDB on the raw rows."""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import psycopg

from dashboard import breakdown, figures
from dashboard.company import Company, read_company
from data_access.engine import Connection, connect, reader
from data_access.freshness import read_freshness
from data_access.hierarchy import Hierarchy, read_hierarchy
from data_access.question import Question
from data_access.scope import local_scope
from data_access.settings import Settings
from metrics.counts import BRANCH, COMPANY, Fact
from metrics.period import Period, quarter_period, settlement
from metrics.result import Group, Result
from metrics.survival import quantile
from tests.bench import plain_sql
from tests.bench.plain_sql import Span
from tests.bench.raw_rows import raw_rows

RUNS, SLOW_RUNS = 5, 3
SLOW_SECONDS = 20.0
MONTHS = 60
ON_TIME = ("response_on_time_rate", "resolution_on_time_rate")
HEADLINES = (*ON_TIME, "solved_rate", "feedback_rate", "satisfaction_rate")

Answer = frozenset[tuple[object, ...]]
"""Rows of names and numbers, in no order."""


@dataclass(frozen=True)
class QuestionMeasured:
    """Milliseconds of the median run of each way; all three gave the same answer."""

    name: str
    statement: str
    ours: float
    plain: float
    duck: float


@dataclass(frozen=True)
class SixQuestionsMeasured:
    """The questions, and what the other ways' readiness cost: seconds to fill DuckDB's file, None if it was there."""

    questions: tuple[QuestionMeasured, ...]
    period: str
    as_of: datetime
    duck_seconds: float | None
    duck_megabytes: float


@dataclass(frozen=True)
class Asking:
    """Everything that our functions need for the questions about a quarter."""

    connection: Connection
    hierarchy: Hierarchy
    company: Company
    quarter: Period
    as_of: datetime

    def question(self, *parts: Period) -> Question:
        """What pages ask about the whole company."""
        return Question(parts or (self.quarter,), self.as_of, local_scope("bench"), self.company.rules)

    def results(self, question: Question, indicators: tuple[str, ...], kind: str) -> list[Result]:
        """What pages show of the indicators for all units of a kind."""
        units = [unit for unit in self.hierarchy.units.values() if unit.kind == kind]
        groups = tuple(Group(unit.id, unit.name, unit.kind) for unit in units)
        wanted = [self.company.indicator(name) for name in indicators]
        return figures.answer(self.connection, self.hierarchy, question, wanted, groups)

    @property
    def months(self) -> tuple[Period, ...]:
        """The months of the trend."""
        return self.quarter.trailing_months(MONTHS)

    def span(self, first: Period) -> Span:
        """The instants from a period's first to the quarter's last."""
        zone = self.company.rules.time_zone
        return Span(first.begins_at(zone), self.quarter.ends_at(zone), self.as_of)


def headline_shares(asking: Asking) -> Answer:
    """The headline shares of the company in the quarter."""
    results = asking.results(asking.question(), HEADLINES, COMPANY)
    return frozenset((each.indicator, _number(each.numerator), _number(each.denominator)) for each in results)


def trend(asking: Asking) -> Answer:
    """The on-time shares of the company in each of 60 months; months in which nothing was due are left out."""
    results = asking.results(asking.question(*asking.months), ON_TIME, COMPANY)
    return frozenset(
        (each.indicator, each.period.start, _number(each.numerator), _number(each.denominator))
        for each in results
        if each.denominator
    )


def by_unit(asking: Asking) -> Answer:
    """The on-time shares of each branch in the quarter."""
    results = asking.results(asking.question(), ON_TIME, BRANCH)
    return frozenset(
        (each.indicator, each.group.unit_id, _number(each.numerator), _number(each.denominator))
        for each in results
        if each.denominator
    )


def by_category(asking: Asking) -> Answer:
    """Cases received in the quarter by category, with what came of them."""
    return _received_by(asking, "category")


def by_channel(asking: Asking) -> Answer:
    """Cases received in the quarter by channel, with what came of them."""
    return _received_by(asking, "channel")


def _received_by(asking: Asking, dimension: str) -> Answer:
    slices = breakdown.by_dimension(
        asking.connection, asking.hierarchy, asking.question(), Fact.CASES_RECEIVED, dimension
    )
    return frozenset((each.code, *(_number(count) for _, count in each.counts)) for each in slices)


def median_by_grade(asking: Asking) -> Answer:
    """Kaplan-Meier's median of the working days to closure for each grade, with all and the finished cases."""
    curves = breakdown.curves(
        asking.connection, asking.hierarchy, asking.question(), Fact.RESOLUTION_WORKING_DAYS, "grade"
    )
    return frozenset(
        (each.code, _number(quantile(each.curve, 0.5)), _number(each.cases), _number(each.finished)) for each in curves
    )


QUESTIONS: Mapping[str, tuple[Callable[[Asking], Answer], str]] = {
    "headline shares of a quarter": (headline_shares, plain_sql.HEADLINE_SHARES),
    "60-month trend of the on-time shares": (trend, plain_sql.TREND),
    "on-time shares by unit (60 branches)": (by_unit, plain_sql.BY_UNIT),
    "cases received by category": (by_category, plain_sql.BY_CATEGORY),
    "cases received by channel": (by_channel, plain_sql.BY_CHANNEL),
    "median working days by grade (Kaplan-Meier)": (median_by_grade, plain_sql.MEDIAN_BY_GRADE),
}
"""Each question: our function, and the SQL that answers it in both databases."""


def measure_six_questions(address: str, folder: Path) -> SixQuestionsMeasured:
    """The measurement on a PostgreSQL database; DuckDB's file is kept in the folder.

    Raises AssertionError where two ways give different answers.
    """
    raw = raw_rows(address, folder / f"{address.rsplit('/', 1)[-1]}.duckdb")
    server = psycopg.connect(address.replace("+psycopg", ""), autocommit=True)
    with asking(address) as asked, server, duckdb.connect(raw.path, read_only=True) as duck:
        duck.execute("SET enable_progress_bar = false")
        measured = tuple(_measure(name, asked, server, duck) for name in QUESTIONS)
        return SixQuestionsMeasured(
            measured, asked.quarter.name, asked.as_of, raw.seconds, raw.path.stat().st_size / 1024**2
        )


@contextmanager
def asking(address: str) -> Iterator[Asking]:
    """What our functions need, on a connection that is already open, about the last settled quarter."""
    company = read_company(Settings(database_url=address, user="bench", statement_timeout_seconds=600.0))
    with reader(company.settings) as engine, connect(engine) as connection:
        zone, days = company.rules.time_zone, company.settings.settlement_days
        newest = read_freshness(connection).received_until
        assert newest is not None
        quarter = quarter_period(newest.astimezone(zone).date()).previous()
        yield Asking(connection, read_hierarchy(connection), company, quarter, settlement(quarter, days, zone))


def _statement(name: str, asked: Asking) -> str:
    ask, template = QUESTIONS[name]
    return template.format(**asked.span(asked.months[0] if ask is trend else asked.quarter).literals)


def _measure(name: str, asked: Asking, server: psycopg.Connection, duck: duckdb.DuckDBPyConnection) -> QuestionMeasured:
    ask, statement = QUESTIONS[name][0], _statement(name, asked)
    ours, answer = timed(lambda: ask(asked))
    plain, plain_answer = timed(lambda: _rows(server.execute(statement.encode()).fetchall()))
    duck_time, duck_answer = timed(lambda: _rows(duck.execute(statement).fetchall()))
    assert answer == plain_answer, f"{name}: PostgreSQL says {sorted_difference(answer, plain_answer)}"
    assert answer == duck_answer, f"{name}: DuckDB says {sorted_difference(answer, duck_answer)}"
    return QuestionMeasured(name, statement, ours, plain, duck_time)


def timed(ask: Callable[[], Answer]) -> tuple[float, Answer]:
    """Milliseconds of the median of several runs after a first one that isn't counted, and the answer."""
    begun = time.perf_counter()
    answer = ask()
    runs = SLOW_RUNS if time.perf_counter() - begun > SLOW_SECONDS else RUNS
    return statistics.median(_milliseconds(ask) for _ in range(runs)), answer


def _milliseconds(ask: Callable[[], Answer]) -> float:
    begun = time.perf_counter()
    ask()
    return (time.perf_counter() - begun) * 1000


def sorted_difference(one: Answer, other: Answer) -> str:
    """The first rows in which two answers differ."""
    return f"{sorted(one - other, key=repr)[:3]} and {sorted(other - one, key=repr)[:3]}"


def _rows(rows: list[tuple[object, ...]]) -> Answer:
    return frozenset(tuple(_number(value) for value in row) for row in rows)


def _number(value: object) -> object:
    """Numbers of any type as whole thousandths, so that they can be compared; anything else as it is."""
    return value if value is None or not hasattr(value, "__round__") else round(float(value) * 1000)  # type: ignore[arg-type]
