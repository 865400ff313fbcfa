"""Results as rows for the terminal, a CSV file or JSON."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from itertools import groupby

from rich.table import Table

from metrics.definition import Unit
from metrics.result import Result, Status


@dataclass(frozen=True)
class FigureRow:
    """One figure as other programs read it.

    ``period_end`` is the last day, included; shares are 0-1 and hours minutes / 60. ``numerator``,
    ``denominator`` and ``value`` are None where there is nothing to show; status and reason say why.
    """

    indicator: str
    unit_id: str
    unit_name: str
    period_start: str
    period_end: str
    as_of: str
    numerator: float | None
    denominator: float | None
    value: float | None
    unit: str
    status: str
    reason: str


COLUMNS = tuple(field.name for field in fields(FigureRow))


def figure_row(result: Result, unit: Unit, as_of: datetime) -> FigureRow:
    """The row of a result; ``as_of`` in the company's time."""
    return FigureRow(
        indicator=result.indicator,
        unit_id=result.group.unit_id,
        unit_name=result.group.name,
        period_start=result.period.start.isoformat(),
        period_end=result.period.last_day.isoformat(),
        as_of=as_of.isoformat(timespec="minutes" if as_of.second == 0 else "seconds"),
        numerator=_plain(result.numerator),
        denominator=_plain(result.denominator),
        value=_plain(result.value),
        unit=str(unit),
        status=str(result.status),
        reason=str(result.reason),
    )


def _plain(number: float | None) -> float | None:
    """The number without a decimal point where it is whole."""
    return int(number) if number is not None and float(number).is_integer() else number


def as_json(rows: Sequence[FigureRow]) -> str:
    """A JSON list with one object per row."""
    return json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2)


def as_csv(rows: Sequence[FigureRow]) -> str:
    """CSV with a header; an empty cell is a missing number."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in rows)
    return text.getvalue().removesuffix("\n")


def as_tables(rows: Sequence[FigureRow]) -> list[Table]:
    """One table per indicator for people, with values in their units and missing ones in words."""
    return [_table(list(same)) for _, same in groupby(rows, key=lambda row: row.indicator)]


def _table(rows: Sequence[FigureRow]) -> Table:
    first = rows[0]
    title = f"{first.indicator}, {first.period_start} to {first.period_end}, as of {first.as_of}"
    table = Table(title=title, title_justify="left")
    table.add_column("unit", overflow="fold")
    for name in ("value", "numerator", "denominator"):
        table.add_column(name, justify="right")
    table.add_column("status")
    for row in rows:
        table.add_row(f"{row.unit_name} ({row.unit_id})", *_numbers(row), _words(row))
    return table


def _numbers(row: FigureRow) -> tuple[str, str, str]:
    return value_text(row.value, row.unit), _count(row.numerator), _count(row.denominator)


def _count(number: float | None) -> str:
    return "–" if number is None else f"{number:,g}" if number < 1_000_000 else f"{number:,.0f}"


_FORMATS: Mapping[str, str] = {
    Unit.SHARE: "{:.2%}",
    Unit.HOURS: "{:,.2f} h",
    Unit.WORKING_DAYS: "{:,.0f} working days",
    Unit.COUNT: "{:,.0f}",
    Unit.PER_100_EMPLOYEES: "{:,.2f} per 100",
}


def value_text(value: float | None, unit: str) -> str:
    """The value in its unit; a dash where there is none."""
    return "–" if value is None else _FORMATS[unit].format(value)


def _words(row: FigureRow) -> str:
    words = row.status if row.status == Status.OK else row.status.replace("_", " ")
    return f"{words}: {row.reason.replace('_', ' ')}" if row.reason and row.reason != row.status else words
