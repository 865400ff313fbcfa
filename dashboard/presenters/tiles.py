"""A headline tile: one figure with everything that defends it."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.i18n import Translator
from dashboard.presenters.judgement import (
    reason_text,
    status_word,
    target_text,
    tone_shape,
    tone_word,
    value_text,
)
from dashboard.presenters.nouns import counted, noun_of, shown_of
from dashboard.presenters.numbers import Shown, decimal, difference, fraction, signed
from dashboard.presenters.periods import period_name
from metrics.definition import Direction, Formula, Indicator, Unit
from metrics.result import Result, Status


@dataclass(frozen=True)
class Comparison:
    """A change since another period: in a few words, and in full for the reader who asks."""

    text: str
    full: str


@dataclass(frozen=True)
class Tile:
    """What a tile says. ``number`` is None where ``words`` say why there is none; ``tone`` is a CSS class."""

    indicator_id: str
    name: str
    number: Shown | None
    words: str
    tone: str
    judgement: str
    target: str
    counts: str
    last_period: Comparison
    year_before: Comparison
    gap: str
    reason: str
    beside: tuple[str, ...]
    trend: tuple[float | None, ...]
    trend_target: float | None
    trend_label: str


@dataclass(frozen=True)
class Headline:
    """The results behind a tile: this period, the last, a year ago, the months, and companions beside it."""

    indicator: Indicator
    now: Result
    last_period: Result | None
    year_before: Result | None
    months: tuple[Result, ...]
    companions: tuple[tuple[Indicator, Result], ...] = ()


def present_tile(headline: Headline, t: Translator) -> Tile:
    """The tile of a headline."""
    indicator, now = headline.indicator, headline.now
    shape = tone_shape(now.tone)
    return Tile(
        indicator_id=indicator.id,
        name=indicator.text(t.language).name,
        number=_number(now, indicator, t),
        words=status_word(now, t),
        tone=now.tone.value if now.tone else "plain",
        judgement=f"{shape} {tone_word(now.tone, t)}" if shape else _no_judgement(now, indicator, t),
        target=target_text(now, indicator, t),
        counts=_counts(now, indicator, t),
        last_period=_comparison(t("vs last"), now, headline.last_period, indicator, t),
        year_before=_comparison(t("vs a year ago"), now, headline.year_before, indicator, t),
        gap=gap_text(now, indicator, t),
        reason=reason_text(now, t),
        beside=_beside(headline, t),
        trend=tuple(_plotted(month) for month in headline.months),
        trend_target=now.target,
        trend_label=_trend_label(headline, t),
    )


def _number(result: Result, indicator: Indicator, t: Translator) -> Shown | None:
    if result.value is not None:
        return shown_of(result.value, indicator, t)
    if result.at_least is not None:
        bound = shown_of(result.at_least, indicator, t)
        return Shown(f"≥ {bound.number}", bound.unit)
    return None


def _no_judgement(result: Result, indicator: Indicator, t: Translator) -> str:
    if result.status is Status.OK and indicator.direction is Direction.CONTEXT:
        return t("for context")
    return status_word(result, t) if result.status is Status.FEW else ""


def _counts(result: Result, indicator: Indicator, t: Translator) -> str:
    if result.numerator is not None and result.denominator is not None:
        return fraction(result.numerator, result.denominator)
    if indicator.formula is Formula.SURVIVAL_QUANTILE and result.denominator is not None:
        return t("of {cases}", cases=counted(result.denominator, noun_of(indicator), t))
    return ""


def _comparison(name: str, now: Result, then: Result | None, indicator: Indicator, t: Translator) -> Comparison:
    if then is None or then.value is None or now.value is None:
        return Comparison(f"{name} –", t("{name}: no data to compare with", name=name))
    change = now.value - then.value
    scale = 100 if indicator.unit is Unit.SHARE else 1
    return Comparison(
        text=f"{name} {signed(decimal(abs(change) * scale), change)}",
        full=t(
            "{name}: {change}, from {value} in {period}",
            name=name,
            change=difference(change, indicator.unit, t),
            value=value_text(then, indicator, t),
            period=period_name(then.period, t),
        ),
    )


def gap_text(result: Result, indicator: Indicator, t: Translator) -> str:
    """How far the target is: as a number of cases where it is missed, as a difference where it is met.

    Empty where nothing is judged: without a target or a value, for context, with few data.
    """
    if result.target is None or result.value is None or result.status is not Status.OK:
        return ""
    if indicator.direction is Direction.CONTEXT:
        return ""
    higher = indicator.direction is Direction.HIGHER
    if result.gap:
        size = counted(result.gap, noun_of(indicator), t)
        return t("{size} short of target", size=size) if higher else t("{size} too many", size=size)
    ahead = (result.value - result.target) * (1 if higher else -1)
    size = difference(abs(ahead), indicator.unit, t).lstrip("+±")
    if ahead == 0:
        return t("exactly on target")
    return t("{size} better than target", size=size) if ahead > 0 else t("{size} worse than target", size=size)


def _beside(headline: Headline, t: Translator) -> tuple[str, ...]:
    return tuple(
        f"{indicator.text(t.language).name} {value_text(result, indicator, t)}"
        for indicator, result in headline.companions
    )


def _plotted(month: Result) -> float | None:
    return month.value if month.status is Status.OK else None


def _trend_label(headline: Headline, t: Translator) -> str:
    months: Sequence[str] = [
        f"{period_name(month.period, t)} {value_text(month, headline.indicator, t)}" for month in headline.months
    ]
    return t("By month: {months}", months=", ".join(months)) if months else t("No months to show")
