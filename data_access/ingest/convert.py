"""A sheet's rows converted block by block; every fault is logged with its place."""

from collections.abc import Iterator

import numpy as np

from data_access.ingest.block import Block, RawBlock, raw_blocks
from data_access.ingest.circumstances import Circumstances
from data_access.ingest.name_watch import NameWatch
from data_access.ingest.problems import Fault, Level, Problem
from data_access.ingest.row_checks import RowChecks
from data_access.ingest.schema import ColumnType
from data_access.ingest.sheet_plan import SheetPlan
from data_access.ingest.units import UnitBuilder

WATCHED_TYPES = (ColumnType.TEXT, ColumnType.CODE)


def convert_sheet(circumstances: Circumstances, plan: SheetPlan, units: UnitBuilder | None) -> Iterator[Block]:
    """The sheet's rows, converted; raises UnreadableFile where reading fails."""
    names = NameWatch()
    checks = _row_checks(circumstances, plan)
    blanks = frozenset(circumstances.file.blanks)
    for raw in raw_blocks(plan.sheet, plan.header, plan.positions, blanks):
        block = _convert(circumstances, plan, raw, units)
        for reader in plan.readers:
            if reader.rule.type in WATCHED_TYPES and not reader.rule.personal:
                names.look(reader.rule.name, block.values[reader.rule.name])
        checks.check(block)
        yield block
    _report_names(circumstances, plan, names)


def _convert(circumstances: Circumstances, plan: SheetPlan, raw: RawBlock, units: UnitBuilder | None) -> Block:
    block = Block(raw.rows)
    for reader in plan.readers:
        reader.read(raw, block)
    if units is not None:
        _place_units(circumstances, plan, raw, block, units)
    _report_width(circumstances, plan, raw, block)
    return block


def _place_units(
    circumstances: Circumstances, plan: SheetPlan, raw: RawBlock, block: Block, units: UnitBuilder
) -> None:
    columns = [raw.cells[position] for level in plan.units for position in level]
    placed = units.place(columns, len(raw.rows))
    for place, unit in enumerate(placed):
        if isinstance(unit, Fault):
            header = plan.header.texts[plan.units[-1][-1]]
            block.fault(place, header, unit.code)
            problem = Problem(Level.ERROR, unit.code, plan.sheet.name, raw.rows[place], header, None, unit.parameters)
            circumstances.log.add(problem)
    block.values[units.plan.target] = [None if isinstance(unit, Fault) else unit for unit in placed]


def _report_width(circumstances: Circumstances, plan: SheetPlan, raw: RawBlock, block: Block) -> None:
    if raw.too_wide:
        problem = Problem(
            Level.ERROR, "too_many_cells", plan.sheet.name, parameters=(("width", str(plan.header.width)),)
        )
        circumstances.log.add_rows(problem, raw.too_wide, lambda _: None)
        wide = set(raw.too_wide)
        for place, row in enumerate(block.rows):
            if row in wide:
                block.fault(place, "", "too_many_cells")


def _report_names(circumstances: Circumstances, plan: SheetPlan, names: NameWatch) -> None:
    for name in names.columns_of_names():
        parameters = (("reason", "person_name"),)
        problem = Problem(Level.ERROR, "personal_column", plan.sheet.name, None, plan.header_of(name), None, parameters)
        circumstances.log.add(problem)


def _row_checks(circumstances: Circumstances, plan: SheetPlan) -> RowChecks:
    headers = {reader.rule.name: reader.header for reader in plan.readers}
    now = np.datetime64(circumstances.now.replace(tzinfo=None), "us")
    return RowChecks(plan.mapping.table, plan.sheet.name, headers, now, circumstances.log)
