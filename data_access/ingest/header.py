"""The header of a sheet: found below titles, through merged cells, and told apart from data."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from data_access.ingest.mapping import TableMapping
from data_access.ingest.problems import Level, Problem
from data_access.ingest.sheet import Row, Sheet
from data_access.ingest.text import as_text, fold_header

_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")

ROWS_SEARCHED = 30
MERGED_ROWS = 2
"""A header cell merged downwards has its text at most so many rows above."""


@dataclass(frozen=True)
class Header:
    """Where a sheet's columns are. ``row`` counts from 1; ``positions`` index into a row's cells."""

    row: int
    positions: Mapping[str, int]
    """by folded header"""
    texts: Mapping[int, str]
    """as the file spells them, by position"""
    repeated: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """How many cells a row has, at most."""
        return max(self.texts) + 1

    def position(self, headers: Iterable[str]) -> int | None:
        """Where the first of the spellings stands; None if none does."""
        found = (self.positions.get(fold_header(header)) for header in headers)
        return next((position for position in found if position is not None), None)

    def text(self, headers: Sequence[str]) -> str:
        """The header as the file spells it; the first spelling if the file doesn't have it."""
        position = self.position(headers)
        return self.texts[position] if position is not None else headers[0]


@dataclass
class HeaderSearch:
    """What was found at the top of a sheet."""

    header: Header | None
    problems: list[Problem] = field(default_factory=list)


def wanted_headers(mapping: TableMapping) -> frozenset[str]:
    """The folded spellings of all headers that the mapping reads."""
    spellings = [header for column in mapping.columns for header in column.headers]
    if mapping.units is not None:
        spellings += [header for level in mapping.units.levels for headers in level.headers for header in headers]
    if mapping.log is not None:
        log = mapping.log
        spellings += [header for headers in (log.at, log.state, log.sequence, log.reopened) for header in headers]
    return frozenset(map(fold_header, spellings))


def find_header(sheet: Sheet, wanted: frozenset[str]) -> HeaderSearch:
    """The row in which most wanted headers stand, and a second such row if there is one."""
    top = list(islice(sheet.rows(), ROWS_SEARCHED))
    matches = [_matches(_filled(top, number), wanted) for number in range(len(top))]
    best = max(matches, default=0)
    if best == 0:
        return HeaderSearch(None)
    number = matches.index(best)
    header = _header(number + 1, _filled(top, number), wanted)
    return HeaderSearch(header, list(_second_headers(sheet.name, top, number, wanted)))


def _filled(top: list[Row], number: int) -> list[str | None]:
    """The row's texts, with what stands above where a cell is blank: merged cells keep only their first."""
    above = top[max(0, number - MERGED_ROWS) : number + 1][::-1]
    width = len(top[number])
    texts = [[as_text(cell) for cell in row[:width]] for row in above]
    return [next((row[column] for row in texts if column < len(row) and row[column]), None) for column in range(width)]


def _matches(texts: Iterable[str | None], wanted: frozenset[str]) -> int:
    return len({spelling for text in texts if text for spelling in _spellings(text)} & wanted)


def _spellings(text: str) -> tuple[str, str]:
    """The header, and the header without what stands in brackets, such as 受理时间（必填）."""
    return fold_header(text), fold_header(_BRACKETS.sub("", text))


def _header(row: int, texts: list[str | None], wanted: frozenset[str]) -> Header:
    positions: dict[str, int] = {}
    repeated = []
    for position, text in enumerate(texts):
        folded = fold_header(text or "")
        if not folded:
            continue
        if folded in positions and folded in wanted:
            repeated.append(text or "")
        positions.setdefault(folded, position)
    for position, text in enumerate(texts):
        if (plain := _spellings(text or "")[1]) and plain in wanted:
            positions.setdefault(plain, position)
    return Header(row, positions, {position: text for position, text in enumerate(texts) if text}, tuple(repeated))


def _second_headers(sheet: str, top: list[Row], first: int, wanted: frozenset[str]) -> Iterable[Problem]:
    for number in range(first + 1, len(top)):
        texts = [text for text in map(as_text, top[number]) if text]
        matching = _matches(texts, wanted)
        if matching >= 2 and matching * 2 >= len(texts):
            yield Problem(Level.ERROR, "second_header", sheet, number + 1, parameters=(("first", str(first + 1)),))
