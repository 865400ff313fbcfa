"""The cases of a sample company, told from receipt to rating."""

from collections.abc import Iterator

import pandas as pd

from data_access import tables
from sample_data.bad_rows import spoil
from sample_data.blocks import Block, blocks
from sample_data.case_after import as_known, follow_up
from sample_data.case_deadlines import set_deadlines
from sample_data.case_events import case_events, transfer_counts
from sample_data.case_facts import case_facts
from sample_data.case_life import resolve, respond
from sample_data.world import World

SPOILED = 0.75
"""How far into the story the block with the bad rows lies: late enough that 1,000 days on is the future."""


def cases_and_events(world: World, size: int) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """For each block of ``size`` cases in all, the cases with all columns of the contract and the decisions on them.

    Times are local. Only one block at a time is in memory.
    """
    told, events_before = blocks(world, size), 0
    for block in told:
        cases, events = _block(block, events_before)
        if block.number == int(len(told) * SPOILED):
            cases = spoil(world, cases)
        events_before += len(events)
        yield cases[tables.cases.columns.keys()], _recorded(events)


def _block(block: Block, events_before: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    facts = case_facts(block)
    due = set_deadlines(block, facts)
    responded = respond(block, facts, due)
    closed = resolve(block, facts, due, responded)
    cases = follow_up(block, facts, due, responded, closed)
    cases = as_known(block.world, cases.assign(transferred_count=transfer_counts(block, cases)))
    events = case_events(block, cases, due, events_before)
    return cases.assign(updated_at=_last_change(cases)), events


def _last_change(cases: pd.DataFrame) -> pd.Series:
    milestones = [name for name in cases.columns if name.endswith("_at") and not name.endswith("_due_at")]
    return cases[milestones].max(axis=1)


def _recorded(events: pd.DataFrame) -> pd.DataFrame:
    return events.assign(recorded_at=events["at"], updated_at=events["at"])
