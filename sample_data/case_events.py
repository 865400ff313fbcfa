"""The decisions on cases: assigned, transferred, regraded, extended, reopened, escalated, urged, supervised."""

import numpy as np
import pandas as pd

from metrics.counts import BRANCH
from sample_data.blocks import Block
from sample_data.case_deadlines import Deadlines
from sample_data.chance import Flags, Instants, Texts, add_hours, as_texts, pick
from sample_data.clock import DAY
from sample_data.words import DECIDING_POSTS, HANDLING_POST, LEADING_POST
from sample_data.world import World

TRANSFERRED_SHARE, TWICE_SHARE = 0.06, 0.15
REGRADED = {"A": ("B", 0.05), "B": ("C", 0.02), "C": ("B", 0.008)}
"""For each grade the one it may be changed to, and how often."""
URGED_SHARE, SUPERVISED_SHARE = 0.35, 0.7
URGED_BEFORE = np.timedelta64(2, "D")

COLUMNS = ("case_no", "kind", "at", "from_unit_id", "to_unit_id", "old", "new", "decided_by")


def case_events(block: Block, cases: pd.DataFrame, due: Deadlines, before: int) -> pd.DataFrame:
    """One row per decision, in order of time, with nothing after the last day told; numbered from ``before`` on."""
    world, generator = block.world, block.stream("case events")
    parts = [
        _assigned(generator, cases),
        *_transferred(world, generator, cases),
        _regraded(generator, cases),
        _extended(generator, cases, due),
        _at(
            cases, "excluded", cases["excluded_at"], pick(generator, DECIDING_POSTS, len(cases)), new=cases["exclusion"]
        ),
        _at(cases, "reopened", cases["reopened_at"], HANDLING_POST),
        _at(
            cases, "escalated", cases["escalated_at"], _lead_of(world, cases), from_unit_id=cases["responsible_unit_id"]
        ),
        _urged(generator, cases, due),
        _supervised(generator, cases, due),
    ]
    events = pd.concat(parts, ignore_index=True)
    events = events[events["at"] < world.until].sort_values(["at", "case_no", "kind"], kind="stable", ignore_index=True)
    events.insert(0, "id", [f"JD{number:07d}" for number in range(before + 1, before + len(events) + 1)])
    return events


def _at(
    cases: pd.DataFrame, kind: str, at: pd.Series, decided_by: Texts | str, **columns: pd.Series | Texts
) -> pd.DataFrame:
    """Events of a kind at the given times; cases without a time have none."""
    events = pd.DataFrame({"case_no": cases["case_no"], "kind": kind, "at": at, "decided_by": decided_by, **columns})
    return events[events["at"].notna()].reindex(columns=list(COLUMNS))


def _times(cases: pd.DataFrame, times: Instants, chosen: Flags) -> pd.Series:
    return pd.Series(times, index=cases.index).where(chosen)


def _assigned(generator: np.random.Generator, cases: pd.DataFrame) -> pd.DataFrame:
    """The company's track is assigned by the company; a branch takes its own cases itself."""
    at = add_hours(cases["recorded_at"].to_numpy(), generator.uniform(0.02, 0.6, len(cases)))
    chosen = cases["track"].to_numpy() == "company"
    return _at(cases, "assigned", _times(cases, at, chosen), HANDLING_POST, to_unit_id=cases["responsible_unit_id"])


def _transferred(world: World, generator: np.random.Generator, cases: pd.DataFrame) -> list[pd.DataFrame]:
    """One or two hops on the way to the responsible unit, as often as ``transferred_count`` says."""
    branches = as_texts([branch.id for branch in world.structure.of_kind(BRANCH)])
    first, second = (branches[generator.integers(0, len(branches), len(cases))] for _ in range(2))
    count, target = cases["transferred_count"].to_numpy(), cases["responsible_unit_id"].to_numpy()
    start = add_hours(cases["recorded_at"].to_numpy(), generator.uniform(0.6, 5, len(cases)))
    post = pick(generator, DECIDING_POSTS, len(cases))
    once = _times(cases, start, count > 0)
    twice = _times(cases, add_hours(start, generator.uniform(0.5, 20, len(cases))), count > 1)
    between = np.where(count > 1, second, target)
    return [
        _at(cases, "transferred", once, post, from_unit_id=first, to_unit_id=between),
        _at(cases, "transferred", twice, post, from_unit_id=between, to_unit_id=target),
    ]


