"""Mapping files: read and checked whole; every problem is told at once with its file and key."""

import tomllib
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from data_access.errors import DataAccessError
from data_access.ingest.mapping import FileMapping, RepeatedKeys, TableMapping
from data_access.ingest.mapping_table import read_table
from data_access.ingest.times import DateOrder
from data_access.ingest.toml_keys import Keys

KEYS = ("name", "time_zone", "date_order", "blank", "repeated_keys", "whole_days_are_midnights", "table")


class MappingError(DataAccessError):
    """A mapping can't be used; the message has one line for each problem, with file and key."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def shipped_mappings() -> tuple[str, ...]:
    """The names of the mappings that come with Huiyin."""
    folder = files(__package__) / "mappings"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def load_mapping(name_or_path: str) -> FileMapping:
    """The mapping of that name, or in that file; raises MappingError with every problem."""
    if name_or_path in shipped_mappings():
        text = (files(__package__) / "mappings" / f"{name_or_path}.toml").read_text(encoding="utf-8")
        return parse_mapping(text, f"{name_or_path}.toml")
    path = Path(name_or_path)
    try:
        return parse_mapping(path.read_text(encoding="utf-8-sig"), path.name)
    except FileNotFoundError:
        listing = ", ".join(shipped_mappings())
        raise MappingError(
            [f"{name_or_path}: there is no such file, and no mapping of that name; there are {listing}"]
        ) from None
    except (OSError, UnicodeDecodeError):
        raise MappingError([f"{name_or_path}: can't be read as UTF-8 text"]) from None


def parse_mapping(text: str, file_name: str) -> FileMapping:
    """The mapping that a TOML text describes; raises MappingError with every problem."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingError([f"{file_name}: not valid TOML: {error}"]) from None
    keys = Keys(content, file_name)
    mapping = _file_mapping(keys, file_name)
    if keys.problems:
        raise MappingError(keys.problems)
    return mapping


def _file_mapping(keys: Keys, file_name: str) -> FileMapping:
    keys.known(KEYS)
    return FileMapping(
        name=keys.text("name", file_name.removesuffix(".toml")),
        tables=_tables(keys),
        time_zone=keys.zone("time_zone"),
        date_order=keys.choice("date_order", DateOrder),
        blanks=keys.texts("blank"),
        repeated_keys=keys.choice("repeated_keys", RepeatedKeys) or RepeatedKeys.ERROR,
        whole_days_are_midnights=keys.flag("whole_days_are_midnights"),
    )


def _tables(keys: Keys) -> tuple[TableMapping, ...]:
    tables = [read_table(table) for table in keys.tables("table")]
    if not tables and "table" not in keys.problem_keys:
        keys.problem("table", "at least one [[table]] is needed, with name and columns")
    return tuple(table for table in tables if table is not None)
