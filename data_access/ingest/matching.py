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
    named = [(sheet, _by_name(file, sheet)) for sheet in sheets if sheet.name != EXPLANATIONS]
    chosen = [(sheet, mapping) for sheet, mapping in named if mapping is not None]
    if not chosen:
        chosen = [(sheet, mapping) for sheet, _none in named if (mapping := _by_header(file, sheet)) is not None]
    matches = [match for sheet, mapping in chosen if (match := _match(mapping, sheet, log)) is not None]
    if not chosen:
        parameters = (("headers", ", ".join(_examples(file))),)
        log.add(Problem(Level.ERROR, "no_header", sheets[0].name, parameters=parameters))
    order = {id(mapping): place for place, mapping in enumerate(file.tables)}
    return sorted(matches, key=lambda match: order[id(match.mapping)])


def _by_name(file: FileMapping, sheet: Sheet) -> TableMapping | None:
    names = {fold(name): mapping for mapping in file.tables for name in mapping.sheets}
    return names.get(fold(sheet.name)) if sheet.typed else None


def _by_header(file: FileMapping, sheet: Sheet) -> TableMapping | None:
    """The table most of whose headers the sheet has, among those whose required ones it has all."""
    scores = {place: _score(mapping, sheet) for place, mapping in enumerate(file.tables)}
    best = max(scores, key=lambda place: scores[place])
    return file.tables[best] if scores[best] > (0, 0) else None


def _score(mapping: TableMapping, sheet: Sheet) -> tuple[float, float]:
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
        parameters = (("headers", ", ".join(_examples(FileMapping("", (mapping,))))),)
        log.add(Problem(Level.ERROR, "no_header", sheet.name, parameters=parameters))
    return None


def _examples(file: FileMapping) -> list[str]:
    """One spelling of each required header of the first table."""
    first = file.tables[0]
    return [
        column.headers[0] for column in first.columns if column.headers and first.rule.column(column.target).required
    ]
