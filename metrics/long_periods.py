"""Suppression of parts made of several months or quarters: what they, less those that are visible, would tell.

Months and quarters come first: they are hidden by what they tell together. Any other part (a year, a half,
February to June) adds up from its pieces. It is shown where all its pieces are. Where some are hidden it would
give their sum away, and with the sums of other parts and units perhaps a single one. A calendar year of which
no quarter is visible is shown as well: each of the four stays one unknown of several in both directions, and
calendar years don't overlap.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

from metrics.period import MONTHS_IN_KIND, Period, PeriodKind, month_period, quarter_period
from metrics.time_blocks import blocks
from metrics.unit_tree import FEWEST_UNKNOWN, Flags


def pieces_of(part: Period) -> tuple[Period, ...]:
    """The quarters that lie wholly inside a part and the months that are left, in order.

    None for a month, a quarter, and whatever isn't made of whole calendar months: those have no pieces.
    """
    if part.start.day != 1 or part.end.day != 1 or part in (month_period(part.start), quarter_period(part.start)):
        return ()
    found: list[Period] = []
    for quarter, months in groupby(part.months(), key=lambda month: quarter_period(month.start)):
        inside = part.start <= quarter.start and quarter.end <= part.end
        found += [quarter] if inside else months
    return tuple(found)


def parts_around(parts: Sequence[Period], *, all_months: bool) -> tuple[tuple[Period, ...], ...]:
    """The parts, and the quarters and months that decide with them what is hidden, in layers without overlap.

    A quarter is decided without its months; a month with its quarter and the other two. With ``all_months``
    there are the months of every quarter all the same.
    """
    wanted = {*parts, *(piece for part in parts for piece in pieces_of(part))}
    if not all(part.whole_months() and part.start.day == 1 for part in parts):
        return tuple(tuple(sorted(layer)) for layer in (set(parts), wanted - set(parts)) if layer)
    of_month = {month for part in wanted for month in part.months() if all_months or month in wanted}
    around = {quarter_period(month.start) for month in of_month}
    months = {month for quarter in around for month in quarter.months()}
    quarters = around | {part for part in wanted if part == quarter_period(part.start)}
    layers = (set(parts), quarters - set(parts), months - set(parts))
    return tuple(tuple(sorted(layer)) for layer in layers if layer)


def decided_together(parts: Iterable[Period]) -> tuple[tuple[Period, ...], ...]:
    """The parts in the order of decision: months and quarters that overlap at once, then each longer part."""
    long = sorted(part for part in parts if pieces_of(part))
    found = blocks(sorted(set(parts) - set(long)))
    short = ((*((block.outer,) if block.outer else ()), *block.inner) for block in found)
    return (*short, *((part,) for part in long))


def told_by_pieces(part: Period, hidden: Flags, empty: Flags) -> Flags:
    """The units of which a long part must be hidden, because of what is hidden of its pieces.

    ``hidden`` and ``empty`` have one row per unit and one column for each of ``pieces_of(part)``: which are
    hidden, and which have no data. A piece without data is neither visible nor hidden: nobody was there.
    """
    number = hidden.sum(axis=1)
    tells: Flags = number > 0
    if _is_calendar_year(part):
        tells &= ~((hidden | empty).all(axis=1) & (number >= FEWEST_UNKNOWN))
    return tells


def _is_calendar_year(part: Period) -> bool:
    return part.start.month == 1 and len(part.months()) == MONTHS_IN_KIND[PeriodKind.YEAR]
