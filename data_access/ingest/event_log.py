"""An event log folded into cases: first times from the events, everything else from the last one."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Text, and_, case, cast, func, insert, literal, or_, select
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import Subquery

from data_access.ingest.mapping import EventLog
from data_access.ingest.sheet_plan import AT, REOPENED, SEQUENCE, STATE
from data_access.ingest.staging import PLACE, ROW, SHEET, Stage, create_stage

CASE, UNIT, RANK = "case_no", "responsible_unit_id", "rank_"
LOG_COLUMNS = (AT, STATE, SEQUENCE, REOPENED)
EVENT_COLUMNS = ("id", "case_no", "kind", "at", "from_unit_id", "to_unit_id")


def fold_events(connection: Connection, events: Stage, log: EventLog) -> Stage:
    """A stage with one row for each case, standing where its last event stands in the file."""
    own = [name for name in events.names if name not in LOG_COLUMNS and name not in log.derived]
    derived = sorted(log.derived)
    stage = create_stage(connection, "cases", (*own, *derived))
    last = _last(events)
    times = _times(events, log, last)
    rows = select(*(last.c[name] for name in (*PLACE, *own)), *(times.c[name] for name in derived)).select_from(
        last.join(times, last.c[CASE] == times.c[CASE])
    )
    connection.execute(insert(stage.table).from_select([*PLACE, *own, *derived], rows))
    return stage


def _order(events: Stage, *, backwards: bool = False) -> list[ColumnElement[Any]]:
    """Events in the order in which they happened: by time, then by number, then as in the file."""
    columns: list[ColumnElement[Any]] = [events.table.c[AT]]
    if SEQUENCE in events.names:
        columns.append(func.coalesce(events.table.c[SEQUENCE], 0))
    columns += [events.table.c[name] for name in PLACE]
    return [column.desc() for column in columns] if backwards else columns


def _last(events: Stage) -> Subquery:
    """Each case's last event."""
    staged = events.table
    rank = func.row_number().over(partition_by=staged.c[CASE], order_by=_order(events, backwards=True))
    ranked = select(staged, rank.label(RANK)).where(staged.c[CASE].is_not(None)).subquery()
    return select(ranked).where(ranked.c[RANK] == 1).subquery("last_event")


def _times(events: Stage, log: EventLog, last: Subquery) -> Subquery:
    """One row for each case with the columns that the events' times fill."""
    ranked = _ranked(events)
    standing = {name: _ends(ranked, states, name) for name, states in log.standing}
    source: Any = ranked.join(last, ranked.c[CASE] == last.c[CASE])
    for ends in standing.values():
        source = source.outerjoin(ends, ends.c[CASE] == ranked.c[CASE])
    columns = [_first(ranked, _in_states(ranked, states)).label(name) for name, states in log.first]
    for name, states in log.standing:
        since = or_(standing[name].c.until_.is_(None), ranked.c[RANK] > standing[name].c.until_)
        columns.append(_first(ranked, and_(_in_states(ranked, states), since)).label(name))
    if log.reopened:
        reached = and_(last.c[REOPENED] > 0, ranked.c[REOPENED] >= last.c[REOPENED])
        columns.append(_first(ranked, reached).label("reopened_at"))
    return select(ranked.c[CASE], *columns).select_from(source).group_by(ranked.c[CASE]).subquery("times")


def _ranked(events: Stage) -> Subquery:
    """The events, numbered in their order within each case."""
    staged = events.table
    rank = func.row_number().over(partition_by=staged.c[CASE], order_by=_order(events))
    names = [CASE, AT, STATE, *(name for name in (REOPENED,) if name in events.names)]
    return select(*(staged.c[name] for name in names), rank.label(RANK)).subquery("ranked")


def _ends(ranked: Subquery, states: Sequence[str], name: str) -> Subquery:
    """The number of each case's last event in another state: only what comes after it stands."""
    other = select(ranked.c[CASE], func.max(ranked.c[RANK]).label("until_"))
    return other.where(~_in_states(ranked, states)).group_by(ranked.c[CASE]).subquery(f"until_{name}")


def _in_states(ranked: Subquery, states: Sequence[str]) -> ColumnElement[bool]:
    return ranked.c[STATE].in_(states)


def _first(ranked: Subquery, condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.min(case((condition, ranked.c[AT])))


def stage_case_events(connection: Connection, events: Stage, log: EventLog) -> Stage:
    """A stage with one row for each reopening and each change of the responsible unit."""
    stage = create_stage(connection, "case_events", EVENT_COLUMNS)
    if log.reopened:
        _insert(connection, stage, _reopenings(events))
    if UNIT in events.names:
        _insert(connection, stage, _transfers(events))
    return stage


def _insert(connection: Connection, stage: Stage, rows: Any) -> None:  # noqa: ANN401
    connection.execute(insert(stage.table).from_select([*PLACE, *EVENT_COLUMNS], rows))


def _reopenings(events: Stage) -> Any:  # noqa: ANN401
    staged = events.table
    number = staged.c[REOPENED]
    return (
        select(
            func.min(staged.c[SHEET]),
            func.min(staged.c[ROW]),
            _event_id(staged.c[CASE], "reopened", number),
            staged.c[CASE],
            literal("reopened", Text()),
            func.min(staged.c[AT]),
            literal(None, Text()),
            literal(None, Text()),
        )
        .where(number > 0)
        .group_by(staged.c[CASE], number)
    )


def _transfers(events: Stage) -> Any:  # noqa: ANN401
    staged = events.table
    window: dict[str, Any] = {"partition_by": staged.c[CASE], "order_by": _order(events)}
    known = (
        select(
            *(staged.c[name] for name in (*PLACE, CASE, AT, UNIT)),
            func.lag(staged.c[UNIT]).over(**window).label("before_"),
            func.row_number().over(**window).label(RANK),
        )
        .where(staged.c[UNIT].is_not(None))
        .subquery()
    )
    return select(
        known.c[SHEET],
        known.c[ROW],
        _event_id(known.c[CASE], "transferred", known.c[RANK]),
        known.c[CASE],
        literal("transferred", Text()),
        known.c[AT],
        known.c.before_,
        known.c[UNIT],
    ).where(known.c.before_ != known.c[UNIT])


def _event_id(number: ColumnElement[Any], kind: str, count: ColumnElement[Any]) -> ColumnElement[Any]:
    return number.concat(literal(f"/{kind}/", Text())).concat(cast(count, Text()))
