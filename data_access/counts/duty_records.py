"""The records of duties done, each tied to the occasion it fulfils or standing for itself."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pandas as pd
from sqlalchemy import and_, or_, select
from sqlalchemy.engine import Connection

from data_access.counts.duty_plan import DutyPlan
from data_access.counts.records import ReadFrame, as_stored, instants, last_days, ordinals, read_frame
from data_access.counts.units_on import reach
from data_access.dialect import instant
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from data_access.tables import duties
from metrics.obligations import FIRST_DAYS, Obligation

_COLUMNS = (duties.c.unit_id, duties.c.kind, duties.c.period_start, duties.c.planned, duties.c.done)
LONGEST_PERIOD = timedelta(days=366)


@dataclass(frozen=True)
class KindPeriods:
    """Periods of some kinds of duty: those that begin from ``first`` to before ``end``."""

    kinds: tuple[str, ...]
    first: date
    end: date


@dataclass(frozen=True)
class DutyRange:
    """Which records to read: those of some periods, and those with a due time of their own."""

    periods: tuple[KindPeriods, ...]
    due_after: datetime
    due_by: datetime


def read_duty_records(
    connection: Connection,
    hierarchy: Hierarchy,
    question: Question,
    wanted: DutyRange,
    read: ReadFrame = read_frame,
) -> pd.DataFrame:
    """The records, with ``planned`` and ``done`` at least 1 and 0, and what was done after the as-of time undone.

    Beside the table's columns: ``due_day`` and ``done_day``, ordinals of local days (0 where there is none); a
    midnight belongs to the day that it ends.
    """
    of_periods = (
        and_(duties.c.kind.in_(each.kinds), duties.c.period_start >= each.first, duties.c.period_start < each.end)
        for each in wanted.periods
    )
    own_due = and_(duties.c.due_at > instant(wanted.due_after), duties.c.due_at <= instant(wanted.due_by))
    statement = select(
        *_COLUMNS, as_stored(duties.c.due_at).label("due_at"), as_stored(duties.c.done_at).label("done_at")
    )
    statement = statement.where(or_(own_due, *of_periods), reach(duties.c.unit_id, hierarchy, question))
    if question.filters.duty_kinds is not None:
        statement = statement.where(duties.c.kind.in_(question.filters.duty_kinds))
    rows = read(connection, statement)
    due_at, done_at = instants(rows["due_at"]), instants(rows["done_at"])
    done = rows["done"].astype("int64").clip(lower=0)
    return rows.assign(
        due_at=due_at,
        done_at=done_at,
        planned=rows["planned"].astype("int64").clip(lower=1),
        done=done.where(~(done_at > pd.Timestamp(question.as_of)), 0),
        due_day=last_days(due_at, question.rules.time_zone),
        done_day=last_days(done_at, question.rules.time_zone),
    )


def of_plan(records: pd.DataFrame, planned: DutyPlan, obligations: tuple[Obligation, ...]) -> pd.DataFrame:
    """The records that fulfil a planned duty, with its ``owner`` and ``start``; the index stays the record's.

    A record belongs to the planned period of its kind and unit that holds its ``period_start``; to several where
    the unit owes the kind in several frequencies.
    """
    keys = planned.occasions[["owner", "kind", "start"]].drop_duplicates()
    owned = records.reset_index(names="record").merge(planned.units, on="unit_id")
    candidates = [owned.iloc[:0].assign(start=0)]
    for frequency in {each.frequency for each in obligations}:
        kinds = {each.kind for each in obligations if each.frequency == frequency}
        of_kind = owned[owned["kind"].isin(kinds)]
        first_days = {day: FIRST_DAYS[frequency](day) for day in of_kind["period_start"].unique()}
        candidates.append(of_kind.assign(start=ordinals(of_kind["period_start"].map(first_days), 0)))
    found = pd.concat(candidates).merge(keys, on=["owner", "kind", "start"])
    return found.drop_duplicates(["record", "start"]).set_index("record")
