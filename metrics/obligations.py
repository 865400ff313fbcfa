"""Obligations: what units owe, how often and by when."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from metrics import vocabulary as vocabulary_module
from metrics.counts import DEPARTMENT, UNIT_KINDS
from metrics.period import add_months
from metrics.problem import Problem, raise_if_any
from metrics.toml_table import TomlTable, read_toml
from metrics.vocabulary import Vocabulary
from metrics.working_time import Schedule

BUILT_IN = Path(__file__).parent / "obligations.toml"
OWED_COLUMNS = ("unit_id", "kind", "period_start", "due_day", "planned")
DAYS_IN_WEEK = 7
LONGEST_REST = 15
"""More days in a row than any schedule leaves free."""

Step = Callable[[date], date]

FIRST_DAYS: dict[str, Step] = {
    "daily": lambda day: day,
    "working_day": lambda day: day,
    "weekly": lambda day: day - timedelta(days=day.weekday()),
    "monthly": lambda day: day.replace(day=1),
    "quarterly": lambda day: date(day.year, (day.month - 1) // 3 * 3 + 1, 1),
    "yearly": lambda day: date(day.year, 1, 1),
}
"""The first day of the period that holds a day, by frequency."""

NEXT_STARTS: dict[str, Step] = {
    "daily": lambda start: start + timedelta(days=1),
    "working_day": lambda start: start + timedelta(days=1),
    "weekly": lambda start: start + timedelta(days=DAYS_IN_WEEK),
    "monthly": lambda start: add_months(start, 1),
    "quarterly": lambda start: add_months(start, 3),
    "yearly": lambda start: add_months(start, 12),
}
"""The first day of the next period, by frequency."""


@dataclass(frozen=True)
class Obligation:
    """A planned duty of every unit of a kind.

    ``frequency`` is daily, working_day, weekly, monthly, quarterly or yearly. ``due_working_day`` counts
    working days after the period's last day; ``due_day`` counts calendar days after its first day
    (0 = the first day itself), or after ``weekday`` (1 = Monday), which places a weekly duty. Exactly one is
    set. ``planned`` is how many are owed per period. ``effective_from`` is the first day it is owed from, until
    another obligation of the same kind, unit kind and function takes its place.
    """

    kind: str
    unit_kind: str
    frequency: str
    planned: int
    effective_from: date
    due_working_day: int | None = None
    due_day: int | None = None
    weekday: int | None = None
    function: str | None = None


def load(path: Path | None, vocabulary: Vocabulary | None = None) -> tuple[Obligation, ...]:
    """The obligations of a company's own file, or the built-in ones, in the file's order.

    ``vocabulary`` holds the kinds of duties; the built-in one where left out. Raises DefinitionError with
    every problem of the file.
    """
    problems: list[Problem] = []
    kinds = (vocabulary or vocabulary_module.load(None)).codes("duty_kinds")
    table = read_toml(path or BUILT_IN, problems)
    obligations = [_obligation(each, kinds) for each in table.tables("obligations")] if table else []
    if table:
        table.finish()
        _check_different(table, obligations)
    raise_if_any(problems)
    return tuple(obligations)


def plan(
    obligations: Sequence[Obligation], units: pd.DataFrame, first_day: date, last_day: date, schedule: Schedule
) -> pd.DataFrame:
    """What units owe by a day from ``first_day`` to ``last_day`` (both included).

    ``units`` has one row per unit with the columns of org_units: ``id``, ``kind``, ``function``,
    ``founded_on``, ``closed_on`` (dates, or missing). A unit owes what begins when it is there and falls due
    before it is gone. A weekly duty whose weekday isn't worked isn't owed that week.

    One row is what one unit owes of one kind for one period: ``unit_id``, ``kind``, ``period_start`` (date),
    ``due_day`` (date: due at its end, 24:00 local time), ``planned`` (how many).
    """
    every = _Owners(
        unit_ids=units["id"].to_numpy(dtype=object),
        kinds=units["kind"].to_numpy(dtype=object),
        functions=units["function"].to_numpy(dtype=object),
        there_from=_days(units["founded_on"], date.min),
        gone_from=_days(units["closed_on"], date.max),
    )
    rows = [
        (unit_id, obligation.kind, start, due, obligation.planned)
        for obligation, end in _in_force(obligations)
        for owners in [every.bound_by(obligation)]
        for start, due in _occasions(obligation, first_day, last_day, schedule)
        if obligation.effective_from <= start < end
        for unit_id in owners.there(start, due)
    ]
    return pd.DataFrame.from_records(rows, columns=OWED_COLUMNS).astype({"planned": "int64"})


@dataclass(frozen=True, eq=False)
class _Owners:
    """Units with the first days on which each is there and gone."""

    unit_ids: np.ndarray
    kinds: np.ndarray
    functions: np.ndarray
    there_from: np.ndarray
    gone_from: np.ndarray

    def bound_by(self, obligation: Obligation) -> "_Owners":
        """Those that the obligation binds."""
        bound = self.kinds == obligation.unit_kind
        if obligation.function is not None:
            bound &= self.functions == obligation.function
        columns = (self.unit_ids, self.kinds, self.functions, self.there_from, self.gone_from)
        return _Owners(*(column[bound] for column in columns))

    def there(self, start: date, due: date) -> list[str]:
        """The units that are there from the start to the due day."""
        there = (self.there_from <= np.datetime64(start)) & (self.gone_from > np.datetime64(due))
        return list(self.unit_ids[there])


def _days(column: pd.Series, missing: date) -> np.ndarray:
    return np.array([missing if pd.isna(day) else day for day in column], dtype="datetime64[D]")


def _in_force(obligations: Sequence[Obligation]) -> Iterator[tuple[Obligation, date]]:
    """Each obligation with the day from which another has taken its place."""
    for obligation in obligations:
        later = [each.effective_from for each in obligations if _key(each) == _key(obligation)]
        yield obligation, min((day for day in later if day > obligation.effective_from), default=date.max)


def _key(obligation: Obligation) -> tuple[str, str, str | None]:
    return obligation.kind, obligation.unit_kind, obligation.function


def _occasions(
    obligation: Obligation, first_day: date, last_day: date, schedule: Schedule
) -> Iterator[tuple[date, date]]:
    """The periods that fall due in the range: first day of the period, due day."""
    margin = (obligation.due_day or 0) + 2 * (obligation.due_working_day or 0) + LONGEST_REST
    first = FIRST_DAYS[obligation.frequency](first_day - timedelta(days=margin))
    start = FIRST_DAYS[obligation.frequency](first - timedelta(days=1))
    while start <= last_day:
        due = _due_day(obligation, start, schedule)
        if due is not None and first_day <= due <= last_day:
            yield start, due
        start = NEXT_STARTS[obligation.frequency](start)


def _due_day(obligation: Obligation, start: date, schedule: Schedule) -> date | None:
    """The day by whose end the period's duty must be done; None where the period has none."""
    placed = start + timedelta(days=(obligation.weekday or 1) - 1)
    tied_to_work = obligation.frequency == "working_day" or obligation.weekday is not None
    if tied_to_work and not schedule.is_working(placed):
        return None
    if obligation.due_working_day is None:
        return placed + timedelta(days=obligation.due_day or 0)
    last = NEXT_STARTS[obligation.frequency](start) - timedelta(days=1)
    return schedule.add_working_days(last, obligation.due_working_day)


