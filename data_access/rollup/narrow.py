"""Whole numbers in columns, each as narrow as its largest number lets it be, and packed into a few bytes."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from data_access.rollup.rows import Array

_TYPES = (np.dtype("<i4"), np.dtype("<i2"), np.dtype("<i1"))
"""The widest first: so each number's bytes begin at a multiple of their count, as processors like it."""

_CODEC = "lz4_raw"


@dataclass(frozen=True, eq=False)
class Columns:
    """Columns of one length, in order; nobody may change their numbers.

    ``widths`` has a byte for each column: how many bytes its numbers take. ``matrices`` holds the columns by their
    width, the widest first, as lines of one matrix for each width.
    """

    widths: bytes
    matrices: tuple[Array, ...]

    @property
    def rows(self) -> int:
        """How many numbers each column has."""
        count: int = self.matrices[0].shape[1]
        return count

    @property
    def nbytes(self) -> int:
        """The memory that the numbers take."""
        return sum(matrix.nbytes for matrix in self.matrices)

    def __getitem__(self, place: int) -> Array:
        """The column at a place."""
        width = self.widths[place]
        matrix = next(matrix for matrix in self.matrices if matrix.itemsize == width)
        column: Array = matrix[self.widths[:place].count(width)]
        return column

    def __iter__(self) -> Iterator[Array]:
        """The columns in order."""
        return map(self.__getitem__, range(len(self.widths)))

    def part(self, first: int, end: int) -> "Columns":
        """The rows from the first up to the end."""
        return Columns(self.widths, tuple(matrix[:, first:end] for matrix in self.matrices))

    def take(self, rows: Array) -> "Columns":
        """Some rows, in their order."""
        return Columns(self.widths, tuple(matrix.take(rows, axis=1) for matrix in self.matrices))


Pieces = tuple[Columns, ...]
"""Columns whose rows follow one another; those of two pieces may be of different widths."""


def narrowed(matrix: Array) -> Columns:
    """The lines of a matrix of whole numbers that fit into four bytes."""
    largest = np.maximum(matrix.max(axis=1, initial=0), ~matrix.min(axis=1, initial=0))
    widths = np.select([largest < 1 << 7, largest < 1 << 15], [1, 2], 4)
    lines = (matrix[widths == kind.itemsize].astype(kind) for kind in _TYPES)
    return Columns(bytes(widths.tolist()), tuple(lines))


def packed(columns: Columns) -> bytes:
    """The columns as bytes: how wide each one is, then the numbers, compressed."""
    numbers = b"".join(matrix.tobytes() for matrix in columns.matrices)
    compressed: bytes = pa.compress(numbers, codec=_CODEC, asbytes=True)
    return columns.widths + compressed


def unpacked(data: bytes, count: int, rows: int) -> Columns:
    """The ``count`` columns that were packed, of so many rows."""
    widths = data[:count]
    numbers = pa.decompress(memoryview(data)[count:], decompressed_size=sum(widths) * rows, codec=_CODEC)
    matrices: list[Array] = []
    begin = 0
    for kind in _TYPES:
        lines = widths.count(kind.itemsize)
        matrices.append(np.frombuffer(numbers, kind, lines * rows, begin).reshape(lines, rows))
        begin += matrices[-1].nbytes
    return Columns(widths, tuple(matrices))
