"""Which sheet of a file is which table: by the sheet's name, otherwise by its header."""

from collections.abc import Sequence
from dataclasses import dataclass

from data_access.ingest.header import Header, find_header, wanted_headers
from data_access.ingest.mapping import FileMapping, TableMapping
from data_access.ingest.problems import Level, Problem, ProblemLog
from data_access.ingest.sheet import Sheet
from data_access.ingest.text import fold

EXPLANATIONS = "填写说明"
"""The template's sheet that explains the others; nothing in it is read."""


@dataclass(frozen=True)
class Match:
    """A sheet that will be read into a table."""

    mapping: TableMapping
    sheet: Sheet
    header: Header


def match_sheets(file: FileMapping, sheets: Sequence[Sheet], log: ProblemLog) -> list[Match]:
    """The sheets to read, in the order in which the tables must be written; problems are logged."""
    data = [sheet for sheet in sheets if sheet.name != EXPLANATIONS]
    chosen = [(sheet, mapping) for sheet in data if (mapping := _by_name(file, sheet)) is not None]
    chosen = chosen or _by_headers(file, data)
    if not chosen:
        parameters = (("headers", ", ".join(_examples(file.tables[0]))),)
        log.add(Problem(Level.ERROR, "no_header", sheets[0].name, parameters=parameters))
    matches = [match for sheet, mapping in chosen if (match := _match(mapping, sheet, log)) is not None]
    order = {id(mapping): place for place, mapping in enumerate(file.tables)}
    return sorted(matches, key=lambda match: order[id(match.mapping)])


def _by_name(file: FileMapping, sheet: Sheet) -> TableMapping | None:
    names = {fold(name): mapping for mapping in file.tables for name in mapping.sheets}
    return names.get(fold(sheet.name)) if sheet.typed else None


def _by_headers(file: FileMapping, sheets: Sequence[Sheet]) -> list[tuple[Sheet, TableMapping]]:
    """The sheets that have all required headers of a table; if none has, the one that comes nearest."""
    found = [(sheet, *_best(file, sheet)) for sheet in sheets]
    whole = [(sheet, mapping) for sheet, mapping, score in found if score[0] == 1]
    if whole:
        return whole
    near = max(found, key=lambda each: each[2], default=None)
    return [] if near is None or near[2][1] == 0 else [near[:2]]


def _best(file: FileMapping, sheet: Sheet) -> tuple[TableMapping, tuple[float, int]]:
    """The table that the sheet's header fits best, and how well."""
    scores = [_score(mapping, sheet) for mapping in file.tables]
    best = max(range(len(scores)), key=lambda place: scores[place])
    return file.tables[best], scores[best]


def _score(mapping: TableMapping, sheet: Sheet) -> tuple[float, int]:
    """Share of the required headers that are there, then how many of all."""
    wanted = wanted_headers(mapping)
    header = find_header(sheet, wanted).header
    if header is None:
        return (0, 0)
    required = [column for column in mapping.columns if column.headers and mapping.rule.column(column.target).required]
    there = sum(header.position(column.headers) is not None for column in required)
    return (there / max(1, len(required)), len(wanted & header.positions.keys()))


def _match(mapping: TableMapping, sheet: Sheet, log: ProblemLog) -> Match | None:
    search = find_header(sheet, wanted_headers(mapping))
    for problem in search.problems:
        log.add(problem)
    if search.header is not None:
        return Match(mapping, sheet, search.header)
    if any(any(row) for row in sheet.rows()):
        parameters = (("headers", ", ".join(_examples(mapping))),)
        log.add(Problem(Level.ERROR, "no_header", sheet.name, parameters=parameters))
    return None


def _examples(mapping: TableMapping) -> list[str]:
    """One spelling of each required header."""
    rule = mapping.rule
    return [column.headers[0] for column in mapping.columns if column.headers and rule.column(column.target).required]
