"""Reading a TOML file key by key, so that every wrong, missing and unknown key is noted."""

import math
import tomllib
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from metrics.problem import Problem


class TomlTable:
    """A TOML table whose keys are taken one by one; what is wrong is added to ``problems``.

    Where a value can't be used, the taking method notes a problem and returns a stand-in, so that reading
    goes on; whoever reads must raise before using what was built. ``finish`` notes the keys nobody took.
    """

    def __init__(self, file: str, content: Mapping[str, Any], problems: list[Problem], prefix: str = "") -> None:
        self.file = file
        self.problems = problems
        self._content = content
        self._prefix = prefix
        self._taken: set[str] = set()

    def __contains__(self, key: str) -> bool:
        """Whether the table has the key."""
        return key in self._content

    def problem(self, key: str, message: str) -> None:
        """Notes a problem with a key of this table."""
        self.problems.append(Problem(self.file, f"{self._prefix}{key}", message))

    def text(self, key: str, default: str | None = None) -> str:
        """A text that isn't blank; ``default`` where the key is missing."""
        value = self._take(key, default)
        if value is None or value == default:
            return value or ""
        if not isinstance(value, str) or not value.strip():
            self.problem(key, "must be a text that isn't blank")
            return ""
        return value.strip()

    def choice(self, key: str, options: Collection[str], default: str | None = None) -> str:
        """One of the options; the first of them stands in for a wrong one."""
        value = self._take(key, default)
        if value is None:
            return next(iter(options))
        if not isinstance(value, str) or value not in options:
            self.problem(key, f"{value!r} is not one of: {', '.join(options)}")
            return next(iter(options))
        return value

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self._take(key, default)
        if not isinstance(value, bool):
            self.problem(key, "must be true or false")
            return default
        return value

    def whole(self, key: str, default: int | None = None, minimum: int = 0) -> int:
        """A whole number of at least ``minimum``."""
        value = self._take(key, default)
        if value is None:
            return minimum
        if isinstance(value, bool) or not isinstance(value, int) or value < minimum:
            self.problem(key, f"must be a whole number of at least {minimum}")
            return minimum
        return value

    def number(self, key: str, default: float | None = None) -> float:
        """A finite number."""
        value = self._take(key, default)
        if value is None:
            return 0.0
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self.problem(key, "must be a number")
            return 0.0
        return float(value)

    def day(self, key: str) -> date:
        """A date without a time."""
        value = self._take(key, None)
        if value is None:
            return date.min
        if not isinstance(value, date) or isinstance(value, datetime):
            self.problem(key, "must be a date such as 2027-01-31, without quotation marks")
            return date.min
        return value

    def entries(self, key: str, default: list[Any] | None = None) -> list[Any]:
        """A list that isn't empty (``default`` may be)."""
        value = self._take(key, default)
        if value is None or value == default:
            return value or []
        if not isinstance(value, list) or not value:
            self.problem(key, "must be a list with at least one entry")
            return []
        return value

    def names(self, key: str, options: Collection[str], default: list[str] | None = None) -> tuple[str, ...]:
        """Different texts, each one of the options."""
        entries = self.entries(key, default)
        for entry in entries:
            if not isinstance(entry, str) or entry not in options:
                self.problem(key, f"{entry!r} is not one of: {', '.join(options)}")
        if len(entries) != len({str(entry) for entry in entries}):
            self.problem(key, "names something twice")
        return tuple(str(entry) for entry in entries)

    def table(self, key: str, required: bool = True) -> "TomlTable":
        """A table inside this one, empty where it is missing."""
        value = self._take(key, None if required else {})
        if value is not None and not isinstance(value, dict):
            self.problem(key, "must be a table")
        return self.inside(key, value if isinstance(value, dict) else {})

    def tables(self, key: str) -> Iterator["TomlTable"]:
        """The tables of a list of tables, numbered from 1 in problems."""
        for index, entry in enumerate(self.entries(key), start=1):
            if isinstance(entry, dict):
                yield self.inside(f"{key}[{index}]", entry)
            else:
                self.problem(f"{key}[{index}]", "must be a table")

    def inside(self, key: str, content: Mapping[str, Any]) -> "TomlTable":
        """A reader of something inside this table, with the key in front of its own keys."""
        return TomlTable(self.file, content, self.problems, f"{self._prefix}{key}.")

    def __iter__(self) -> Iterator[str]:
        """The keys of the table, in the file's order."""
        return iter(self._content)

    def refuse(self, key: str, why: str) -> None:
        """Notes a problem if the table has the key."""
        if key in self._content:
            self._taken.add(key)
            self.problem(key, why)

    def finish(self) -> None:
        """Notes every key that nobody took."""
        for key in self._content:
            if key not in self._taken:
                self.problem(key, "is not a known key")

    def _take(self, key: str, default: Any) -> Any:  # noqa: ANN401
        self._taken.add(key)
        if key in self._content:
            return self._content[key]
        if default is None:
            self.problem(key, "is missing")
        return default


def read_toml(path: Path, problems: list[Problem]) -> TomlTable | None:
    """The file as a table; None, with a problem noted, where it can't be read."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        problems.append(Problem(str(path), "", f"can't be read: {error.strerror}"))
    except UnicodeDecodeError:
        problems.append(Problem(str(path), "", "is not UTF-8 text"))
    except tomllib.TOMLDecodeError as error:
        problems.append(Problem(str(path), "", f"is not valid TOML: {error}"))
    else:
        return TomlTable(str(path), content, problems)
    return None
