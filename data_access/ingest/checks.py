"""Checks that need all rows at once, made in SQL on the staged rows: repeated keys and missing references."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Select, Table, and_, delete, exists, func, insert, literal, select, tuple_
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import Subquery

from data_access.ingest.changing import drop_scratch, scratch_table
from data_access.ingest.mapping import RepeatedKeys
from data_access.ingest.personal import is_fit_to_show
from data_access.ingest.problems import MAXIMUM_PER_KIND, Level, Problem, ProblemLog
from data_access.ingest.rejects import Rejects
from data_access.ingest.schema import ColumnRule, source_table, table_rules
from data_access.ingest.staging import PLACE, ROW, SHEET, Stage

Headers = Mapping[tuple[str, str], str]
"""A column's header as the file spells it, by table and column."""


@dataclass(frozen=True)
class StageChecks:
    """Checks the stages of one file. ``sheets`` are the sheets' names by number.

    With ``reject`` rows at fault leave their stage, so that what refers to them is at fault too; where
    they stood is told to it.
    """

    connection: Connection
    stages: Mapping[str, Stage]
    sheets: Sequence[str]
    headers: Headers
    log: ProblemLog
    rejects: Rejects | None = None

    def repeated_keys(self, stage: Stage, policy: RepeatedKeys) -> int:
        """Log each repeated key, or keep its last row; how many rows were dropped for a later one."""
        if not self._has_repeated(stage):
            return 0
        if policy is RepeatedKeys.LAST:
            return self._keep_last(stage)
        ranked = self._ranked(stage, newest_first=False)
        repeated = select(ranked).where(ranked.c.rank_ > 1)
        total = self._count(repeated)
        names = [name for name in stage.key if name in stage.names]
        column = self.headers.get((stage.target.name, names[-1]), names[-1])
        for row in self.connection.execute(repeated.order_by(ranked.c[SHEET], ranked.c[ROW]).limit(MAXIMUM_PER_KIND)):
            keys = [str(row._mapping[name]) for name in names]
            value = ", ".join(keys) if all(map(is_fit_to_show, keys)) else None
            parameters = (("first", str(row.first_)),)
            place = (self.sheets[row._mapping[SHEET]], row._mapping[ROW])
            self.log.add(Problem(Level.ERROR, "repeated_key", *place, column, value, parameters))
        self._add_rest("repeated_key", Level.ERROR, self.sheets[0], column, total)
        self._reject(
            stage, select(*(ranked.c[name] for name in PLACE)).where(ranked.c.rank_ > 1), column, "repeated_key"
        )
        return 0

    def _has_repeated(self, stage: Stage) -> bool:
        key = [stage.table.c[name] for name in stage.key]
        repeated = select(literal(1)).where(_filled(key)).group_by(*key).having(func.count() > 1).limit(1)
        return self.connection.execute(repeated).first() is not None

    def _ranked(self, stage: Stage, *, newest_first: bool) -> Subquery:
        staged = stage.table
        key = [staged.c[name] for name in stage.key]
        order: list[Any] = [staged.c[name].desc() if newest_first else staged.c[name] for name in PLACE]
        rank = func.row_number().over(partition_by=key, order_by=order).label("rank_")
        first = func.min(staged.c[ROW]).over(partition_by=key).label("first_")
        return select(*(staged.c[name] for name in PLACE), *key, rank, first).where(_filled(key)).subquery()

    def _keep_last(self, stage: Stage) -> int:
        ranked = self._ranked(stage, newest_first=True)
        earlier = select(*(ranked.c[name] for name in PLACE)).where(ranked.c.rank_ > 1)
        return self.connection.execute(delete(stage.table).where(_place(stage).in_(earlier))).rowcount

    def references(self, stage: Stage) -> None:
        """Log each value that names a row which is neither in the database nor in the file."""
        for rule in table_rules()[stage.target.name].columns:
            if rule.refers_to is not None and rule.name in stage.names:
                self._reference(stage, rule, rule.refers_to)

    def _reference(self, stage: Stage, rule: ColumnRule, refers_to: str) -> None:
        staged = stage.table
        value = staged.c[rule.name]
        unknown = self._unknown_values(value, refers_to)
        if self.connection.execute(select(unknown).limit(1)).first() is not None:
            level = Level.ERROR if rule.refers_strictly else Level.WARNING
            rows = select(staged.c[SHEET], staged.c[ROW], value.label("value_")).where(value.in_(select(unknown)))
            column = self.headers.get((stage.target.name, rule.name), rule.name)
            self._log_unknown(rows, stage, column, level, refers_to)
            if rule.refers_strictly:
                places = rows.with_only_columns(*(staged.c[name] for name in PLACE))
                self._reject(stage, places, column, "unknown_reference")
        drop_scratch(self.connection, unknown)

    def _unknown_values(self, value: Column[Any], refers_to: str) -> Table:
        """A temporary table of the values that neither the file nor the database has in the table referred to.

        The database is asked for the values that it has: what it hasn't can't be asked of all shards at once.
        """
        asked = Column("value_", value.type)
        wanted, known, unknown = (
            scratch_table(self.connection, f"{name}_values", [asked]) for name in ("wanted", "known", "unknown")
        )
        self._fill(wanted, self._not_in_file(value, refers_to))
        key = _key(source_table(refers_to))
        given = select(wanted).subquery("given")
        self._fill(known, select(key).select_from(key.table.join(given, key == given.c.value_)))
        self._fill(unknown, select(wanted).where(~exists().where(known.c.value_ == wanted.c.value_)))
        drop_scratch(self.connection, wanted)
        drop_scratch(self.connection, known)
        return unknown

    def _not_in_file(self, value: Column[Any], refers_to: str) -> Select[Any]:
        values = select(value).where(value.is_not(None)).distinct()
        stage = self.stages.get(refers_to)
        return values if stage is None else values.where(~exists().where(stage.table.c[stage.key[0]] == value))

    def _fill(self, table: Table, rows: Select[Any]) -> None:
        self.connection.execute(insert(table).from_select(["value_"], rows))

    def _log_unknown(self, rows: Any, stage: Stage, column: str, level: Level, refers_to: str) -> None:  # noqa: ANN401
        total = self._count(rows)
        staged = stage.table
        for row in self.connection.execute(rows.order_by(staged.c[SHEET], staged.c[ROW]).limit(MAXIMUM_PER_KIND)):
            place = (self.sheets[row._mapping[SHEET]], row._mapping[ROW])
            meant = self._meant(row.value_) if refers_to == "org_units" else None
            parameters = (("table", refers_to), *((("meant", meant),) if meant else ()))
            code = "unknown_reference" if meant is None else "name_instead_of_code"
            value = row.value_ if is_fit_to_show(row.value_) or meant is not None else None
            self.log.add(Problem(level, code, *place, column, value, parameters))
        self._add_rest("unknown_reference", level, self.sheets[0], column, total)

    def _meant(self, name: str) -> str | None:
        """The code of the only unit that has the name."""
        tables = [source_table("org_units")]
        if "org_units" in self.stages and "name" in self.stages["org_units"].names:
            tables.append(self.stages["org_units"].table)
        found: set[str] = set()
        for table in tables:
            found.update(self.connection.execute(select(table.c.id).where(table.c.name == name)).scalars())
        return found.pop() if len(found) == 1 else None

    def _count(self, rows: Any) -> int:  # noqa: ANN401
        return self.connection.execute(select(func.count()).select_from(rows.order_by(None).subquery())).scalar_one()

    def _add_rest(self, code: str, level: Level, sheet: str, column: str, total: int) -> None:
        """Count those that weren't looked at one by one."""
        if total > MAXIMUM_PER_KIND:
            self.log.add(Problem(level, code, sheet, column=column), total - MAXIMUM_PER_KIND)

    def _reject(self, stage: Stage, places: Any, column: str, code: str) -> None:  # noqa: ANN401
        if self.rejects is not None:
            self.rejects.add(stage, places, column, code)


def _filled(columns: Sequence[ColumnElement[Any]]) -> ColumnElement[bool]:
    return and_(*(column.is_not(None) for column in columns))


def _place(stage: Stage) -> Any:  # noqa: ANN401
    return tuple_(*(stage.table.c[name] for name in PLACE))


def _key(table: Table) -> Column[Any]:
    return next(iter(table.primary_key))
