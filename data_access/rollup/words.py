"""The numbers that stand for codes of cases in blocks."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection, Table, delete, insert, select

from data_access.rollup.codes import WORDS, Codes
from data_access.rollup_tables import case_words


def read_words(connection: Connection) -> dict[str, Codes]:
    """The codes of each dimension, in the order of their numbers; none where nothing was counted yet."""
    found: dict[str, Codes] = {name: Codes() for name in WORDS}
    for row in connection.execute(select(case_words).order_by(case_words.c.number)).all():
        found[row.dimension].words[row.word] = row.number
    return found


def write_words(connection: Connection, codes: Mapping[str, Codes], into: Mapping[str, Table]) -> None:
    """Nothing; the codes and their numbers are in the table."""
    table = into.get(case_words.name, case_words)
    connection.execute(delete(table))
    rows = [
        {"dimension": dimension, "number": number, "word": word}
        for dimension, of_dimension in codes.items()
        for word, number in of_dimension.words.items()
    ]
    if rows:
        connection.execute(insert(table), rows)


@dataclass(frozen=True, eq=False)
class Words:
    """The words of each dimension, in the order of their numbers."""

    of: Mapping[str, tuple[str, ...]]

    @cached_property
    def numbers(self) -> Mapping[str, Mapping[str, int]]:
        """The number of each word, by dimension."""
        return {name: {word: number for number, word in enumerate(words)} for name, words in self.of.items()}


_LATEST: dict[str, Words] = {}
"""The words of the refresh that was last asked for, by its stamp: most questions are about the same."""


def known_words(connection: Connection, stamp: str) -> Words:
    """The words that the blocks of the refresh with this stamp refer to; read once."""
    known = _LATEST.get(stamp)
    if known is None:
        known = Words({name: tuple(codes.words) for name, codes in read_words(connection).items()})
        _LATEST.clear()
        _LATEST[stamp] = known
    return known
