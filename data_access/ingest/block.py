"""Blocks of rows on their way from a sheet to the database: small enough for memory, large enough for speed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from data_access.ingest.header import Header
from data_access.ingest.sheet import Row, Sheet
from data_access.ingest.text import Cell, tidy
from data_access.ingest.wall_clock import Times

ROWS_PER_BLOCK = 20_000


@dataclass(frozen=True)
class RawBlock:
    """Rows as they were read: their numbers in the sheet (from 1) and the tidied cells by position.

    ``too_wide`` are the numbers of rows that have more cells than the header.
    """

    rows: list[int]
    cells: Mapping[int, list[Cell]]
    too_wide: list[int]


@dataclass
class Block:
    """Rows of a table. ``values`` are ready for the database; ``instants`` repeat its instants for checks.

    ``faults`` are the cells that can't be used, as header and code, by position; their values are None.
    """

    rows: list[int]
    values: dict[str, Sequence[object]] = field(default_factory=dict)
    instants: dict[str, Times] = field(default_factory=dict)
    faults: dict[int, list[tuple[str, str]]] = field(default_factory=dict)

    def fault(self, place: int, header: str, code: str) -> None:
        """Note that a row can't be used."""
        self.faults.setdefault(place, []).append((header, code))


def raw_blocks(sheet: Sheet, header: Header, positions: Sequence[int], blanks: frozenset[str]) -> Iterator[RawBlock]:
    """The rows below the header that hold something at the positions; raises UnreadableFile."""
    rows = islice(sheet.rows(), header.row, None)
    first = header.row + 1
    while block := list(islice(rows, ROWS_PER_BLOCK)):
        yield _raw_block(list(range(first, first + len(block))), block, header.width, positions, blanks)
        first += len(block)


def _raw_block(
    numbers: list[int], rows: list[Row], width: int, positions: Sequence[int], blanks: frozenset[str]
) -> RawBlock:
    too_wide: list[int] = []
    if set(map(len, rows)) != {width}:
        too_wide = [number for number, row in zip(numbers, rows, strict=True) if len(row) > width and any(row[width:])]
        rows = [row if len(row) == width else _fitted(row, width) for row in rows]
    columns = list(zip(*rows, strict=True))
    cells = {position: _tidied(columns[position], blanks) for position in positions}
    kept = _filled(cells, len(rows))
    if len(kept) == len(rows):
        return RawBlock(numbers, cells, too_wide)
    return RawBlock(
        [numbers[place] for place in kept],
        {position: [column[place] for place in kept] for position, column in cells.items()},
        too_wide,
    )


def _filled(cells: Mapping[int, list[Cell]], size: int) -> Sequence[int]:
    """The places of the rows that hold something; most sheets have a column that is always filled."""
    if any(None not in column for column in cells.values()):
        return range(size)
    rows = zip(*cells.values(), strict=True)
    return [place for place, row in enumerate(rows) if any(cell is not None for cell in row)]


def _fitted(row: Row, width: int) -> Row:
    return [*row[:width], *[None] * (width - len(row))]


def _tidied(cells: Sequence[Cell], blanks: frozenset[str]) -> list[Cell]:
    """The cells without stray blanks; None where there is nothing, or only a sign for nothing."""
    if _is_plain(cells):
        tidied: list[Cell] = list(map(str.strip, cells))  # type: ignore[arg-type]
        if "" in tidied:
            tidied = [cell or None for cell in tidied]
    else:
        tidied = [(tidy(cell) or None) if isinstance(cell, str) else cell for cell in cells]
    return [None if isinstance(cell, str) and cell in blanks else cell for cell in tidied] if blanks else tidied


def _is_plain(cells: Sequence[Cell]) -> bool:
    """Whether all cells are text without anything to mend but blanks: looked at once, not cell by cell."""
    try:
        joined = "".join(cells)  # type: ignore[arg-type]
    except TypeError:
        return False
    return joined.isascii() and joined.isprintable()
