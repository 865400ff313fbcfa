"""The figures of a Boston file worked out with pandas and lifelines alone: no code of ours, no SQL."""

import math
from dataclasses import dataclass
from pathlib import Path

import lifelines
import pandas as pd

NEW_YORK = "America/New_York"


@dataclass(frozen=True)
class BostonFigures:
    """Counts of the cases of one file or subject; quantiles in minutes, None where not reached."""

    received: int
    due: int
    resolved: int
    on_time: int
    overdue: int
    median: float | None
    ninetieth: float | None


def read_boston(path: Path) -> pd.DataFrame:
    """One row per case: subject, and received, due and closed as instants."""
    raw = pd.read_csv(path, dtype=str, keep_default_na=False)
    return pd.DataFrame(
        {
            "subject": raw["SUBJECT"],
            "received": _instants(raw["OPEN_DT"]),
            "due": _instants(raw["TARGET_DT"]),
            "closed": _instants(raw["CLOSED_DT"]),
        }
    )


def _instants(texts: pd.Series) -> pd.Series:
    clock = pd.to_datetime(texts.replace("", None), format="%m/%d/%Y %I:%M:%S %p")
    return clock.dt.tz_localize(NEW_YORK)


def boston_figures(cases: pd.DataFrame, first: str, last: str, as_of: str) -> BostonFigures:
    """The figures of a period, both days included, as of a local time."""
    begin, end, now = (
        pd.Timestamp(text, tz=NEW_YORK) for text in (first, str(pd.Timestamp(last) + pd.Timedelta(days=1)), as_of)
    )
    received = cases[(cases["received"] >= begin) & (cases["received"] < end)]
    due = cases[(cases["due"] >= begin) & (cases["due"] < end) & (cases["due"] <= now)]
    closed = due["closed"] <= now
    median, ninetieth = _quantiles(received, now)
    return BostonFigures(
        received=len(received),
        due=len(due),
        resolved=int(closed.sum()),
        on_time=int((closed & (due["closed"] <= due["due"])).sum()),
        overdue=int((~closed).sum()),
        median=median,
        ninetieth=ninetieth,
    )


def _quantiles(received: pd.DataFrame, now: pd.Timestamp) -> tuple[float | None, float | None]:
    observed = received["closed"] <= now
    seconds = (received["closed"].where(observed, now) - received["received"]).dt.total_seconds()
    kept = seconds >= 0
    if not kept.any():
        return None, None
    minutes = (seconds[kept] / 60).map(math.ceil)
    fitted = lifelines.KaplanMeierFitter().fit(minutes, observed[kept])
    return tuple(_reached(fitted, level) for level in (0.5, 0.1))


def _reached(fitted: lifelines.KaplanMeierFitter, level: float) -> float | None:
    curve = fitted.survival_function_.iloc[:, 0]
    below = curve[curve <= level + 1e-9]
    return float(below.index[0]) if len(below) else None
