"""The cases of a sample company, told from receipt to rating."""

import pandas as pd

from data_access import tables
from sample_data.bad_rows import spoil
from sample_data.case_after import as_known, follow_up
from sample_data.case_deadlines import set_deadlines
from sample_data.case_events import case_events, transfer_counts
from sample_data.case_facts import case_facts
from sample_data.case_life import resolve, respond
from sample_data.world import World


def cases_and_events(world: World, size: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """``size`` cases with all columns of the contract, and the decisions on them; times are local."""
    facts = case_facts(world, size)
    due = set_deadlines(world, facts)
    responded = respond(world, facts, due)
    closed = resolve(world, facts, due, responded)
    cases = follow_up(world, facts, due, responded, closed)
    cases = as_known(world, cases.assign(transferred_count=transfer_counts(world, cases)))
    events = case_events(world, cases, due)
    cases = cases.assign(updated_at=_last_change(cases))
    return spoil(world, cases)[tables.cases.columns.keys()], _recorded(events)


def _last_change(cases: pd.DataFrame) -> pd.Series:
    milestones = [name for name in cases.columns if name.endswith("_at") and not name.endswith("_due_at")]
    return cases[milestones].max(axis=1)


def _recorded(events: pd.DataFrame) -> pd.DataFrame:
    return events.assign(recorded_at=events["at"], updated_at=events["at"])
