"""Kaplan-Meier: how long things take when some of them aren't finished yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from metrics.interval import Z_95

TOLERANCE = 1e-9
"""Products of fractions that should be exactly one half aren't; S is compared with this tolerance."""

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SurvivalCurve:
    """The share not yet finished, after each distinct time (of an event or of a censoring), ascending."""

    times: Numbers
    survival: Numbers


def kaplan_meier(
    durations: Sequence[float] | npt.NDArray[Any],
    observed: Sequence[bool] | npt.NDArray[Any],
    weights: Sequence[float] | npt.NDArray[Any] | None = None,
) -> SurvivalCurve:
    """The curve of durations that ended with the event (``observed``) or were cut off (censored).

    ``weights`` says how many cases share a duration; 1 each where it is left out. At equal times events
    come before censorings. No durations make an empty curve. Raises ValueError where lengths differ.
    """
    counts = np.ones(len(durations)) if weights is None else np.asarray(weights, dtype=float)
    if not len(durations) == len(observed) == len(counts):
        raise ValueError("durations, observed and weights must be of one length")
    curves = kaplan_meier_by_cell(
        np.zeros(len(durations), dtype=np.int64), np.asarray(durations), np.asarray(observed), counts
    )
    return SurvivalCurve(curves["time"].to_numpy(dtype=float), curves["survival"].to_numpy(dtype=float))


def kaplan_meier_by_cell(
    cells: npt.NDArray[np.int64],
    durations: npt.NDArray[Any],
    observed: npt.NDArray[Any],
    weights: npt.NDArray[Any],
) -> pd.DataFrame:
    """The curves of many cells at once: one row per cell and distinct time, sorted.

    Columns: cell, time, events (at that time), at_risk (just before it), survival (just after it).
    """
    rows = pd.DataFrame({"cell": cells, "time": durations, "leaving": weights})
    rows["events"] = np.where(observed.astype(bool), weights, 0)
    curves = rows[rows["leaving"] > 0].groupby(["cell", "time"], as_index=False).sum()
    leaving = curves.groupby("cell")["leaving"]
    curves["at_risk"] = leaving.transform("sum") - leaving.cumsum() + curves["leaving"]
    staying = 1.0 - curves["events"] / curves["at_risk"]
    curves["survival"] = staying.groupby(curves["cell"]).cumprod().astype(float)
    return curves[["cell", "time", "events", "at_risk", "survival"]]


def quantile(curve: SurvivalCurve, q: float) -> float | None:
    """The smallest time by which the share ``q`` has finished; None where the curve doesn't reach it."""
    reached = curve.survival <= 1.0 - q + TOLERANCE
    return float(curve.times[np.argmax(reached)]) if reached.any() else None


def quantiles_by_cell(curves: pd.DataFrame, q: float) -> "pd.Series[float]":
    """The quantile of each cell that reaches it, by cell, from the curves of ``kaplan_meier_by_cell``."""
    reached = curves[curves["survival"] <= 1.0 - q + TOLERANCE]
    return reached.groupby("cell")["time"].first().astype(float)


def quantile_bounds_by_cell(curves: pd.DataFrame, q: float) -> tuple["pd.Series[float]", "pd.Series[float]"]:
    """The 95 % interval of each cell's quantile, by cell: lower and upper bounds, each only where reached.

    Brookmeyer and Crowley's interval with Greenwood's variance on the log-log scale. Once everybody has
    finished the share left has no variance, and nothing limits the quantile from above.
    """
    staying = curves["at_risk"] - curves["events"]
    growth = curves["events"] / (curves["at_risk"] * staying.where(staying > 0))
    variance = growth.groupby(curves["cell"]).cumsum()
    logarithm = np.log(curves["survival"].where(curves["survival"].between(TOLERANCE, 1 - TOLERANCE)))
    spread = Z_95 * np.sqrt(variance) / np.abs(logarithm)
    at_end = (curves["survival"] <= TOLERANCE).astype(float)
    lowest = np.exp(logarithm * np.exp(spread)).fillna(1 - at_end)
    highest = np.exp(logarithm * np.exp(-spread)).fillna(1.0)
    return (
        quantiles_by_cell(curves.assign(survival=lowest), q),
        quantiles_by_cell(curves.assign(survival=highest), q),
    )


def survival_at(curves: pd.DataFrame, times: Numbers) -> Numbers:
    """The share of each cell not yet finished at the cell's own time; 1 before its first time."""
    survival = np.ones(len(times))
    passed = curves[curves["time"].to_numpy() <= times[curves["cell"].to_numpy(dtype=np.int64)]]
    last = passed.groupby("cell")["survival"].last()
    survival[last.index.to_numpy(dtype=np.int64)] = last.to_numpy(dtype=float)
    return survival
