"""The file to import, on disk or uploaded, and how far it has been read."""

import gzip
import hashlib
import io
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from data_access.ingest.problems import unreadable

GZIP = b"\x1f\x8b"
BLOCK = 1 << 20


@dataclass(frozen=True)
class Source:
    """A file's name and content."""

    name: str
    content: Path | bytes

    def open(self) -> BinaryIO:
        """The content from its beginning; raises UnreadableFile if the file isn't there or may not be read."""
        if isinstance(self.content, bytes):
            return io.BytesIO(self.content)
        try:
            if not stat.S_ISREG(self.content.stat().st_mode) and not self.content.is_dir():
                # Pipes and devices can't be read twice, and some never end.
                raise unreadable("no_file", reason="not a regular file")
            return self.content.open("rb")
        except OSError as error:
            raise unreadable("no_file", reason=error.strerror or "") from None

    @property
    def size(self) -> int:
        """Bytes; raises UnreadableFile if the file isn't there."""
        with self.open() as stream:
            return stream.seek(0, io.SEEK_END)

    def sha256(self) -> str:
        """The content's hash."""
        digest = hashlib.sha256()
        with self.open() as stream:
            while block := stream.read(BLOCK):
                digest.update(block)
        return digest.hexdigest()


def from_path(path: Path) -> Source:
    """The file at a path, which need not be there yet."""
    return Source(path.name, path)


class Metered(io.RawIOBase):
    """A stream that knows how many bytes have been read of it."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream
        self.done = 0

    def readable(self) -> bool:
        """Always true."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer; how many bytes it holds."""
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self.done += len(data)
        return len(data)

    def close(self) -> None:
        """Close the stream below too."""
        self._stream.close()
        super().close()


def unpacked(stream: Metered, *, packed: bool) -> BinaryIO:
    """The stream's bytes, unpacked where the file is packed with gzip."""
    buffered = io.BufferedReader(stream, BLOCK)
    return cast(BinaryIO, gzip.GzipFile(fileobj=buffered)) if packed else buffered
