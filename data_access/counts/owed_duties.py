"""Duties that fell due, planned and single, and how far each was fulfilled."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
from sqlalchemy.engine import Connection

from data_access.counts.duty_plan import DutyPlan, plan_duties, reaching, read_schedule
from data_access.counts.duty_records import LONGEST_PERIOD, DutyRange, KindPeriods, of_plan, read_duty_records
from data_access.counts.placing import midnight
from data_access.counts.records import ReadFrame, ordinals, read_frame
from data_access.counts.standing import as_of_date
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from metrics.obligations import NEXT_STARTS, Obligation

COMPLETED, ON_TIME = "duties_completed", "duties_on_time"


@dataclass(frozen=True, eq=False)
class OwedDuties:
    """Duties that fell due in a question's parts by its as-of time.

    ``plan`` holds the planned ones. One row of ``tied`` is a record of one of them: ``unit_id``, ``occasion``,
    ``done``, ``done_at``. One row of ``fulfilled`` is one that a unit has a record of: ``unit_id``, ``occasion``.
    One row of ``single`` is a duty outside the plan: ``unit_id``, ``kind``, ``period_start``, ``due_at``,
    ``due_day`` (ordinal). Both have ``planned``, ``done``, ``dated`` (how many of those done have a time of
    doing), ``duties_completed`` and ``duties_on_time`` (bool).
    """

    plan: DutyPlan
    tied: pd.DataFrame
    fulfilled: pd.DataFrame
    single: pd.DataFrame


def read_owed_duties(
    connection: Connection, hierarchy: Hierarchy, question: Question, read: ReadFrame = read_frame
) -> OwedDuties:
    """The duties due in the question's parts by its as-of time, for the units it reaches and more.

    A planned duty is done in full when the records of its period add up to what was planned (to more, where a
    record says so), and in time when those do that were done by the end of its due day. A record without a time
    of doing proves that it was done, not that it was in time.
    """
    first = min(part.start for part in question.parts)
    end = min(max(part.end for part in question.parts), as_of_date(question))
    kinds = question.filters.duty_kinds
    obligations = tuple(each for each in question.rules.obligations if kinds is None or each.kind in kinds)
    plan = _in_parts(_plan(connection, hierarchy, obligations, first, end), question)
    wanted = _wanted(_periods(plan, obligations), question, first)
    records = read_duty_records(connection, hierarchy, question, wanted, read)
    tied = _tied(of_plan(records, plan, obligations), plan)
    return OwedDuties(plan, tied, _fulfilled(tied), _single(connection, hierarchy, question, records))


def _plan(
    connection: Connection, hierarchy: Hierarchy, obligations: tuple[Obligation, ...], first: date, end: date
) -> DutyPlan:
    """What is owed by days from ``first`` to before ``end``."""
    margin = reaching(obligations)
    schedule = read_schedule(connection, first - margin, end + margin)
    return plan_duties(hierarchy, obligations, first, end - timedelta(days=1), schedule)


def _in_parts(plan: DutyPlan, question: Question) -> DutyPlan:
    """The plan without what falls due between the parts."""
    kept = in_parts(plan.occasions["due_day"], question)
    return DutyPlan(plan.occasions[kept].reset_index(drop=True), plan.units)


def in_parts(days: "pd.Series[int]", question: Question) -> "pd.Series[bool]":
    """Whether each day (an ordinal) lies in one of the parts."""
    kept = pd.Series(False, index=days.index)
    for part in question.parts:
        kept |= days.between(part.start.toordinal(), part.last_day.toordinal())
    return kept


def _wanted(periods: Iterable[KindPeriods], question: Question, first: date) -> DutyRange:
    zone = question.rules.time_zone
    after_parts = midnight(max(part.end for part in question.parts), zone)
    return DutyRange(tuple(periods), midnight(first, zone), min(after_parts, question.as_of))


def _periods(plan: DutyPlan, obligations: tuple[Obligation, ...]) -> Iterable[KindPeriods]:
    """The periods that the plan is about, by kind, so that of yearly duties a year is read, and of daily ones days."""
    kinds: dict[tuple[date, date], list[str]] = {}
    for kind, starts in plan.occasions.groupby("kind")["start"]:
        last = date.fromordinal(starts.max())
        end = max(NEXT_STARTS[each.frequency](last) for each in obligations if each.kind == kind)
        kinds.setdefault((date.fromordinal(starts.min()), end), []).append(str(kind))
    return (KindPeriods(tuple(names), *days) for days, names in kinds.items())


def _tied(records: pd.DataFrame, plan: DutyPlan) -> pd.DataFrame:
    """The records with the occasions that they fulfil, and what they say of them."""
    occasions = plan.occasions[["owner", "kind", "start", "due_day", "planned"]].reset_index(names="occasion")
    tied = records.drop(columns="due_day").merge(occasions, on=["owner", "kind", "start"], suffixes=("", "_by_plan"))
    dated = tied["done"].where(tied["done_day"] > 0, 0)
    return tied.assign(
        planned=tied[["planned", "planned_by_plan"]].max(axis=1),
        dated=dated,
        in_time=dated.where(tied["done_day"] <= tied["due_day"], 0),
    )


def _fulfilled(tied: pd.DataFrame) -> pd.DataFrame:
    """The records of each planned duty added up and judged."""
    of_duty = tied.groupby(["unit_id", "occasion"], sort=False)
    sums = of_duty[["done", "dated", "in_time"]].sum().assign(planned=of_duty["planned"].max()).reset_index()
    judged = {COMPLETED: sums["done"] >= sums["planned"], ON_TIME: sums["in_time"] >= sums["planned"]}
    return sums.drop(columns="in_time").assign(**judged)


def _single(connection: Connection, hierarchy: Hierarchy, question: Question, records: pd.DataFrame) -> pd.DataFrame:
    """The duties with a due time of their own in the parts that no planned period covers."""
    due = (records["due_at"] <= question.as_of) & in_parts(records["due_day"], question)
    single = records[due]
    obligations = tuple(each for each in question.rules.obligations if each.kind in set(single["kind"]))
    near = single[_near_its_period(single)]
    if obligations and len(near):
        plan = _plan(connection, hierarchy, obligations, *_periods_around(near, obligations))
        single = single.drop(index=of_plan(near, plan, obligations).index)
    done = single["done"] >= single["planned"]
    in_time = done & (single["done_at"] <= single["due_at"])
    return single.assign(dated=single["done"].where(single["done_day"] > 0, 0), **{COMPLETED: done, ON_TIME: in_time})


def _near_its_period(records: pd.DataFrame) -> "pd.Series[bool]":
    """Whether a record's period begins near its own due time; one that lies far away is a slip of the pen."""
    starts = pd.Series(ordinals(records["period_start"], 0), index=records.index)
    return (starts - records["due_day"]).abs() <= LONGEST_PERIOD.days


def _periods_around(records: pd.DataFrame, obligations: tuple[Obligation, ...]) -> tuple[date, date]:
    """Due days from and before which lie those of all planned periods that hold a record's period."""
    starts = records["period_start"]
    begun = min(each.effective_from for each in obligations)
    return max(min(starts), begun + LONGEST_PERIOD) - LONGEST_PERIOD, max(starts) + reaching(obligations)
