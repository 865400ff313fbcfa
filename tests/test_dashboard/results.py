"""Results and indicators made by hand."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from dashboard.i18n import Translator
from metrics.definition import Indicator
from metrics.period import parse_period
from metrics.registry import load
from metrics.result import Group, Result, Status

CHINESE, ENGLISH = Translator("zh"), Translator("en")
REGISTRY = load(None)
ON_TIME = REGISTRY["resolution_on_time_rate"]
MEDIAN_DAYS = REGISTRY["resolution_days_median"]
QUARTER = parse_period("2026Q3")
AS_OF = datetime(2026, 10, 8, tzinfo=UTC)


def result(value: float | None = None, unit_id: str = "B1", indicator: Indicator = ON_TIME, **given: Any) -> Result:
    """A Result that is ok unless something else is given."""
    fields = {
        "indicator": indicator.id,
        "group": Group(unit_id, f"单位{unit_id}", "branch"),
        "period": QUARTER,
        "as_of": AS_OF,
        "status": Status.OK,
        "value": value,
    }
    return Result(**(fields | given))


def like(indicator: Indicator, **changes: Any) -> Indicator:
    """The indicator with some of it changed."""
    return replace(indicator, **changes)
