"""Units in the order of a figure."""

from collections.abc import Iterable

from dashboard.charts.bars import Bar, TargetLine
from dashboard.i18n import Translator
from dashboard.presenters.heat import cell_label
from dashboard.presenters.judgement import target_text, tone_shape, value_text
from dashboard.presenters.numbers import fraction
from metrics.definition import Direction, Indicator, Unit
from metrics.result import Result, Status


def unit_bars(results: Iterable[Result], indicator: Indicator, t: Translator) -> list[Bar]:
    """One bar per unit, the worst first; units with few data below, those without any last."""
    return [
        Bar(
            label=result.group.name,
            value=None if result.value is None else result.value * _scale(indicator),
            text=_text(result, indicator, t),
            tone=result.tone.value if result.tone else None,
            chosen=result.group.unit_id,
            note=cell_label(result, indicator, t),
        )
        for result in sorted(results, key=lambda result: _rank(result, indicator))
    ]


def target_line(results: Iterable[Result], indicator: Indicator, t: Translator) -> TargetLine | None:
    """The target that all these units share; None where they have none, or different ones."""
    judged = [result for result in results if result.target is not None]
    if not judged or len({result.target for result in judged}) > 1:
        return None
    first = judged[0]
    return TargetLine((first.target or 0.0) * _scale(indicator), target_text(first, indicator, t))


def _scale(indicator: Indicator) -> float:
    return 100.0 if indicator.unit is Unit.SHARE else 1.0


def _rank(result: Result, indicator: Indicator) -> tuple[int, float, str]:
    if result.value is None:
        return (2, 0.0, result.group.unit_id)
    worst_first = result.value if indicator.direction is Direction.HIGHER else -result.value
    return (int(result.status is Status.FEW), worst_first, result.group.unit_id)


def _text(result: Result, indicator: Indicator, t: Translator) -> str:
    value = value_text(result, indicator, t)
    if result.value is None:
        return value
    counts = "" if result.denominator is None else f" ({fraction(result.numerator or 0.0, result.denominator)})"
    few = t("few") if result.status is Status.FEW else ""
    return " ".join(part for part in (tone_shape(result.tone), f"{value}{counts}", few) if part)
