"""Numbers as people read them in each language. Every function takes the translator last."""

from dataclasses import dataclass

from dashboard.i18n import CHINESE, Translator
from metrics.definition import Unit

MINUS = "−"
TEN_THOUSAND = 10_000


@dataclass(frozen=True)
class Shown:
    """A value in words: the number, and the unit that stands behind it."""

    number: str
    unit: str

    def __str__(self) -> str:
        """Number and unit in one line; a Latin unit is set apart from the number, a Chinese one and % are not."""
        apart = " " if self.unit[:1].isascii() and self.unit[:1].isalpha() else ""
        return f"{self.number}{apart}{self.unit}"


def shown(value: float, unit: Unit, t: Translator) -> Shown:
    """The value of an indicator with its unit."""
    match unit:
        case Unit.SHARE:
            return Shown(percent_number(value), "%")
        case Unit.HOURS:
            return Shown(decimal(value), t.plural("hour", "hours", _form(value)))
        case Unit.WORKING_DAYS:
            return Shown(decimal(value), t.plural("working day", "working days", _form(value)))
        case Unit.PER_100_EMPLOYEES:
            return Shown(decimal(value), t("per 100 employees"))
        case Unit.COUNT:
            return Shown(count(value, t), t.plural("case", "cases", _form(value)))


def short(value: float, unit: Unit, t: Translator) -> str:
    """The value alone, for a cell whose heading says the unit."""
    return shown(value, unit, t).number


def percent_number(share: float) -> str:
    """A share as per cent with one decimal; only a whole share is 100 and only none is 0."""
    if share in (0.0, 1.0):
        return f"{share * 100:.0f}"
    return f"{min(max(share * 100, 0.1), 99.9) if 0 < share < 1 else share * 100:.1f}"


def percent(share: float) -> str:
    """A share as per cent with its sign."""
    return f"{percent_number(share)}%"


def decimal(value: float) -> str:
    """A number with at most one decimal and thousands set apart."""
    return f"{round(value):,}" if abs(value - round(value)) < 0.05 else f"{value:,.1f}"


def whole(value: float) -> str:
    """A count in full."""
    return f"{value:,.0f}"


def count(value: float, t: Translator) -> str:
    """A count; from ten thousand on in 万 where the language counts so."""
    if t.language == CHINESE and abs(value) >= TEN_THOUSAND:
        return f"{value / TEN_THOUSAND:.2f}万"
    return whole(value)


def signed(text: str, value: float) -> str:
    """The text with its sign in front; a value that rounds to nothing has none."""
    if not any(digit in "123456789" for digit in text):
        return f"±{text}"
    return f"{'+' if value > 0 else MINUS}{text}"


def difference(value: float, unit: Unit, t: Translator) -> str:
    """A change of an indicator's value, with its sign: shares in percentage points."""
    if unit is Unit.SHARE:
        return t("{number} points", number=signed(decimal(abs(value) * 100), value))
    size = shown(abs(value), unit, t)
    return str(Shown(signed(size.number, value), size.unit))


def fraction(numerator: float, denominator: float) -> str:
    """Numerator and denominator, exact; weights may make the numerator a decimal."""
    return f"{exact(numerator)} / {exact(denominator)}"


def exact(value: float) -> str:
    """A count in full, with a decimal only where it isn't whole."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def _form(value: float) -> int:
    return 1 if value == 1 else 2
