"""The rows that ``--accept-valid`` leaves out: where they stand and what was wrong, never what they hold."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    delete,
    func,
    insert,
    literal,
    select,
    tuple_,
)
from sqlalchemy.schema import CreateTable, DropTable

from data_access.ingest.block import Block
from data_access.ingest.staging import PLACE, ROW, SHEET, Stage, load_table
from data_access.tables import import_rejects

MESSAGES = "messages_"
MAXIMUM_NAME_LENGTH = 200


class Rejects:
    """Collects rejected rows in a temporary table. ``messages`` is a JSON list of [column, code]."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._table = Table(
            "stage_rejects_",
            MetaData(),
            Column(SHEET, Integer()),
            Column(ROW, BigInteger()),
            Column(MESSAGES, Text()),
            prefixes=["TEMPORARY"],
            postgresql_on_commit="DROP",
        )
        connection.execute(CreateTable(self._table))

    def add_block(self, sheet: int, block: Block) -> None:
        """Note the block's rows at fault."""
        rows = [
            (sheet, block.rows[place], json.dumps(faults, ensure_ascii=False))
            for place, faults in sorted(block.faults.items())
        ]
        load_table(self._connection, self._table.name, (SHEET, ROW, MESSAGES), rows)

    def add(self, stage: Stage, places: Any, column: str, code: str) -> None:  # noqa: ANN401
        """Move the rows at the places (a selection of sheet and row) out of the stage."""
        message = json.dumps([(column, code)], ensure_ascii=False)
        chosen = places.order_by(None).subquery()
        noted = select(chosen.c[SHEET], chosen.c[ROW], literal(message, Text()))
        self._connection.execute(insert(self._table).from_select([SHEET, ROW, MESSAGES], noted))
        here = tuple_(*(stage.table.c[name] for name in PLACE))
        self._connection.execute(delete(stage.table).where(here.in_(select(chosen.c[SHEET], chosen.c[ROW]))))

    def count(self) -> int:
        """How many rows were rejected."""
        return self._connection.execute(select(func.count()).select_from(self._rows().subquery())).scalar_one()

    def _rows(self) -> Select[Any]:
        """Each rejected row once: one row of an event log can make rows of two tables."""
        place = (self._table.c[SHEET], self._table.c[ROW])
        return select(*place, func.min(self._table.c[MESSAGES]).label(MESSAGES)).group_by(*place)

    def store(self, batch: int, sheets: Sequence[str]) -> None:
        """Keep the rejected rows with the batch, and remove the temporary table."""
        each = self._rows().subquery()
        for number, sheet in enumerate(sheets):
            name = literal(sheet[-MAXIMUM_NAME_LENGTH:], Text())
            rows = select(literal(batch, Integer()), name, each.c[ROW], each.c[MESSAGES]).where(each.c[SHEET] == number)
            names = ["batch_id", "sheet", "row", "messages"]
            self._connection.execute(insert(import_rejects).from_select(names, rows))
        self._connection.execute(DropTable(self._table))
