"""Warnings about rows that can be written but look wrong: order of times, future times, no deadline."""

from dataclasses import dataclass

import numpy as np

from data_access.ingest.block import Block
from data_access.ingest.problems import Level, Problem, ProblemLog
from data_access.ingest.wall_clock import Mask

_FROM_RECEIPT = (
    "responded_at",
    "first_resolved_at",
    "resolved_at",
    "fed_back_at",
    "published_at",
    "rated_at",
    "reopened_at",
    "escalated_at",
    "response_due_at",
    "resolution_due_at",
)
_ORDERS = {
    "cases": tuple(("received_at", later) for later in _FROM_RECEIPT),
    "contact_points": (("contacted_at", "fed_back_at"),),
}
_DAY_ORDERS = (("valid_from", "valid_to"), ("founded_on", "closed_on"), ("created_on", "closed_on"))
_NUMBER_ORDERS = (("items_settled", "items_raised"), ("score", "maximum"))
_MAY_LIE_AHEAD = ("response_due_at", "resolution_due_at", "due_at")


@dataclass(frozen=True)
class RowChecks:
    """What is checked in each block of a sheet. ``headers`` are the columns as the file spells them."""

    table: str
    sheet: str
    headers: dict[str, str]
    now: np.datetime64
    log: ProblemLog

    def check(self, block: Block) -> None:
        """Add the block's warnings to the log."""
        for earlier, later in _ORDERS.get(self.table, ()):
            if earlier in block.instants and later in block.instants:
                self._warn(block, "before_receipt", later, block.instants[later] < block.instants[earlier])
        for name, times in block.instants.items():
            if name not in _MAY_LIE_AHEAD:
                self._warn(block, "in_future", name, times > self.now)
        self._ordered_values(block)
        if self.table == "cases":
            self._deadlines(block)

    def _ordered_values(self, block: Block) -> None:
        for smaller, larger in (*_DAY_ORDERS, *_NUMBER_ORDERS):
            if smaller in block.values and larger in block.values:
                pairs = zip(block.values[smaller], block.values[larger], strict=True)
                wrong = [low is not None and high is not None and high < low for low, high in pairs]  # type: ignore[operator]
                code = "days_out_of_order" if (smaller, larger) in _DAY_ORDERS else "more_than_all"
                self._warn(block, code, larger, np.array(wrong, dtype=bool))

    def _deadlines(self, block: Block) -> None:
        if "received_at" not in block.instants:
            return
        grade = block.values.get("grade", [None] * len(block.rows))
        ungraded = np.array([value is None for value in grade], dtype=bool)
        due = block.instants.get("resolution_due_at")
        missing = ungraded if due is None else ungraded & np.isnat(due)
        self._warn(block, "no_deadline", "resolution_due_at", missing)

    def _warn(self, block: Block, code: str, column: str, wrong: Mask) -> None:
        positions = [place for place in np.flatnonzero(wrong).tolist() if place not in block.faults]
        if positions:
            header = self.headers.get(column)
            problem = Problem(Level.WARNING, code, self.sheet, column=header)
            self.log.add_rows(problem, [block.rows[position] for position in positions], lambda _: None)
