"""Bad rows in known numbers, as they come from other systems: the product must count them, not crash."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sample_data.clock import DAY
from sample_data.world import World

UNKNOWN_CHANNEL = "weibo"
WRONG_RATING = 9


@dataclass(frozen=True)
class BadRows:
    """How many bad cases there are of each kind; no case is bad in two ways."""

    unknown_channel: int = 3
    orphan_unit: int = 4
    rating_out_of_range: int = 2
    resolved_before_received: int = 3
    responded_before_received: int = 2
    told_in_the_future: int = 3
    no_deadline: int = 6
    own_flag_differs: int = 5


BAD_ROWS = BadRows()


def spoil(world: World, cases: pd.DataFrame) -> pd.DataFrame:
    """The cases with the known numbers of bad ones among them."""
    spoiled = cases.copy()
    chosen = _places(world, spoiled)
    spoiled.loc[chosen["unknown_channel"], "channel"] = UNKNOWN_CHANNEL
    spoiled.loc[chosen["orphan_unit"], "responsible_unit_id"] = f"{world.plan.prefix}B99"
    spoiled.loc[chosen["rating_out_of_range"], "rating"] = WRONG_RATING
    received = spoiled["received_at"]
    early = chosen["resolved_before_received"]
    spoiled.loc[early, "first_resolved_at"] = spoiled.loc[early, "resolved_at"] = received[early] - 3 * DAY
    spoiled.loc[early, "sla_met"] = True
    early = chosen["responded_before_received"]
    spoiled.loc[early, "responded_at"] = received[early] - np.timedelta64(5, "h")
    future = chosen["told_in_the_future"]
    spoiled.loc[future, "fed_back_at"] = spoiled.loc[future, "fed_back_at"] + 1000 * DAY
    spoiled.loc[chosen["no_deadline"], ["grade", "sla_met"]] = None
    spoiled.loc[chosen["no_deadline"], ["response_due_at", "resolution_due_at"]] = pd.NaT
    other = chosen["own_flag_differs"]
    spoiled.loc[other, "sla_met"] = ~spoiled.loc[other, "sla_met"].astype(bool)
    return spoiled


def _places(world: World, cases: pd.DataFrame) -> dict[str, pd.Index]:
    """Rows for each kind: ordinary, closed and rated cases, on the company's track, outside the story's units."""
    plain = cases["rated_at"].notna() & cases["exclusion"].isna() & cases["reopened_at"].isna()
    plain &= cases["resolved_at"].notna() & cases["responded_at"].notna() & (cases["track"] == "company")
    units = cases["responsible_unit_id"].to_numpy()
    parts = world.structure.parts
    for branch_id in (parts.hard_cases, parts.fluctuation, parts.moved_from, parts.moved_to):
        plain &= ~world.in_branch(units, branch_id)
    plain &= units != parts.too_small
    plain &= ~cases["case_no"].isin(cases["repeat_of"])
    counts = {name: int(count) for name, count in vars(BAD_ROWS).items()}
    order = world.stream("bad rows").permutation(np.flatnonzero(plain))[: sum(counts.values())]
    ends = np.cumsum(list(counts.values()))
    return {name: cases.index[order[end - counts[name] : end]] for name, end in zip(counts, ends, strict=True)}