def transfer_counts(block: Block, cases: pd.DataFrame) -> pd.Series:
    """How often each case was passed on; only those received early enough for it to have happened."""
    generator, size = block.stream("transfers"), len(cases)
    count = np.where(generator.random(size) < TRANSFERRED_SHARE, 1, 0)
    count = np.where((count > 0) & (generator.random(size) < TWICE_SHARE), 2, count)
    early = cases["recorded_at"].to_numpy() < block.world.until - 2 * DAY
    return pd.Series(np.where(early, count, 0), index=cases.index)


def _regraded(generator: np.random.Generator, cases: pd.DataFrame) -> pd.DataFrame:
    at = add_hours(cases["recorded_at"].to_numpy(), generator.uniform(0.1, 30, len(cases)))
    new = cases["grade"].map({old: new for old, (new, _) in REGRADED.items()})
    chance = cases["grade"].map({old: share for old, (_, share) in REGRADED.items()}).to_numpy(dtype=np.float64)
    chosen = generator.random(len(cases)) < chance
    post = pick(generator, DECIDING_POSTS, len(cases))
    return _at(cases, "regraded", _times(cases, at, chosen), post, old=cases["grade"], new=new)


def _extended(generator: np.random.Generator, cases: pd.DataFrame, due: Deadlines) -> pd.DataFrame:
    """Extensions are decided before the old deadline has passed."""
    received = cases["received_at"].to_numpy()
    at = received + (due.before_extension - received) * generator.uniform(0.5, 0.95, len(cases))
    days = [pd.Series(times).dt.strftime("%Y-%m-%d") for times in (due.before_extension - DAY, due.resolution - DAY)]
    post = pick(generator, {LEADING_POST: 0.6, HANDLING_POST: 0.4}, len(cases))
    chosen = _times(cases, at.astype("datetime64[s]"), due.extended)
    return _at(cases, "extended", chosen, post, old=days[0].to_numpy(), new=days[1].to_numpy())


def _lead_of(world: World, cases: pd.DataFrame) -> Texts:
    leads = {unit.id: unit.administrative_lead for unit in world.structure.units}
    return cases["responsible_unit_id"].map(leads).to_numpy(dtype=object)


def _urged(generator: np.random.Generator, cases: pd.DataFrame, due: Deadlines) -> pd.DataFrame:
    """Some of the cases still open two days before they fall due."""
    at = add_hours(due.resolution - URGED_BEFORE, generator.uniform(8.5, 17, len(cases)))
    waiting = ~(cases["first_resolved_at"].to_numpy() <= at) & (cases["recorded_at"].to_numpy() < at)
    chosen = waiting & (generator.random(len(cases)) < URGED_SHARE)
    return _at(cases, "urged", _times(cases, at, chosen), HANDLING_POST, to_unit_id=cases["responsible_unit_id"])


def _supervised(generator: np.random.Generator, cases: pd.DataFrame, due: Deadlines) -> pd.DataFrame:
    """Most of the cases still open the day after they fell due."""
    at = add_hours(due.resolution, generator.uniform(8.5, 30, len(cases)))
    waiting = ~(cases["first_resolved_at"].to_numpy() <= at)
    chosen = waiting & (generator.random(len(cases)) < SUPERVISED_SHARE)
    return _at(cases, "supervised", _times(cases, at, chosen), LEADING_POST, to_unit_id=cases["responsible_unit_id"])
