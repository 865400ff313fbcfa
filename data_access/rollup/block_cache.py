"""Blocks that were unpacked, kept in memory while there is room: the same months are asked for again and again."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from threading import Lock

from data_access.rollup.narrow import Pieces

MOST_BYTES = 160 << 20
"""Two years of a group with 3,000 teams, counted by branch, need half of it."""


@dataclass(eq=False)
class BlockCache:
    """Pieces of blocks by key, at most ``most_bytes`` of them together; who wasn't asked for longest goes first."""

    most_bytes: int = MOST_BYTES
    _held: OrderedDict[Hashable, Pieces] = field(default_factory=OrderedDict)
    _bytes: int = 0
    _lock: Lock = field(default_factory=Lock)

    def get(self, key: Hashable) -> Pieces | None:
        """The pieces, which nobody may change; None if they aren't here."""
        with self._lock:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
            return found

    def put(self, key: Hashable, pieces: Pieces) -> None:
        """Nothing; the pieces are here until there is no room."""
        with self._lock:
            if key in self._held:
                return
            self._held[key] = pieces
            self._bytes += _bytes_of(pieces)
            while self._bytes > self.most_bytes:
                self._bytes -= _bytes_of(self._held.popitem(last=False)[1])

    def clear(self) -> None:
        """Nothing; no pieces are here."""
        with self._lock:
            self._held.clear()
            self._bytes = 0


def _bytes_of(pieces: Pieces) -> int:
    return sum(columns.nbytes for columns in pieces)


BLOCKS = BlockCache()
"""What this process keeps. Keys begin with the stamp of the refresh that made the blocks, which never comes again."""
