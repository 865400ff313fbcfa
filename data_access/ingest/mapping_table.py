"""One ``[[table]]`` of a mapping file."""

from typing import Any

from data_access.ingest.mapping import ColumnMapping, EventLog, TableMapping, UnitLevel, UnitPlan
from data_access.ingest.schema import ColumnType, TableRule, table_rules
from data_access.ingest.toml_keys import Keys
from metrics.counts import UNIT_KINDS

KEYS = ("name", "sheet", "columns", "accept", "units", "event_log")
COLUMN_KEYS = ("headers", "constant", "values", "same_as")
ACCEPTABLE = ("channel", "category")


def read_table(keys: Keys) -> TableMapping | None:
    """The table's mapping; None if its name is wrong. Problems are noted."""
    keys.known(KEYS)
    name = keys.text("name")
    if name not in table_rules():
        keys.problem("name", f"must be one of {', '.join(table_rules())}")
        return None
    rule = table_rules()[name]
    units = _units(keys.table("units"), rule) if "units" in keys else None
    log = _event_log(keys.table("event_log"), rule) if "event_log" in keys else None
    mapping = TableMapping(name, _columns(keys, rule), keys.texts("sheet"), units, log)
    _check_complete(keys, rule, mapping)
    return mapping


def _columns(keys: Keys, rule: TableRule) -> tuple[ColumnMapping, ...]:
    accepted = _accepted(keys, rule)
    columns = keys.table("columns")
    known = [column.name for column in rule.columns]
    columns.known(known)
    return tuple(_column(columns, name, accepted) for name in columns.names() if name in known)


def _accepted(keys: Keys, rule: TableRule) -> frozenset[str]:
    accepted = keys.texts("accept")
    possible = [column.name for column in rule.columns if column.name in ACCEPTABLE]
    for name in accepted:
        if name not in possible:
            keys.problem("accept", f"{name!r} can't be taken as written; only {', '.join(ACCEPTABLE)} of cases can")
    return frozenset(accepted)


def _column(columns: Keys, name: str, accepted: frozenset[str]) -> ColumnMapping:
    value = columns.raw(name)
    if not isinstance(value, dict):
        return ColumnMapping(name, columns.as_texts(name, value), accept=name in accepted)
    keys = columns.table(name)
    keys.known(COLUMN_KEYS)
    constant = keys.text("constant") or None
    same_as = keys.text("same_as") or None
    headers = keys.texts("headers")
    if not (headers or constant or same_as):
        columns.problem(name, "needs headers, a constant or same_as")
    return ColumnMapping(name, headers, constant, _values(keys), name in accepted, same_as)


def _values(keys: Keys) -> tuple[tuple[str, str], ...]:
    values = keys.table("values")
    return tuple((spelling, values.text(spelling)) for spelling in values.names())


def _units(keys: Keys, rule: TableRule) -> UnitPlan:
    keys.known(("target", "valid_from", "prefix", "level"))
    target = keys.text("target")
    possible = [column.name for column in rule.columns if column.type is ColumnType.UNIT]
    if target not in possible:
        keys.problem("target", f"must be one of {', '.join(possible)}")
    levels = tuple(_level(level) for level in keys.tables("level"))
    if not levels:
        keys.problem("level", "at least one [[table.units.level]] is needed")
    return UnitPlan(target, keys.day("valid_from"), levels, keys.text("prefix"))


def _level(keys: Keys) -> UnitLevel:
    keys.known(("kind", "id", "name", "headers"))
    kind = keys.text("kind")
    if kind not in UNIT_KINDS:
        keys.problem("kind", f"must be one of {', '.join(UNIT_KINDS)}")
    raw: Any = keys.raw("headers") or []
    headers = tuple(keys.as_texts("headers", item) for item in raw) if isinstance(raw, list) else ()
    unit_id = keys.text("id") or None
    if (unit_id is None) == (not headers):
        keys.problem("id", 'needs either an id, for one fixed unit, or headers, such as [["SUBJECT"], ["QUEUE"]]')
    return UnitLevel(kind, unit_id, keys.text("name") or None, headers)


def _event_log(keys: Keys, rule: TableRule) -> EventLog:
    keys.known(("at", "state", "sequence", "reopened", "first", "standing", "events"))
    if rule.name != "cases":
        keys.problem("at", "only the table cases can be read from an event log")
    for key in ("at", "state"):
        if not keys.texts(key):
            keys.problem(key, "must name the header")
    return EventLog(
        at=keys.texts("at"),
        state=keys.texts("state"),
        sequence=keys.texts("sequence"),
        reopened=keys.texts("reopened"),
        first=_states(keys.table("first"), rule),
        standing=_states(keys.table("standing"), rule),
        events=keys.flag("events"),
    )


def _states(keys: Keys, rule: TableRule) -> tuple[tuple[str, tuple[str, ...]], ...]:
    possible = [column.name for column in rule.columns if column.type is ColumnType.INSTANT]
    keys.known(possible)
    return tuple((name, keys.texts(name)) for name in keys.names() if name in possible)


def _check_complete(keys: Keys, rule: TableRule, mapping: TableMapping) -> None:
    """Note required columns that nothing fills, and columns that stand in for others but aren't there."""
    filled = {column.target for column in mapping.columns}
    filled |= {mapping.units.target} if mapping.units is not None else set()
    filled |= mapping.log.derived if mapping.log is not None else set()
    for column in rule.columns:
        if column.required and column.name not in filled:
            keys.problem(f"columns.{column.name}", "is required and nothing fills it")
    for given in mapping.columns:
        if given.same_as is not None and given.same_as not in filled:
            keys.problem(f"columns.{given.target}.same_as", f"{given.same_as!r} isn't filled itself")
