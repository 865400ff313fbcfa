"""Suppression of parts made of several months or quarters: what they, less those that are visible, would tell.

Months and quarters come first: they are hidden by what they tell together. Any other part (a year, a half,
February to June) adds up from its pieces. It is shown where all its pieces are. Where some are hidden it would
give their sum away, and with the sums of other parts and units perhaps a single one. A calendar year of which
no quarter is visible is shown as well: each of the four stays one unknown of several in both directions, and
calendar years don't overlap.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby

from metrics.period import MONTHS_IN_KIND, Period, PeriodKind, month_period, quarter_period
from metrics.result import Result, Status
from metrics.suppression import Cells
from metrics.unit_tree import FEWEST_UNKNOWN


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


def told_by_pieces(parts: Iterable[Period], shown: Iterable[Result]) -> Cells:
    """The cells of long parts that must be hidden, because of what is hidden of their pieces.

    ``shown`` are the Results of the pieces of every unit after suppression. A piece without data is neither
    visible nor hidden: nobody was there.
    """
    by_unit: dict[str, dict[Period, Result]] = defaultdict(dict)
    for result in shown:
        by_unit[result.group.unit_id][result.period] = result
    long = tuple(parts)
    return frozenset((unit_id, part) for unit_id, results in by_unit.items() for part in long if _tells(part, results))


def _tells(part: Period, results: dict[Period, Result]) -> bool:
    statuses = [results[piece].status for piece in pieces_of(part)]
    hidden = statuses.count(Status.HIDDEN)
    if not hidden:
        return False
    all_hidden = hidden >= FEWEST_UNKNOWN and hidden + statuses.count(Status.NO_DATA) == len(statuses)
    return not (all_hidden and _is_calendar_year(part))


def _is_calendar_year(part: Period) -> bool:
    return part.start.month == 1 and len(part.months()) == MONTHS_IN_KIND[PeriodKind.YEAR]
