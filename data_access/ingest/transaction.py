"""One file inside its transaction: read into stages, checked, written, recorded."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, select

from data_access.ingest.batch import BatchRecord, finish_batch, open_batch
from data_access.ingest.checks import StageChecks
from data_access.ingest.circumstances import Circumstances
from data_access.ingest.convert import convert_sheet
from data_access.ingest.event_log import fold_events, stage_case_events
from data_access.ingest.mapping import EventLog
from data_access.ingest.matching import Match, match_sheets
from data_access.ingest.problems import Level, Problem
from data_access.ingest.rejects import Rejects
from data_access.ingest.report import Progress, ProgressCallback, Report, SheetReport, Step
from data_access.ingest.schema import table_rules
from data_access.ingest.sheet import Sheet
from data_access.ingest.sheet_plan import AT, SheetPlan, plan_sheet
from data_access.ingest.source import Source
from data_access.ingest.staging import Stage, analyze, create_stage, drop_stages, load_block, load_rows
from data_access.ingest.unit_checks import check_units
from data_access.ingest.units import UnitBuilder
from data_access.ingest.write import Written, write_stage
from data_access.tables import import_changes

MAXIMUM_CHANGED_KEYS = 50


@dataclass
class FileImport:
    """The import of one file; ``execute`` runs it on a connection whose transaction the caller ends."""

    circumstances: Circumstances
    source: Source
    sheets: Sequence[Sheet]
    user: str
    accept_valid: bool
    progress: ProgressCallback | None
    _stages: dict[str, Stage] = field(default_factory=dict)
    _reports: list[SheetReport] = field(default_factory=list)
    _headers: dict[tuple[str, str], str] = field(default_factory=dict)
    _built: set[str] = field(default_factory=set)
    _rows: int = 0

    def execute(self, connection: Connection) -> Report:
        """What the import did; ``written`` tells whether the transaction should be committed."""
        rejects = Rejects(connection) if self.accept_valid else None
        plans = self._plans()
        for number, plan in enumerate(plans):
            self._read(connection, number, plan, rejects)
        if plans and self._rows == 0:
            self.circumstances.log.add(Problem(Level.ERROR, "no_rows", plans[0].sheet.name))
        repeated = self._check(connection, [plan.sheet.name for plan in plans], rejects)
        if not self._may_write(rejects):
            return self._report(repeated=repeated)
        return self._write(connection, [plan.sheet.name for plan in plans], rejects, repeated)

    def _plans(self) -> list[SheetPlan]:
        matches = match_sheets(self.circumstances.file, self.sheets, self.circumstances.log)
        return [self._plan(match) for match in matches]

    def _plan(self, match: Match) -> SheetPlan:
        plan = plan_sheet(self.circumstances, match.mapping, match.sheet, match.header)
        for reader in plan.readers:
            self._headers.setdefault((match.mapping.table, reader.rule.name), reader.header)
        return plan

    def _read(self, connection: Connection, number: int, plan: SheetPlan, rejects: Rejects | None) -> None:
        stage = self._stage(connection, plan)
        units = UnitBuilder(plan.mapping.units) if plan.mapping.units is not None and plan.has_units else None
        before = self._rows
        for block in convert_sheet(self.circumstances, plan, units):
            self._rows += len(block.rows)
            if stage is not None:
                load_block(connection, stage, number, block, keep_bad=rejects is None)
            if rejects is not None:
                rejects.add_block(number, block)
            self._tell(Step.READING, plan.sheet)
        self._reports.append(SheetReport(plan.sheet.name, plan.mapping.table, self._rows - before, plan.ignored))
        if stage is not None and plan.mapping.log is not None:
            self._fold(connection, stage, plan.mapping.log)
        if units is not None:
            self._stage_units(connection, units)

    def _fold(self, connection: Connection, events: Stage, log: EventLog) -> None:
        self._stages["cases"] = fold_events(connection, events, log)
        if log.events:
            self._stages["case_events"] = stage_case_events(connection, events, log)
        drop_stages(connection, [events])

    def _stage(self, connection: Connection, plan: SheetPlan) -> Stage | None:
        """The stage for the sheet's rows; None where they can't be staged for want of a key."""
        table = plan.mapping.table
        if not set(plan.mapping.rule.key) <= set(plan.names):
            return None
        if plan.mapping.log is not None:
            return create_stage(connection, table, plan.names, "_events") if AT in plan.names else None
        if table not in self._stages:
            self._stages[table] = create_stage(connection, table, plan.names)
        elif set(self._stages[table].names) != set(plan.names):
            self.circumstances.log.add(Problem(Level.ERROR, "other_columns", plan.sheet.name))
            return None
        return self._stages[table]

    def _stage_units(self, connection: Connection, units: UnitBuilder) -> None:
        """Stage the units that were built; they come first, for the rows refer to them."""
        built = list(units.units.values())
        stages = {
            "org_units": create_stage(connection, "org_units", ("id", "name", "kind")),
            "unit_parents": create_stage(connection, "unit_parents", ("unit_id", "parent_id", "valid_from")),
        }
        since = units.plan.valid_from.isoformat()
        load_rows(connection, stages["org_units"], ((0, 0, unit.id, unit.name, unit.kind) for unit in built))
        links = ((0, 0, unit.id, unit.parent_id, since) for unit in built if unit.parent_id is not None)
        load_rows(connection, stages["unit_parents"], links)
        self._stages = stages | self._stages
        self._built.update(stages)

    def _check(self, connection: Connection, sheets: Sequence[str], rejects: Rejects | None) -> int:
        """Check what needs all rows; how many rows a later one of the same key replaced."""
        checks = StageChecks(connection, self._stages, sheets, self._headers, self.circumstances.log, rejects)
        repeated = 0
        for stage in self._in_order():
            self._tell(Step.CHECKING)
            analyze(connection, stage)
            if stage.target.name not in self._built:
                repeated += checks.repeated_keys(stage, self.circumstances.file.repeated_keys)
                checks.references(stage)
        check_units(connection, self._stages, sheets, self._headers, self.circumstances.log)
        return repeated

    def _in_order(self) -> list[Stage]:
        return [self._stages[name] for name in table_rules() if name in self._stages]

    def _may_write(self, rejects: Rejects | None) -> bool:
        """Without errors always; with some if they are rejected rows and not faults of the whole file."""
        log = self.circumstances.log
        if rejects is None:
            return not log.failed
        return not log.fatal

    def _write(self, connection: Connection, sheets: Sequence[str], rejects: Rejects | None, repeated: int) -> Report:
        now = self.circumstances.now
        batch = open_batch(connection, self.source, self.circumstances.file.name, self.user, now)
        written = []
        for stage in self._in_order():
            self._tell(Step.WRITING)
            change = stage.target.name not in self._built
            written.append(write_stage(connection, stage, batch, now, change=change))
        rejected = 0 if rejects is None else rejects.count()
        if rejects is not None:
            rejects.store(batch, sheets)
        keys = self._changed_keys(connection, batch)
        drop_stages(connection, self._stages.values())
        report = self._report(written=written, batch=batch, rejected=rejected, repeated=repeated, keys=keys)
        finish_batch(connection, batch, BatchRecord.of(report), self.user, self.source.name, now)
        return report

    def _changed_keys(self, connection: Connection, batch: int) -> tuple[tuple[str, str], ...]:
        table = import_changes
        changed = (
            select(table.c.table_name, table.c.key)
            .where(table.c.batch_id == batch, table.c.before.is_not(None))
            .order_by(table.c.table_name, table.c.key)
        )
        rows = connection.execute(changed.limit(MAXIMUM_CHANGED_KEYS))
        return tuple((row.table_name, row.key) for row in rows)

    def _report(
        self,
        *,
        written: Sequence[Written] = (),
        batch: int | None = None,
        rejected: int = 0,
        repeated: int = 0,
        keys: tuple[tuple[str, str], ...] = (),
    ) -> Report:
        log = self.circumstances.log
        counted = [table for table in written if table.table not in self._built]
        return Report(
            file_name=self.source.name,
            mapping=self.circumstances.file.name,
            written=batch is not None,
            batch=batch,
            rows=self._rows,
            inserted=sum(table.inserted for table in counted),
            changed=sum(table.changed for table in counted),
            unchanged=sum(table.unchanged for table in counted),
            rejected=rejected,
            repeated=repeated,
            tables=tuple(written),
            sheets=tuple(self._reports),
            changed_keys=keys,
            problems=log.in_order(),
            kinds=tuple(log.counts.items()),
        )

    def report_unwritten(self, report: Report) -> Report:
        """The report of a transaction that was taken back."""
        return replace(report, written=False, batch=None)

    def _tell(self, step: Step, sheet: Sheet | None = None) -> None:
        if self.progress is not None:
            total = self.source.size
            self.progress(Progress(step, self._rows, total if sheet is None else sheet.done(), total))