def _obligation(table: TomlTable, kinds: Sequence[str]) -> Obligation:
    due = [key for key in ("due_working_day", "due_day") if key in table]
    if len(due) != 1:
        table.problem("due_day", "exactly one of due_day and due_working_day must be given")
    obligation = Obligation(
        kind=table.choice("kind", kinds),
        unit_kind=table.choice("unit_kind", UNIT_KINDS),
        frequency=table.choice("frequency", list(FIRST_DAYS)),
        planned=table.whole("planned", 1, minimum=1),
        effective_from=table.day("effective_from"),
        due_working_day=table.whole("due_working_day", minimum=1) if "due_working_day" in table else None,
        due_day=table.whole("due_day") if "due_day" in table else None,
        weekday=table.whole("weekday", minimum=1) if "weekday" in table else None,
        function=table.choice("function", ("party", "administrative")) if "function" in table else None,
    )
    table.finish()
    _check_fit(table, obligation)
    return obligation


def _check_fit(table: TomlTable, obligation: Obligation) -> None:
    if obligation.function is not None and obligation.unit_kind != DEPARTMENT:
        table.problem("function", "only departments have a function")
    if obligation.weekday is not None and obligation.frequency != "weekly":
        table.problem("weekday", "places weekly duties only")
    if obligation.weekday is not None and obligation.weekday > DAYS_IN_WEEK:
        table.problem("weekday", "must be 1 (Monday) to 7 (Sunday)")


def _check_different(table: TomlTable, obligations: Iterable[Obligation]) -> None:
    seen = set()
    for obligation in obligations:
        key = (*_key(obligation), obligation.effective_from)
        if key in seen:
            table.problem("obligations", f"{obligation.kind} of {obligation.unit_kind} is there twice from one day")
        seen.add(key)
