"""``huiyin figures``: any indicator by unit and period, the same Results as on the pages."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from dashboard.address import EARLIEST, EVERY, LATEST, asked_instant, asked_period
from dashboard.company import Company, read_company
from dashboard.figure_rows import FigureRow, as_csv, as_json, as_tables, figure_row
from dashboard.figures import answer
from dashboard.preparation import prepare_existing
from dashboard.wrong_use import NO_UNITS, WrongUseError, unknown
from data_access.engine import connect, reader
from data_access.hierarchy import Hierarchy, Unit, read_hierarchy
from data_access.question import Filters, Question, View
from data_access.scope import local_scope
from data_access.settings import read_settings
from metrics.counts import COMPANY
from metrics.definition import Indicator
from metrics.period import Period
from metrics.result import Group


class Kind(StrEnum):
    """The kinds of unit that figures can be given by."""

    COMPANY = "company"
    DEPARTMENT = "department"
    BRANCH = "branch"
    TEAM = "team"


class Format(StrEnum):
    """How the figures are written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="Indicators, such as resolution_on_time_rate.")]
PeriodText = Annotated[str, typer.Option("--period", help="2026-09, 2026Q3, 2026H2, 2026, 2026-07-01..2026-09-30.")]
AsOf = Annotated[
    str, typer.Option(help="What happened by then counts: 2026-10-08T08:00, in company time. Default: now.")
]
By = Annotated[Kind | None, typer.Option(help="One figure for each unit of this kind. Default: company.")]
UnitId = Annotated[str, typer.Option("--unit", help="Only this unit; with --by, the units of that kind under it.")]
Track = Annotated[str, typer.Option(help="Only cases collected on this track. Default: all.")]
ViewOption = Annotated[View, typer.Option(help="scored leaves out excluded cases, full counts every case.")]
FormatOption = Annotated[Format, typer.Option("--format", help="How to write the figures.")]


def figures(
    ids: Ids,
    period: PeriodText,
    as_of: AsOf = "",
    by: By = None,
    unit: UnitId = "",
    track: Track = EVERY,
    view: ViewOption = View.SCORED,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's name
) -> None:
    """Write indicators by unit as a table, CSV or JSON."""
    company = read_company(read_settings())
    prepare_existing(company.settings)
    indicators = [_indicator(company, name) for name in ids]
    question = Question(
        parts=(asked_period(period),),
        as_of=_as_of(as_of, company.settings.time_zone),
        scope=local_scope(company.settings.user),
        rules=company.rules,
        filters=Filters(track=_track(company, track)),
        view=view,
    )
    with reader(company.settings) as engine, connect(engine) as connection:
        hierarchy = read_hierarchy(connection)
        groups = groups_of(hierarchy, by, unit, question.parts[0])
        results = answer(connection, hierarchy, question, indicators, groups)
    units = {indicator.id: indicator.unit for indicator in indicators}
    _write([figure_row(result, units[result.indicator], question.as_of) for result in results], format)


def _indicator(company: Company, name: str) -> Indicator:
    indicator = company.registry.get(name)
    if indicator is None:
        raise unknown("The indicator", name, company.registry.ids)
    return indicator


def _as_of(text: str, time_zone: ZoneInfo) -> datetime:
    """The instant in company time; now where the text is empty."""
    if not text:
        return datetime.now(UTC).astimezone(time_zone)
    try:
        return asked_instant(text, time_zone)
    except (ValueError, OverflowError) as error:
        raise WrongUseError(
            f"--as-of {text}: use a time such as 2026-10-08T08:00, or with an offset, …+08:00, "
            f"in the years {EARLIEST.year} to {LATEST.year - 1}"
        ) from error


def _track(company: Company, track: str) -> str | None:
    if track == EVERY:
        return None
    codes = company.vocabulary.codes("tracks")
    if track not in codes:
        raise unknown("The track", track, (EVERY, *codes))
    return track


def groups_of(hierarchy: Hierarchy, by: Kind | None, unit_id: str, period: Period) -> list[Group]:
    """The units that figures are wanted for: one unit, or those of a kind that existed during the period.

    With both, the units of the kind that stood under the unit on a day of the period. Raises WrongUseError for
    an unknown unit, and where there are no units at all.
    """
    if not hierarchy.units:
        raise WrongUseError(NO_UNITS)
    if unit_id and unit_id not in hierarchy.units:
        raise _unknown_unit(hierarchy, unit_id)
    if unit_id and by is None:
        return [_group(hierarchy, hierarchy.units[unit_id], period)]
    kind = (by or Kind.COMPANY).value
    return [_group(hierarchy, unit, period) for unit in _units_of_kind(hierarchy, kind, unit_id, period)]


def _units_of_kind(hierarchy: Hierarchy, kind: str, unit_id: str, period: Period) -> list[Unit]:
    if kind == COMPANY and not unit_id:
        return [hierarchy.units[hierarchy.company_id]] if hierarchy.company_id else []
    membership = hierarchy.membership(unit_id, (period,)) if unit_id else None
    below = {*membership.always, *membership.sometimes} if membership else set(hierarchy.units)
    units = (hierarchy.units[one] for one in sorted(below))
    return [unit for unit in units if unit.kind == kind and unit.exists(period.start, period.end)]


def _unknown_unit(hierarchy: Hierarchy, unit_id: str) -> WrongUseError:
    named = next((unit for unit in hierarchy.units.values() if unit.name == unit_id), None)
    if named is not None:
        return WrongUseError(f"{unit_id!r} is a name; --unit takes the unit's code: {named.id}")
    return unknown("The unit", unit_id, hierarchy.units)


def _group(hierarchy: Hierarchy, unit: Unit, period: Period) -> Group:
    return Group(unit.id, unit.name, unit.kind, hierarchy.parent(unit.id, period.last_day))


def _write(rows: list[FigureRow], written: Format) -> None:
    match written:
        case Format.JSON:
            typer.echo(as_json(rows))
        case Format.CSV:
            typer.echo(as_csv(rows))
        case Format.TABLE:
            tables: list[Table | str] = [*as_tables(rows)]
            Console().print(*tables or ["There is no such unit in this period."], sep="\n\n")
