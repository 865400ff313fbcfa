"""Which column of a sheet becomes which of a table, and what is wrong with its header."""

from collections.abc import Iterator
from dataclasses import dataclass

from data_access.ingest.circumstances import Circumstances
from data_access.ingest.codes import code_list, refusals
from data_access.ingest.columns import ColumnReader
from data_access.ingest.header import Header, wanted_headers
from data_access.ingest.mapping import ColumnMapping, EventLog, TableMapping
from data_access.ingest.parsers import column_parser
from data_access.ingest.personal import header_fault
from data_access.ingest.problems import Level, Problem
from data_access.ingest.schema import ColumnRule, ColumnType
from data_access.ingest.sheet import Sheet
from data_access.ingest.text import fold_header

AT, SEQUENCE, STATE, REOPENED = "at_", "sequence_", "state_", "reopened_"
"""What an event log needs of each event beside the case's own columns."""


@dataclass(frozen=True)
class SheetPlan:
    """How one sheet is read. ``units`` are the positions of the columns of each level of built units."""

    sheet: Sheet
    header: Header
    mapping: TableMapping
    readers: tuple[ColumnReader, ...]
    units: tuple[tuple[int, ...], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that the sheet's blocks have."""
        built = () if self.mapping.units is None or not self.has_units else (self.mapping.units.target,)
        return (*(reader.rule.name for reader in self.readers), *built)

    @property
    def has_units(self) -> bool:
        """Whether the sheet has all columns that units are built from."""
        plan = self.mapping.units
        levels = () if plan is None else plan.levels
        return all(len(found) == len(level.headers) for found, level in zip(self.units, levels, strict=True))

    @property
    def positions(self) -> tuple[int, ...]:
        """Which cells of a row are read."""
        read = {reader.position for reader in self.readers if reader.position is not None}
        return tuple(sorted(read | {position for level in self.units for position in level}))

    def header_of(self, name: str) -> str:
        """The header of a column as the file spells it."""
        headers = {reader.rule.name: reader.header for reader in self.readers}
        return headers.get(name, name)

    @property
    def ignored(self) -> tuple[str, ...]:
        """The file's headers that nothing reads."""
        return tuple(text for position, text in self.header.texts.items() if position not in self.positions)


def plan_sheet(circumstances: Circumstances, mapping: TableMapping, sheet: Sheet, header: Header) -> SheetPlan:
    """The plan for the sheet; missing, repeated and refused columns are logged."""
    planner = _Planner(circumstances, mapping, sheet, header)
    readers = tuple(planner.readers())
    return SheetPlan(sheet, header, mapping, readers, tuple(planner.unit_positions()))


@dataclass(frozen=True)
class _Planner:
    circumstances: Circumstances
    mapping: TableMapping
    sheet: Sheet
    header: Header

    def readers(self) -> Iterator[ColumnReader]:
        self._check_repeated()
        built = None if self.mapping.units is None else self.mapping.units.target
        derived = frozenset[str]() if self.mapping.log is None else self.mapping.log.derived
        for column in self.mapping.columns:
            rule = self.mapping.rule.column(column.target)
            if rule.name != built and rule.name not in derived and self._is_there(rule, column):
                yield self._reader(rule, column)
        if self.mapping.log is not None:
            for rule, headers in _log_rules(self.mapping.log):
                column = ColumnMapping(rule.name, headers)
                if headers and self._is_there(rule, column):
                    yield self._reader(rule, column)

    def unit_positions(self) -> Iterator[tuple[int, ...]]:
        plan = self.mapping.units
        for level in () if plan is None else plan.levels:
            found = [self._unit_position(headers) for headers in level.headers]
            yield tuple(position for position in found if position is not None)

    def _unit_position(self, headers: tuple[str, ...]) -> int | None:
        position = self.header.position(headers)
        if position is None:
            self._log("missing_column", headers[0], (("headers", ", ".join(headers)),))
        else:
            self._refused(self.header.texts[position])
        return position

    def _reader(self, rule: ColumnRule, column: ColumnMapping) -> ColumnReader:
        shared = self.circumstances
        codes = None if rule.codes is None else code_list(shared.vocabulary, rule.codes)
        parse = column_parser(rule, column, codes, refusals(shared.vocabulary), shared.clock)
        position = self.header.position(column.headers)
        header = self.header.text(column.headers) if column.headers else rule.name
        return ColumnReader(
            rule, self.sheet.name, header, parse, shared.clock, shared.log, position, column.constant, column.same_as
        )

    def _is_there(self, rule: ColumnRule, column: ColumnMapping) -> bool:
        """Whether the column can be read: it is in the file, or a constant or another column stands in."""
        position = self.header.position(column.headers)
        if position is not None:
            return rule.personal or not self._refused(self.header.texts[position])
        if column.constant is not None or column.same_as is not None:
            return True
        if rule.required:
            self._log("missing_column", column.headers[0], (("headers", ", ".join(column.headers)),))
        elif not self.circumstances.file.own_layout:
            parameters = (("headers", ", ".join(column.headers)),)
            self._log("absent_column", column.headers[0], parameters, Level.NOTE)
        return False

    def _refused(self, header: str) -> bool:
        fault = header_fault(header)
        if fault is not None:
            self._log(fault.code, header, fault.parameters)
        return fault is not None

    def _check_repeated(self) -> None:
        wanted = wanted_headers(self.mapping)
        for text in self.header.repeated:
            if fold_header(text) in wanted:
                self._log("repeated_header", text)

    def _log(
        self, code: str, column: str, parameters: tuple[tuple[str, str], ...] = (), level: Level = Level.ERROR
    ) -> None:
        row = self.header.row
        self.circumstances.log.add(Problem(level, code, self.sheet.name, row, column, parameters=parameters))


def _log_rules(log: EventLog) -> Iterator[tuple[ColumnRule, tuple[str, ...]]]:
    yield _log_rule(AT, ColumnType.INSTANT, required=True), log.at
    yield _log_rule(STATE, ColumnType.TEXT, required=True), log.state
    yield _log_rule(SEQUENCE, ColumnType.WHOLE), log.sequence
    yield _log_rule(REOPENED, ColumnType.WHOLE), log.reopened


def _log_rule(name: str, kind: ColumnType, *, required: bool = False) -> ColumnRule:
    return ColumnRule(name, kind, required=required, key=False, headers=())
