"""What the filters offer."""

from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard.address import EVERY, NOW, SETTLED, Known, resolve_as_of
from dashboard.i18n import Translator
from dashboard.presenters.periods import instant, period_name
from data_access.question import View
from metrics.period import Period, PeriodError, PeriodKind, month_period, parse_period, quarter_period, settlement

QUARTERS, MONTHS, YEARS = 9, 13, 3


def period_choices(chosen: Period, latest: datetime, time_zone: ZoneInfo) -> list[str]:
    """The names of the periods that can be chosen: quarters, months, half-years and years, newest first.

    The chosen one is among them, in front if it is of another form.
    """
    today = latest.astimezone(time_zone).date()
    quarters = _back(quarter_period(today), QUARTERS)
    months = _back(month_period(today), MONTHS)
    halves = _back(parse_period(f"{today.year}H{(today.month + 5) // 6}"), YEARS)
    years = _back(parse_period(f"{today.year}"), YEARS)
    assessment = [Period(month.start, month.end, month.kind) for month in _back(_assessment_month(today), YEARS)]
    names = [period.name for period in (*quarters, *months, *halves, *years, *assessment)]
    return names if chosen.name in names else [chosen.name, *names]


def _assessment_month(today: object) -> Period:
    return parse_period(f"{today:%Y-%m}A")


def _back(period: Period, count: int) -> list[Period]:
    periods = [period]
    while len(periods) < count:
        periods.append(periods[-1].previous())
    return periods


def period_label(name: str, t: Translator) -> str:
    """A period's name in words; a text that names none is given back."""
    try:
        return period_name(parse_period(name), t)
    except PeriodError:
        return name


def is_period(name: str) -> bool:
    """Whether a text names a period."""
    try:
        return parse_period(name).kind in PeriodKind
    except PeriodError:
        return False


def as_of_choices(chosen: str) -> list[str]:
    """What can be chosen as the as-of time; an instant of the link is among it."""
    return list(dict.fromkeys((SETTLED, NOW, chosen)))


def as_of_label(text: str, period: Period, known: Known, t: Translator) -> str:
    """An as-of time in words, with the instant that is meant."""
    at = instant(resolve_as_of(text, period, known), known.time_zone)
    if text == NOW:
        return t("Now, {at}", at=at)
    if text == SETTLED and settlement(period, known.settlement_days, known.time_zone) <= known.now:
        return t("Settled, {at}", at=at)
    if text == SETTLED:
        return t("Not settled yet, {at}", at=at)
    return t("As of {at}", at=at)


def track_label(code: str, names: dict[str, str], t: Translator) -> str:
    """A track in words."""
    return t("Both tracks") if code == EVERY else names.get(code, code)


def view_label(view: str, t: Translator) -> str:
    """A way of counting in words."""
    return {View.SCORED.value: t("Scored view"), View.FULL.value: t("Full view")}[view]
