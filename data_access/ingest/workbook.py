"""Excel workbooks, old and new, read with calamine; what can't be read is told apart."""

import io
from collections.abc import Callable, Iterator
from typing import TypeVar

import msoffcrypto
from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

from data_access.ingest.problems import UnreadableFile, unreadable
from data_access.ingest.sheet import Row, Sheet
from data_access.ingest.source import Source

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Value = TypeVar("Value")


def read_workbook(source: Source) -> list[Sheet]:
    """The workbook's sheets in order; raises UnreadableFile if it is locked, broken or not a workbook."""
    with source.open() as stream:
        content = stream.read()
    if content.startswith(OLE) and _is_locked(content):
        raise unreadable("password")
    workbook = _guarded(lambda: CalamineWorkbook.from_filelike(io.BytesIO(content)))
    names = [each.name for each in workbook.sheets_metadata if each.typ is SheetTypeEnum.WorkSheet]
    if not names:
        raise unreadable("wrong_kind")
    return [_sheet(workbook, name, len(content)) for name in names]


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
