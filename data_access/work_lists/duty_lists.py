"""Duties missed, one by one, and the calendar of duties owed and done in time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from data_access.counts.duties import count_duties
from data_access.counts.owed_duties import COMPLETED, ON_TIME, OwedDuties, read_owed_duties
from data_access.counts.placing import midnight
from data_access.counts.standing import as_of_date
from data_access.counts.units_on import Inside, roots
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from metrics.counts import FACTS, PART, Fact
from metrics.period import Period

DAYS_IN_WEEK = 7

DAYS_AT_FIRST = 14
"""So many days are looked at for the duties missed last; a list longer than a page of them looks further back."""

MISSED_COLUMNS = ["unit_id", "duty_kind", "period_start", "due_at", "planned", "done", "state"]


class DutyState(StrEnum):
    """Why a duty isn't one done in time: not done in full, done late, or done at a time that nobody wrote down."""

    MISSING = "missing"
    LATE = "late"
    UNDATED = "undated"


def list_missed_duties(
    connection: Connection, hierarchy: Hierarchy, question: Question, limit: int | None = None
) -> pd.DataFrame:
    """The duties due in the question's parts by its as-of time that weren't done in full by their due time.

    One row is a duty that a unit owed: ``unit_id``, ``duty_kind``, ``period_start`` (date), ``due_at`` (instant in
    company time), ``planned``, ``done``, ``state`` (see DutyState). Latest due first, of which the first ``limit``.
    """
    if limit is None or roots(hierarchy, question):
        # The duties of some units only take no longer at one stroke than a few days of them.
        return _missed(connection, hierarchy, question)[:limit]
    found = [pd.DataFrame(columns=MISSED_COLUMNS)]
    for parts in _latest_first(question):
        found.append(_missed(connection, hierarchy, replace(question, parts=parts)))
        if sum(map(len, found)) >= limit:
            break
    return pd.concat([frame for frame in found if len(frame)] or found, ignore_index=True).head(limit)


def _latest_first(question: Question) -> Iterator[tuple[Period, ...]]:
    """The parts of the question cut into stretches of days, the latest ones first and ever longer ones."""
    after_today = as_of_date(question) + timedelta(days=1)
    end, days = min(max(part.end for part in question.parts), after_today), DAYS_AT_FIRST
    first = min(part.start for part in question.parts)
    while end > first:
        start = max(end - timedelta(days=days), first)
        touched = (part for part in question.parts if part.start < end and part.end > start)
        if parts := tuple(Period(max(part.start, start), min(part.end, end)) for part in touched):
            yield parts
        end, days = start, days * 2


def _missed(connection: Connection, hierarchy: Hierarchy, question: Question) -> pd.DataFrame:
    owed = _of_units(read_owed_duties(connection, hierarchy, question), hierarchy, question)
    missed = pd.concat([_planned(owed, question), _single(owed, question)], ignore_index=True)
    inside = Inside(hierarchy, question)
    days = (date.fromordinal(day) for day in missed["due_day"])
    kept = [inside.holds(unit_id, day) for unit_id, day in zip(missed["unit_id"], days, strict=True)]
    ordered = missed[np.array(kept, dtype=bool)].sort_values(
        ["due_at", "unit_id", "duty_kind"], ascending=[False, True, True], ignore_index=True
    )
    return ordered[MISSED_COLUMNS]


def _of_units(owed: OwedDuties, hierarchy: Hierarchy, question: Question) -> OwedDuties:
    """What was owed by units that the question asks about on some of its days."""
    if not (asked := roots(hierarchy, question)):
        return owed
    members = [hierarchy.membership(root, question.parts) for root in asked]
    inside = frozenset.intersection(*(one.always | set(one.sometimes) for one in members))
    units = owed.plan.units[owed.plan.units["unit_id"].isin(inside)]
    return replace(owed, plan=replace(owed.plan, units=units), single=owed.single[owed.single["unit_id"].isin(inside)])


def _planned(owed: OwedDuties, question: Question) -> pd.DataFrame:
    """The planned duties that were missed."""
    every = owed.plan.occasions.reset_index(names="occasion").merge(owed.plan.units, on="owner")
    known = every.merge(owed.fulfilled, on=["unit_id", "occasion"], how="left", suffixes=("_by_plan", ""))
    missed = known[~known[ON_TIME].eq(True)]
    planned = missed["planned"].fillna(missed["planned_by_plan"]).astype("int64")
    return missed.assign(
        planned=planned,
        done=missed["done"].fillna(0).astype("int64"),
        state=_states(missed[COMPLETED].eq(True), missed["dated"].fillna(0) >= planned),
        period_start=[date.fromordinal(day) for day in missed["start"]],
        due_at=_instants([_end_of(day, question) for day in missed["due_day"]], question),
    ).rename(columns={"kind": "duty_kind"})[[*MISSED_COLUMNS, "due_day"]]


def _single(owed: OwedDuties, question: Question) -> pd.DataFrame:
    """The duties outside the plan that were missed."""
    missed = owed.single[~owed.single[ON_TIME]]
    states = _states(missed[COMPLETED], missed["dated"] >= missed["planned"])
    due_at = _instants(list(missed["due_at"]), question)
    return missed.rename(columns={"kind": "duty_kind"}).assign(state=states, due_at=due_at)[
        [*MISSED_COLUMNS, "due_day"]
    ]


def _states(completed: "pd.Series[bool]", dated: "pd.Series[bool]") -> list[str]:
    late = {True: DutyState.LATE.value, False: DutyState.UNDATED.value}
    return [
        late[in_full_by_date] if done else DutyState.MISSING.value
        for done, in_full_by_date in zip(completed, dated, strict=True)
    ]


def _end_of(day: int, question: Question) -> datetime:
    return midnight(date.fromordinal(day + 1), question.rules.time_zone)


def _instants(instants: list[datetime], question: Question) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(pd.to_datetime(instants, utc=True)).tz_convert(question.rules.time_zone.key)


def duty_calendar(connection: Connection, hierarchy: Hierarchy, question: Question, row: str) -> pd.DataFrame:
    """Duties owed, completed and on time by part and ``row``: ``duty_kind``, or a lineage column as ``branch_id``.

    One row is a value of ``row`` in a part: that column, ``part`` (the part's first day) and the counts of DUTIES.
    Duties of units without such an ancestor are left out; a part in which nothing was owed has no row.
    """
    asked = replace(question, dimensions=("duty_kind",) if row == "duty_kind" else ())
    counted = count_duties(connection, hierarchy, asked).frame()
    counts = list(FACTS[Fact.DUTIES].counts)
    return counted[counted[row].notna()].groupby([row, PART])[counts].sum().reset_index()


def weeks(period: Period) -> tuple[Period, ...]:
    """The weeks (from Monday) that a period is made of, cut at its ends; parts for a calendar by week."""
    monday = period.start - timedelta(days=period.start.weekday())
    count = (period.last_day - monday).days // DAYS_IN_WEEK + 1
    firsts = [monday + timedelta(days=DAYS_IN_WEEK * number) for number in range(count)]
    return tuple(
        Period(max(first, period.start), min(first + timedelta(days=DAYS_IN_WEEK), period.end)) for first in firsts
    )
