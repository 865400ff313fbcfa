"""Problems in words: what is wrong and what would be right, in the reader's language."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from data_access.ingest.problems import Level, Problem
from data_access.ingest.schema import table_rules

_LEVELS = {
    Level.ERROR: ("错误", "Error"),
    Level.WARNING: ("提醒", "Warning"),
    Level.NOTE: ("说明", "Note"),
}


@dataclass(frozen=True)
class Message:
    """A problem in words. ``place`` says where, empty for the whole file; ``what`` and ``right`` are phrases."""

    level: str
    place: str
    what: str
    right: str
    language: str

    @property
    def advice(self) -> str:
        """What is wrong and what would be right, as two sentences."""
        if self.language == "zh":
            return f"{self.what}。{self.right}。"
        return f"{_sentence(self.what)} {_sentence(self.right)}"

    def __str__(self) -> str:
        """The whole message on one line."""
        parts = [part for part in (self.level, self.place, self.advice) if part]
        return "：".join(parts) if self.language == "zh" else ": ".join(parts)


def _sentence(phrase: str) -> str:
    return f"{phrase[:1].upper()}{phrase[1:]}."


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "messages.toml").read_text(encoding="utf-8"))


def message_codes() -> frozenset[str]:
    """The codes that have a message."""
    return frozenset(_texts()) - {"reasons"}


def in_words(problem: Problem, language: str) -> Message:
    """The problem in a language (``zh``, otherwise English)."""
    what, right = explain(problem.code, problem.parameters, language)
    return Message(level_name(problem.level, language), place(problem, language), what, right, language)


def explain(code: str, parameters: tuple[tuple[str, str], ...], language: str) -> tuple[str, str]:
    """What is wrong and what would be right, for a problem's code; raises KeyError for an unknown one."""
    what, right = _texts()[code]["zh" if language == "zh" else "en"]
    words = {name: _word(name, value, language) for name, value in parameters}
    return what.format_map(_Words(words)), right.format_map(_Words(words))


def level_name(level: Level, language: str) -> str:
    """A level's name."""
    return _LEVELS[level][0 if language == "zh" else 1]


def place(problem: Problem, language: str) -> str:
    """Where a problem is: sheet, row, column and the cell's value."""
    zh = language == "zh"
    parts = [problem.sheet]
    if problem.row is not None:
        parts.append(f"第 {problem.row} 行" if zh else f"row {problem.row}")
    if problem.column:
        parts.append(f"“{problem.column}”列" if zh else f"column “{problem.column}”")
    if problem.value is not None:
        parts.append(f"值“{problem.value}”" if zh else f"value “{problem.value}”")
    return ("，" if zh else ", ").join(part for part in parts if part)


class _Words(dict[str, str]):
    """Parameters by name; one that isn't known is left open."""

    def __missing__(self, _name: str) -> str:
        """An ellipsis."""
        return "…"


def _word(name: str, value: str, language: str) -> str:
    zh = language == "zh"
    if name == "reason" and value in _texts()["reasons"]:
        return str(_texts()["reasons"][value][0 if zh else 1])
    if name == "table" and zh:
        return table_rules()[value].sheets[0]
    return value
