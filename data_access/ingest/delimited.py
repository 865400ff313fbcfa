"""CSV and tab-separated files: encoding and separator found out, rows streamed."""

import codecs
import csv
import io
import zlib
from collections import Counter
from collections.abc import Iterator
from itertools import count
from operator import itemgetter
from typing import BinaryIO

from data_access.ingest.problems import unreadable
from data_access.ingest.sheet import Row, Sheet
from data_access.ingest.source import BLOCK, GZIP, Metered, Source, unpacked

SAMPLE = 1 << 16
SEPARATORS = ",\t;|"
MAXIMUM_CELL = 100_000
"""Characters; a longer cell means that a quote was never closed."""

_UNICODE = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BINARY = frozenset(range(32)) - {9, 10, 11, 12, 13, 26, 27}
_PACKED_ERRORS = (OSError, EOFError, zlib.error)


def read_delimited(source: Source) -> Sheet:
    """The file as one sheet of text cells; raises UnreadableFile if it isn't text or is empty."""
    packed = _begins(source, GZIP)
    encoding = _encoding(source, packed=packed)
    sample = _sample(source, encoding, packed=packed)
    if not sample.strip("\ufeff \r\n\t,;|"):
        raise unreadable("empty_file")
    if any(ord(character) in _BINARY for character in sample):
        raise unreadable("wrong_kind")
    separator = _separator(sample)
    opened: list[Metered] = []

    def rows() -> Iterator[Row]:
        stream = Metered(source.open())
        opened[:] = [stream]
        return _rows(unpacked(stream, packed=packed), encoding, separator, source.name)

    return Sheet(source.name, rows, lambda: opened[0].done if opened else 0)


def _begins(source: Source, magic: bytes) -> bool:
    with source.open() as stream:
        return stream.read(len(magic)) == magic


def _blocks(source: Source, *, packed: bool) -> Iterator[bytes]:
    with unpacked(Metered(source.open()), packed=packed) as stream:
        try:
            while block := stream.read(BLOCK):
                yield block
        except _PACKED_ERRORS:
            raise unreadable("corrupt_file") from None


def _encoding(source: Source, *, packed: bool) -> str:
    """The encoding of the whole file; every byte is looked at, for one wrong byte at its end matters too."""
    first = next(_blocks(source, packed=packed), b"")
    for mark, encoding in _UNICODE:
        if first.startswith(mark):
            return encoding
    encodings = _wide_encodings(first) or ("utf-8", "gb18030")
    for encoding in encodings:
        if _decodes(source, encoding, packed=packed):
            return encoding
    raise unreadable("wrong_kind" if any(byte in _BINARY for byte in first[:SAMPLE]) else "unknown_encoding")


def _wide_encodings(first: bytes) -> tuple[str, ...]:
    """UTF-16 without a mark shows in zeros that stand at odd, or at even, places only."""
    zeros = Counter(place % 2 for place, byte in enumerate(first[:2000]) if byte == 0)
    if abs(zeros[0] - zeros[1]) <= 0.2 * min(len(first), 2000):
        return ()
    return ("utf-16-le",) if zeros[1] > zeros[0] else ("utf-16-be",)


def _decodes(source: Source, encoding: str, *, packed: bool) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in _blocks(source, packed=packed):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _sample(source: Source, encoding: str, *, packed: bool) -> str:
    decoder = codecs.getincrementaldecoder(encoding)(errors="ignore")
    return decoder.decode(next(_blocks(source, packed=packed), b""))[:SAMPLE]


def _separator(sample: str) -> str:
    """The separator that cuts the first lines into the most and most equal cells."""
    lines = sample.splitlines()[:50]
    return max(SEPARATORS, key=lambda separator: _evenness(lines, separator))


def _evenness(lines: list[str], separator: str) -> int:
    """Cells of the commonest width above one, times how many lines have it."""
    widths = Counter(len(row) for row in csv.reader(lines, delimiter=separator) if len(row) > 1)
    return max((width * count for width, count in widths.items()), default=0)


def _rows(stream: BinaryIO, encoding: str, separator: str, name: str) -> Iterator[Row]:
    csv.field_size_limit(MAXIMUM_CELL)
    numbers = count(1)
    with io.TextIOWrapper(stream, encoding=encoding, newline="") as text:
        try:
            # Numbered without a step of Python's own for each row: there are millions.
            yield from map(itemgetter(1), zip(numbers, csv.reader(text, delimiter=separator), strict=False))
        except csv.Error:
            raise unreadable("broken_quotes", name, next(numbers) - 1) from None
        except UnicodeError:
            raise unreadable("wrong_bytes", name, next(numbers) - 1) from None
        except _PACKED_ERRORS:
            raise unreadable("corrupt_file", name, next(numbers) - 1) from None
