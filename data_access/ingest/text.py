"""Cells as text: full-width characters and stray blanks mended, spellings made comparable."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta

Cell = str | int | float | bool | date | datetime | time | timedelta | None
"""A cell as the readers give it: text from CSV; from workbooks also numbers, dates and truth values."""

_STRAY = " \t\r\n\v\f\u00a0\u200b\u200c\u200d\u202f\u2060\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))
_HALF_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
"""Full-width digits and letters; full-width punctuation is part of Chinese names and stays."""
_LINE_BREAKS = re.compile(r"\s*[\t\r\n\v\f]+\s*")
_NOT_WORD = re.compile(r"[\W_]+")


def tidy(text: str) -> str:
    """The text without blanks around it, with plain digits and letters, on one line."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return _LINE_BREAKS.sub(" ", text.translate(_HALF_WIDTH).strip(_STRAY))


def fold(text: str) -> str:
    """The text as spellings are compared: without differences of case, width and blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def fold_header(text: str) -> str:
    """A header as spellings are compared: letters and digits only."""
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", text).casefold())


def as_text(cell: Cell) -> str | None:
    """The cell as tidy text; None if it is blank. Whole numbers lose the ``.0`` that workbooks give them."""
    if cell is None:
        return None
    if isinstance(cell, str):
        return tidy(cell) or None
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
