"""Excel workbooks, old and new, read with calamine; what can't be read is told apart.

Calamine holds a whole sheet in memory. A workbook too large for that is read row by row with openpyxl, which
takes ten times as long.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime, time
from typing import Any, TypeVar

import msoffcrypto
from openpyxl import load_workbook
from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

from data_access.ingest.problems import UnreadableFile, unreadable
from data_access.ingest.sheet import Row, Sheet
from data_access.ingest.source import Source

MAXIMUM_IN_MEMORY = 64 << 20
"""Bytes of a workbook's sheets, unpacked; in memory they take about twice as much."""

_SHEET_OR_TEXTS = re.compile(r"xl/(worksheets/.*|sharedStrings)\.xml")
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Value = TypeVar("Value")


def read_workbook(source: Source) -> list[Sheet]:
    """The workbook's sheets in order; raises UnreadableFile if it is locked, broken or not a workbook."""
    with source.open() as stream:
        content = stream.read()
    if _unpacked_size(content) > MAXIMUM_IN_MEMORY:
        return _read_row_by_row(content)
    if content.startswith(OLE) and _is_locked(content):
        raise unreadable("password")
    workbook = _guarded(lambda: CalamineWorkbook.from_filelike(io.BytesIO(content)))
    names = [each.name for each in workbook.sheets_metadata if each.typ is SheetTypeEnum.WorkSheet]
    if not names:
        raise unreadable("wrong_kind")
    return [_sheet(workbook, name, len(content)) for name in names]


def _unpacked_size(content: bytes) -> int:
    """Bytes of the sheets and texts that are packed in the workbook; 0 for other kinds and for a broken one."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
        return sum(part.file_size for part in parts if _SHEET_OR_TEXTS.fullmatch(part.filename))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return 0


def _read_row_by_row(content: bytes) -> list[Sheet]:
    with warnings.catch_warnings():
        # What openpyxl finds odd about styles and validations is no matter of ours.
        warnings.simplefilter("ignore")
        workbook = _guarded(lambda: load_workbook(io.BytesIO(content), read_only=True, data_only=True))
    if not workbook.worksheets:
        raise unreadable("wrong_kind")
    return [_streamed(sheet, len(content)) for sheet in workbook.worksheets]


def _streamed(sheet: Any, size: int) -> Sheet:  # noqa: ANN401 - openpyxl has no types
    # Some programs write wrong dimensions, and cells outside them would be left out.
    sheet.reset_dimensions()

    def rows() -> Iterator[Row]:
        cells = _guarded(lambda: sheet.iter_rows(values_only=True))
        while (row := _guarded(lambda: next(cells, None))) is not None:
            yield [_as_calamine(cell) for cell in row]

    return Sheet(sheet.title, rows, lambda: size, typed=True)


def _as_calamine(cell: Any) -> Any:  # noqa: ANN401
    """A date without a time of day is a day."""
    return cell.date() if isinstance(cell, datetime) and cell.time() == time.min else cell


def _is_locked(content: bytes) -> bool:
    try:
        return bool(msoffcrypto.OfficeFile(io.BytesIO(content)).is_encrypted())
    except Exception:
        return False


def _sheet(workbook: CalamineWorkbook, name: str, size: int) -> Sheet:
    sheet = _guarded(lambda: workbook.get_sheet_by_name(name))
    return Sheet(name, lambda: _rows(sheet), lambda: size, (sheet.start or (0, 0))[1], typed=True)


def _rows(sheet: CalamineSheet) -> Iterator[Row]:
    rows = _guarded(lambda: iter(sheet.iter_rows()))
    while True:
        row = _guarded(lambda: next(rows, None))
        if row is None:
            return
        yield row  # type: ignore[misc]


def _guarded(read: Callable[[], Value]) -> Value:
    """The result of reading; anything that goes wrong inside the library means a broken file.

    Its panics are no Exceptions, so that everything but the user's own interruption is caught.
    """
    try:
        return read()
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError, UnreadableFile):
        raise
    except PasswordError:
        raise unreadable("password") from None
    except BaseException:
        raise unreadable("corrupt_file") from None
