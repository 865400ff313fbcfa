"""The heat table: units × indicators, with what each cell says and how it is toned."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from dashboard.i18n import Translator
from dashboard.presenters.judgement import reason_text, status_word, target_text, tone_shape, tone_word, value_text
from dashboard.presenters.numbers import fraction, short
from metrics.definition import Indicator, Unit
from metrics.result import Group, Result, Status, Tone

SHARE_BY_CHANCE = 0.025
"""Of units exactly at their target, how many a 95 % interval calls missed by chance alone."""

PLAIN = "plain"
GRAVITY = {Tone.MISSED: 2, Tone.NEAR: 1}


@dataclass(frozen=True)
class Cell:
    """What a cell shows: its text, its tone's shape and CSS class, and all of it in a sentence."""

    text: str
    shape: str
    tone: str
    label: str


@dataclass(frozen=True)
class Column:
    """An indicator as a heading; ``title`` is the full name with its unit."""

    id: str
    label: str
    title: str


@dataclass(frozen=True)
class Row:
    """A unit with one cell per column; ``here`` marks the unit that the page is about."""

    id: str
    name: str
    here: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class HeatTable:
    """The whole table; ``sort`` is the column it is sorted by, None for the units that need attention first."""

    corner: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    sort: str | None
    by_chance: float

    def payload(self) -> dict[str, object]:
        """The table as the component wants it."""
        return asdict(self)


def present_heat_table(
    results: Iterable[Result],
    indicators: Sequence[Indicator],
    corner: str,
    t: Translator,
    *,
    sort: str | None = None,
    here: str | None = None,
) -> HeatTable:
    """The table of results: one row per unit, one column per indicator."""
    by_unit = _by_unit(results)
    known = sort if sort in {indicator.id for indicator in indicators} else None
    groups = sorted(by_unit, key=lambda group: _rank(by_unit[group], indicators, known))
    rows = tuple(
        Row(group.unit_id, group.name, group.unit_id == here, _cells(by_unit[group], indicators, t)) for group in groups
    )
    return HeatTable(
        corner=corner,
        caption=t("{units} by indicator; choose a cell to go to the unit", units=corner),
        columns=tuple(_column(indicator, t) for indicator in indicators),
        rows=rows,
        sort=known,
        by_chance=SHARE_BY_CHANCE * _judged(by_unit.values()),
    )


def _by_unit(results: Iterable[Result]) -> dict[Group, dict[str, Result]]:
    units: dict[Group, dict[str, Result]] = {}
    for result in results:
        units.setdefault(result.group, {})[result.indicator] = result
    return units


def _judged(units: Iterable[Mapping[str, Result]]) -> int:
    """How many cells could have been called missed by chance: those with a tone and an interval."""
    return sum(result.tone is not None and result.low is not None for unit in units for result in unit.values())


def _rank(unit: Mapping[str, Result], indicators: Sequence[Indicator], sort: str | None) -> tuple[float, ...]:
    """Small for what should stand first: the gravest tones, or the worst value of the sorted column."""
    if sort is None:
        tones = [result.tone for result in unit.values()]
        return (-float(tones.count(Tone.MISSED)), -float(tones.count(Tone.NEAR)))
    indicator = next(found for found in indicators if found.id == sort)
    result = unit.get(sort)
    if result is None or result.value is None or result.status is Status.FEW:
        return (1.0, 0.0)
    return (0.0, result.value if indicator.direction.value == "higher" else -result.value)


def _cells(unit: Mapping[str, Result], indicators: Sequence[Indicator], t: Translator) -> tuple[Cell, ...]:
    return tuple(present_cell(unit.get(indicator.id), indicator, t) for indicator in indicators)


def present_cell(result: Result | None, indicator: Indicator, t: Translator) -> Cell:
    """What a cell shows of a result; no data where there is none."""
    if result is None:
        return Cell(t("no data"), "", Status.NO_DATA.value, t("no data"))
    return Cell(_text(result, indicator, t), tone_shape(result.tone), _tone(result), cell_label(result, indicator, t))


def _text(result: Result, indicator: Indicator, t: Translator) -> str:
    if result.status in (Status.NO_DATA, Status.HIDDEN):
        return status_word(result, t)
    if result.value is None:
        return "≥ " + short(result.at_least or 0.0, indicator.unit, t)
    value = short(result.value, indicator.unit, t)
    return t("{value} (few)", value=value) if result.status is Status.FEW else value


def _tone(result: Result) -> str:
    if result.status is not Status.OK:
        return result.status.value
    return result.tone.value if result.tone else PLAIN


def cell_label(result: Result, indicator: Indicator, t: Translator) -> str:
    """All that a cell stands for, in one line: unit, indicator, value, counts, target, judgement, reason."""
    counts = "" if result.numerator is None or result.denominator is None else _counts(result)
    parts = (
        f"{result.group.name} · {indicator.text(t.language).name}",
        value_text(result, indicator, t),
        counts,
        target_text(result, indicator, t),
        tone_word(result.tone, t),
        reason_text(result, t),
    )
    return " · ".join(part for part in parts if part)


def _counts(result: Result) -> str:
    return fraction(result.numerator or 0.0, result.denominator or 0.0)


def _column(indicator: Indicator, t: Translator) -> Column:
    texts = indicator.text(t.language)
    suffix = "" if indicator.unit is not Unit.SHARE else " %"
    return Column(indicator.id, f"{texts.short}{suffix}", texts.name)
