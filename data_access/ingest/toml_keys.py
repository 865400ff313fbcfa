"""Values taken out of a TOML table, with a problem noted for each that is not what it must be."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

Choice = TypeVar("Choice", bound=StrEnum)


class Keys:
    """A TOML table; ``path`` is where it stands in the file, ``problems`` is shared by all tables of it."""

    def __init__(
        self, content: dict[str, Any], file_name: str, path: str = "", problems: list[str] | None = None
    ) -> None:
        self._content = content
        self._file_name = file_name
        self._path = path
        self.problems: list[str] = [] if problems is None else problems
        self.problem_keys: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._content

    def names(self) -> tuple[str, ...]:
        """The table's keys."""
        return tuple(self._content)

    def problem(self, key: str, message: str) -> None:
        """Note a problem of a key."""
        where = f"{self._path}.{key}" if self._path else key
        self.problem_keys.add(key)
        self.problems.append(f"{self._file_name}: {where}: {message}")

    def known(self, names: Iterable[str]) -> None:
        """Note every key that means nothing."""
        allowed = tuple(names)
        for key in self._content:
            if key not in allowed:
                self.problem(key, f"unknown key; there are {', '.join(allowed)}")

    def raw(self, key: str) -> Any:  # noqa: ANN401 - whatever the file holds
        """The value as it stands in the file; None if there is none."""
        return self._content.get(key)

    def text(self, key: str, default: str = "") -> str:
        """A text."""
        value = self._content.get(key, default)
        if isinstance(value, str):
            return value
        self.problem(key, "must be a text in quotes")
        return default

    def texts(self, key: str) -> tuple[str, ...]:
        """A text or a list of texts."""
        return self.as_texts(key, self._content.get(key, []))

    def as_texts(self, key: str, value: object) -> tuple[str, ...]:
        """The value, which must be a text or a list of texts."""
        if isinstance(value, str):
            return (value,)
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self.problem(key, "must be a text in quotes or a list of them")
        return ()

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self._content.get(key, False)
        if not isinstance(value, bool):
            self.problem(key, "must be true or false")
        return value is True

    def day(self, key: str) -> date:
        """A date without quotes."""
        value = self._content.get(key)
        if type(value) is date:
            return value
        self.problem(key, "must be a date without quotes, such as 2020-01-01")
        return date.min

    def zone(self, key: str) -> ZoneInfo | None:
        """A time zone; None if there is none."""
        name = self.text(key)
        try:
            return ZoneInfo(name) if name else None
        except (KeyError, ValueError, OSError):
            self.problem(key, f"there is no time zone {name!r}; use a name such as Asia/Shanghai")
            return None

    def choice(self, key: str, choices: type[Choice]) -> Choice | None:
        """One of the choices; None if there is none."""
        value = self._content.get(key)
        if value is None:
            return None
        try:
            return choices(value)
        except ValueError:
            self.problem(key, f"must be one of {', '.join(choices)}")
            return None

    def table(self, key: str) -> "Keys":
        """The table under the key; an empty one if there is none."""
        value = self._content.get(key, {})
        if not isinstance(value, dict):
            self.problem(key, "must be a table of keys")
            value = {}
        return self._below(value, key)

    def tables(self, key: str) -> list["Keys"]:
        """The list of tables under the key."""
        value = self._content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.problem(key, f"must be written as [[{key}]]")
            return []
        return [self._below(item, f"{key}[{number}]") for number, item in enumerate(value, 1)]

    def _below(self, content: dict[str, Any], key: str) -> "Keys":
        path = f"{self._path}.{key}" if self._path else key
        return Keys(content, self._file_name, path, self.problems)
