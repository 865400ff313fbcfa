"""One column of a sheet read block by block: values for the database, and a problem for each bad cell."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from data_access.ingest.block import Block, RawBlock
from data_access.ingest.instants import Clock, Instants, instant_texts, read_instants
from data_access.ingest.personal import PHONE, is_fit_to_show
from data_access.ingest.problems import Fault, Level, Problem, ProblemLog, shown
from data_access.ingest.running_numbers import RunningNumbers
from data_access.ingest.schema import CASE_NUMBERS, ColumnRule, ColumnType
from data_access.ingest.text import Cell, as_text
from data_access.ingest.values import Parser, Remembering, are_plain_codes

INSTANT_TYPES = (ColumnType.INSTANT, ColumnType.DEADLINE)


@dataclass(frozen=True)
class ColumnReader:
    """Reads one column's cells. ``header`` is the column's name in the file."""

    rule: ColumnRule
    sheet: str
    header: str
    parse: Parser
    clock: Clock
    log: ProblemLog
    position: int | None = None
    constant: str | None = None
    same_as: str | None = None
    running: RunningNumbers = field(default_factory=RunningNumbers)

    def read(self, raw: RawBlock, block: Block) -> None:
        """Put the column into the block; blank cells where the file has no such column."""
        faults: dict[int, Fault] = {}
        cells = self._cells(raw)
        if self.rule.type in INSTANT_TYPES:
            read = read_instants(cells, self.clock, deadline=self.rule.type is ColumnType.DEADLINE)
            faults = read.faults
            self._put(block, instant_texts(read.values), read)
            self._note_clock(block, cells, read)
        else:
            values = self._values(cells)
            if Fault in set(map(type, values)):
                faults = {place: value for place, value in enumerate(values) if type(value) is Fault}
                values = [None if type(value) is Fault else value for value in values]
            self._put(block, values, None)
        self._fill(block)
        self._report(block, cells, faults)

    def _values(self, cells: Sequence[Cell]) -> list[object]:
        """The cells' values, or the faults that they have."""
        if isinstance(self.parse, Remembering):
            return self.parse.column(cells)
        if self.rule.name in CASE_NUMBERS and are_plain_codes(cells):
            return list(cells)
        values = [self.parse(cell) for cell in cells]
        if self.rule.name in CASE_NUMBERS:
            for place in self.running.strangers(dict(enumerate(values))):
                values[place] = PHONE
        return values

    def _cells(self, raw: RawBlock) -> Sequence[Cell]:
        return [self.constant] * len(raw.rows) if self.position is None else raw.cells[self.position]

    def _put(self, block: Block, values: list[object] | list[str | None], read: Instants | None) -> None:
        block.values[self.rule.name] = values
        if read is not None:
            block.instants[self.rule.name] = read.values

    def _fill(self, block: Block) -> None:
        """Take the values of the column that stands in for blank cells."""
        if self.same_as is None or self.same_as not in block.values:
            return
        own, other = block.values[self.rule.name], block.values[self.same_as]
        filled = [theirs if mine is None else mine for mine, theirs in zip(own, other, strict=True)]
        block.values[self.rule.name] = filled

    def _report(self, block: Block, cells: Sequence[Cell], faults: dict[int, Fault]) -> None:
        for place, fault in faults.items():
            self._fault(block, place, fault, cells[place])
        if self.rule.required and None in block.values[self.rule.name]:
            missing = [place for place, value in enumerate(block.values[self.rule.name]) if value is None]
            for place in missing:
                if place not in faults:
                    self._fault(block, place, Fault("required"), None)

    def _fault(self, block: Block, place: int, fault: Fault, cell: Cell) -> None:
        block.fault(place, self.header, fault.code)
        fit = not fault.secret and (self.rule.personal or is_fit_to_show(as_text(cell) or ""))
        value = shown(cell) if fit else None
        self.log.add(self._problem(Level.ERROR, fault.code, block.rows[place], value, fault.parameters))

    def _note_clock(self, block: Block, cells: Sequence[Cell], read: Instants) -> None:
        for code, places in (("clock_twice", read.twice), ("clock_never", read.never)):
            for place in places:
                self.log.add(self._problem(Level.WARNING, code, block.rows[place], shown(cells[place])))
        whole_days = int(np.count_nonzero(read.whole_day))
        if whole_days:
            code = "deadline_is_day" if self.rule.type is ColumnType.DEADLINE else "time_is_day"
            self.log.add(self._problem(Level.NOTE, code), whole_days)

    def _problem(
        self,
        level: Level,
        code: str,
        row: int | None = None,
        value: str | None = None,
        parameters: tuple[tuple[str, str], ...] = (),
    ) -> Problem:
        return Problem(level, code, self.sheet, row, self.header, value, parameters)
