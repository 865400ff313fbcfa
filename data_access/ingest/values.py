"""Cells into values of a column's type, except dates: each parser gives the value or a Fault."""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from data_access.ingest.personal import MAXIMUM_CODE_LENGTH, content_fault, is_bare_mobile, may_be_personal
from data_access.ingest.problems import Fault
from data_access.ingest.text import Cell, as_text, fold

Parser = Callable[[Cell], object]

MAXIMUM_TEXT_LENGTH = 200
MAXIMUM_WHOLE_NUMBER = 2**31 - 1
MAXIMUM_REMEMBERED = 50_000

_TRUE = frozenset({"是", "y", "yes", "true", "t", "1", "真", "有", "√", "✓"})
_FALSE = frozenset({"否", "n", "no", "false", "f", "0", "假", "无", "×", "✗"})
_SEPARATOR = "\x1f"
_REMEMBERED_TYPES = {str, type(None)}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NUMBER = re.compile(r"[+-]?(\d+(,\d{3})*|\d+)?(\.\d*)?")


class Remembering(dict[str, object]):
    """A parser for text that remembers what it parsed: most columns repeat few values."""

    def __init__(self, parse: Parser) -> None:
        super().__init__()
        self._parse = parse

    def __missing__(self, text: str) -> object:
        """Parse the text and remember the value."""
        if len(self) >= MAXIMUM_REMEMBERED:
            self.clear()
        value = self[text] = self._parse(text)
        return value

    def __call__(self, cell: Cell) -> object:
        """The cell's value; only text is remembered, for 1 and True would be taken for each other."""
        return self[cell] if isinstance(cell, str) else self._parse(cell)

    def column(self, cells: Sequence[Cell]) -> list[object]:
        """The values of a whole column of cells."""
        if set(map(type, cells)) <= _REMEMBERED_TYPES:
            return list(map(self.__getitem__, cells))  # type: ignore[arg-type]
        return [self(cell) for cell in cells]


def are_plain_codes(cells: Sequence[Cell]) -> bool:
    """Whether all cells are texts in which ``parse_case_number`` finds nothing, looked at as one text."""
    try:
        joined = _SEPARATOR.join(cells)  # type: ignore[arg-type]
    except TypeError:
        return False
    printable = joined.isascii() and joined.replace(_SEPARATOR, "").isprintable()
    return printable and max(map(len, cells), default=0) <= MAXIMUM_CODE_LENGTH and not may_be_personal(joined)  # type: ignore[arg-type]


def parse_text(cell: Cell) -> object:
    """The cell as text of at most 200 characters that holds nothing about a person."""
    text = as_text(cell)
    if text is None:
        return None
    return _unfit(text) or content_fault(text) or text


def parse_case_number(cell: Cell) -> object:
    """The cell as ``parse_text`` gives it, or a number like a mobile number, which its column must then judge."""
    text = as_text(cell)
    return text if is_bare_mobile(text) else parse_text(cell)


def parse_open_text(cell: Cell) -> object:
    """The cell as text where names are allowed: units and posts."""
    text = as_text(cell)
    return None if text is None else _unfit(text) or text


def _unfit(text: str) -> Fault | None:
    if len(text) > MAXIMUM_TEXT_LENGTH:
        # What is long may be a case's text, so it isn't repeated.
        return Fault("too_long", (("maximum", str(MAXIMUM_TEXT_LENGTH)),), secret=True)
    return Fault("control_character", secret=True) if _CONTROL.search(text) else None


def whole_number_parser(minimum: int | None, maximum: int | None) -> Parser:
    """A parser for whole numbers within bounds."""
    low = -MAXIMUM_WHOLE_NUMBER if minimum is None else minimum
    high = MAXIMUM_WHOLE_NUMBER if maximum is None else maximum

    def parse(cell: Cell) -> object:
        number = _number(cell)
        if number is None or isinstance(number, Fault):
            return number
        if not number.is_integer():
            return Fault("not_whole")
        if not low <= number <= high:
            return Fault("out_of_bounds", (("minimum", str(low)), ("maximum", str(high))))
        return int(number)

    return parse


def parse_decimal(cell: Cell) -> object:
    """The cell as a number of zero or more."""
    number = _number(cell)
    if isinstance(number, float) and number < 0:
        return Fault("negative")
    return number


def _number(cell: Cell) -> float | Fault | None:
    if isinstance(cell, bool):
        return Fault("not_a_number")
    if isinstance(cell, int | float):
        return float(cell) if math.isfinite(cell) else Fault("not_a_number")
    text = as_text(cell)
    if text is None:
        return None
    plain = fold(text)
    if _NUMBER.fullmatch(plain) is None or not any(character.isdigit() for character in plain) or len(plain) > 20:
        return Fault("not_a_number", secret=content_fault(text) is not None)
    return float(plain.replace(",", ""))


def parse_flag(cell: Cell) -> object:
    """The cell as True or False."""
    if isinstance(cell, bool):
        return cell
    text = as_text(cell)
    if text is None:
        return None
    folded = fold(text)
    if folded in _TRUE:
        return True
    return False if folded in _FALSE else Fault("not_a_flag", secret=content_fault(text) is not None)


def code_parser(spellings: Mapping[str, str], allowed: Iterable[str]) -> Parser:
    """A parser for a closed list of codes, found by code or by name in either language."""
    listing = ", ".join(allowed)

    def parse(cell: Cell) -> object:
        text = as_text(cell)
        if text is None:
            return None
        code = spellings.get(fold(text))
        if code is not None:
            return code
        return content_fault(text) or _unfit(text) or Fault("unknown_code", (("allowed", listing),))

    return parse
