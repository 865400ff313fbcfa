"""Status, reason and tone in words."""

from dashboard.i18n import Translator
from dashboard.presenters.nouns import shown_of
from dashboard.presenters.numbers import percent, shown
from dashboard.theme import SHAPES
from metrics.definition import Direction, Indicator, Unit
from metrics.result import Reason, Result, Status, Tone


def tone_word(tone: Tone | None, t: Translator) -> str:
    """The judgement against the target in a word; empty where there is none."""
    return {Tone.MET: t("met"), Tone.NEAR: t("near"), Tone.MISSED: t("missed"), None: ""}[tone]


def tone_shape(tone: Tone | None) -> str:
    """The judgement as a shape; empty where there is none."""
    return SHAPES[tone.value] if tone else ""


def status_word(result: Result, t: Translator) -> str:
    """Why there is nothing to show, or that there are few data, in a word or two; empty for a plain value."""
    match result.status:
        case Status.NO_DATA:
            return t("not for this kind of unit") if result.reason is Reason.NOT_FOR_KIND else t("no data")
        case Status.HIDDEN:
            return t("not shown")
        case Status.FEW:
            return t("few")
        case Status.OK:
            return ""


def reason_text(result: Result, t: Translator) -> str:
    """What to know about the figure, in a sentence; empty where there is nothing to say."""
    return {
        Reason.NONE: "",
        Reason.NO_DATA: t("There is nothing to count in this period."),
        Reason.FEW: t("Too few to judge."),
        Reason.NOT_REACHED: t("Less than this share was finished within the longest time observed."),
        Reason.SMALL_CELL: t("Not shown: fewer than ten, so that nobody can be recognised."),
        Reason.SUBTRACTION: t("Not shown: it would give away a small number by subtraction."),
        Reason.OPEN_PERIOD: t("Shown only for whole closed months."),
        Reason.NOT_FOR_KIND: t("This indicator has no meaning for this kind of unit."),
        Reason.UNOFFICIAL_CALENDAR: t("Working days without an official holiday calendar."),
    }[result.reason]


def value_text(result: Result, indicator: Indicator, t: Translator) -> str:
    """The value with its unit; a bound where it isn't reached; in words where there is none."""
    if result.value is not None:
        return str(shown_of(result.value, indicator, t))
    if result.at_least is not None:
        return t("at least {value}", value=shown_of(result.at_least, indicator, t))
    return status_word(result, t)


def target_value(target: float, unit: Unit, t: Translator) -> str:
    """A target's value with its unit."""
    return percent(target).replace(".0%", "%") if unit is Unit.SHARE else str(shown(target, unit, t))


def target_text(result: Result, indicator: Indicator, t: Translator) -> str:
    """The target in words; empty where there is none."""
    if result.target is None or indicator.direction is Direction.CONTEXT:
        return ""
    value = target_value(result.target, indicator.unit, t)
    return t(
        "target {value}", value=f"≤ {value}" if indicator.direction is Direction.LOWER and result.target else value
    )
