"""Rows for tables and files: texts for people, numbers for programs."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

import pandas as pd

from dashboard.i18n import Translator
from dashboard.presenters.judgement import reason_text, status_word, tone_word
from dashboard.presenters.periods import instant, period_name
from metrics.definition import Indicator, Unit
from metrics.result import Result

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads Chinese CSV files in the wrong encoding."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

Value = str | float | int | None


@dataclass(frozen=True)
class DataTable:
    """A table: headings, rows, and the unit behind each row where a row is a unit.

    None in a row is a value that isn't there; the text beside it says why.
    """

    file_name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    unit_ids: tuple[str, ...] = ()

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The rows with their headings; nobody may change it."""
        return pd.DataFrame(list(self.rows), columns=list(self.headings))

    def csv(self) -> str:
        """The rows as CSV; a text that a spreadsheet would run as a formula is disarmed."""
        text = io.StringIO()
        text.write(BYTE_ORDER_MARK)
        writer = csv.writer(text)
        writer.writerow(self.headings)
        writer.writerows([_disarmed(value) for value in row] for row in self.rows)
        return text.getvalue()


def _disarmed(value: Value) -> Value:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def results_table(
    results: Iterable[Result], indicators: Mapping[str, Indicator], file_name: str, time_zone: ZoneInfo, t: Translator
) -> DataTable:
    """One row per result with everything that defends it."""
    results = tuple(results)
    return DataTable(
        file_name=file_name,
        headings=(
            t("Unit"),
            t("Indicator"),
            t("Period"),
            t("Value"),
            t("Measured in"),
            t("Numerator"),
            t("Denominator"),
            t("Target"),
            t("Judgement"),
            t("Note"),
            t("As of"),
        ),
        rows=tuple(_result_row(result, indicators[result.indicator], time_zone, t) for result in results),
        unit_ids=tuple(result.group.unit_id for result in results),
    )


def _result_row(result: Result, indicator: Indicator, time_zone: ZoneInfo, t: Translator) -> tuple[Value, ...]:
    scale = 100 if indicator.unit is Unit.SHARE else 1
    value = result.value if result.value is not None else result.at_least
    return (
        result.group.name,
        indicator.text(t.language).name,
        period_name(result.period, t),
        None if value is None else round(value * scale, 2),
        unit_name(indicator.unit, t),
        result.numerator,
        result.denominator,
        None if result.target is None else round(result.target * scale, 2),
        tone_word(result.tone, t) or status_word(result, t),
        reason_text(result, t),
        instant(result.as_of, time_zone),
    )


def unit_name(unit: Unit, t: Translator) -> str:
    """The unit of a column of values."""
    return {
        Unit.SHARE: "%",
        Unit.HOURS: t("hours"),
        Unit.WORKING_DAYS: t("working days"),
        Unit.COUNT: t("number"),
        Unit.PER_100_EMPLOYEES: t("per 100 employees"),
    }[unit]
