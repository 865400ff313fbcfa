"""The parser of a column: from its rule, its mapping and the company's vocabulary."""

from collections.abc import Callable, Mapping

from data_access.ingest.codes import CodeList, Refusals
from data_access.ingest.instants import Clock
from data_access.ingest.mapping import ColumnMapping
from data_access.ingest.problems import Fault
from data_access.ingest.schema import CASE_NUMBERS, ColumnRule, ColumnType
from data_access.ingest.text import Cell, as_text, fold
from data_access.ingest.times import Moment, parse_moment
from data_access.ingest.values import (
    Parser,
    Remembering,
    code_parser,
    parse_case_number,
    parse_decimal,
    parse_flag,
    parse_open_text,
    parse_text,
    whole_number_parser,
)

REFUSABLE = ("channel", "category")
"""Columns of a case whose words say that it is a report against a person."""


def column_parser(
    rule: ColumnRule, mapping: ColumnMapping, code_list: CodeList | None, refused: Refusals, clock: Clock
) -> Parser:
    """What turns the column's cells into values; instants are read by whole columns instead."""
    parse = _by_type(rule, mapping, code_list, clock)
    parse = _translating(parse, mapping.translations()) if mapping.values else parse
    parse = _refusing(parse, refused) if rule.name in REFUSABLE else parse
    return parse if rule.key else Remembering(parse)


def _by_type(rule: ColumnRule, mapping: ColumnMapping, code_list: CodeList | None, clock: Clock) -> Parser:
    if rule.type is ColumnType.CODE and not mapping.accept and code_list is not None:
        return code_parser(code_list.spellings(), code_list.listing())
    simple: dict[ColumnType, Callable[[], Parser]] = {
        ColumnType.WHOLE: lambda: whole_number_parser(rule.minimum, rule.maximum),
        ColumnType.DECIMAL: lambda: parse_decimal,
        ColumnType.FLAG: lambda: parse_flag,
        ColumnType.DAY: lambda: day_parser(clock),
        ColumnType.MONTH: lambda: month_parser(clock),
    }
    if rule.type in simple:
        return simple[rule.type]()
    if rule.name in CASE_NUMBERS:
        return parse_case_number
    return parse_open_text if rule.personal else parse_text


def day_parser(clock: Clock) -> Parser:
    """A parser for dates, which must come without a time of day."""

    def parse(cell: Cell) -> object:
        found = parse_moment(cell, clock.order)
        if not isinstance(found, Moment):
            return found
        midnight = (found.at.hour, found.at.minute, found.at.second) == (0, 0, 0)
        return found.at.date().isoformat() if found.whole_day or midnight else Fault("time_in_date")

    return parse


def month_parser(clock: Clock) -> Parser:
    """A parser for months: ``2026-03``, ``2026年3月``, or the month's first day."""
    parse_day = day_parser(clock)

    def parse(cell: Cell) -> object:
        text = as_text(cell) if isinstance(cell, str) else None
        if text is not None:
            plain = fold(text).replace("年", "-").replace("/", "-").replace(".", "-").removesuffix("月")
            if plain.count("-") == 1:
                cell = f"{plain}-1"
        day = parse_day(cell)
        if isinstance(day, str) and not day.endswith("-01"):
            return Fault("not_first_of_month")
        return day

    return parse


def _translating(parse: Parser, translations: Mapping[str, str]) -> Parser:
    def translated(cell: Cell) -> object:
        text = as_text(cell)
        return None if text is None else parse(translations.get(fold(text), text))

    return translated


def _refusing(parse: Parser, refused: Refusals) -> Parser:
    def refusing(cell: Cell) -> object:
        text = as_text(cell)
        return None if text is None else refused.fault(text) or parse(text)

    return refusing
