"""A file of any kind as sheets, by what it holds rather than by its name."""

from data_access.ingest.delimited import read_delimited
from data_access.ingest.problems import unreadable
from data_access.ingest.sheet import Sheet
from data_access.ingest.source import Source
from data_access.ingest.workbook import OLE, ZIP, read_workbook

_OTHER_KINDS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"GIF8", b"SQLite format")


def read_file(source: Source) -> list[Sheet]:
    """The file's sheets; raises UnreadableFile with the reason if there are none."""
    with source.open() as stream:
        first = stream.read(64)
    if not first:
        raise unreadable("empty_file")
    if first.startswith((ZIP, OLE)):
        return read_workbook(source)
    if first.startswith(_OTHER_KINDS) or first.lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml", b"{")):
        raise unreadable("wrong_kind")
    return [read_delimited(source)]
