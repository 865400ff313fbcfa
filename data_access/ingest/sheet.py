"""What every reader gives: sheets of rows of cells."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from data_access.ingest.text import Cell

Row = list[Cell]


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook, or a whole CSV file.

    ``rows`` gives every row from the first on, blank ones included; it may raise UnreadableFile.
    ``first_column`` is the number (from 0) of the column that a row's first cell stands in.
    ``done`` is how many bytes of the file have been read so far.
    """

    name: str
    rows: Callable[[], Iterator[Row]]
    done: Callable[[], int]
    first_column: int = 0
    typed: bool = False
    """cells have types of their own, as in workbooks"""
