"""Who is above whom, day by day, made whole from links that may overlap, leave gaps or run in circles."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

BEGINNING = date(1800, 1, 1)
END = date(2400, 1, 1)
"""What stands for always and for good: far away, yet an instant in every time zone."""


class Link(NamedTuple):
    """A unit is under a parent from a day (included) to another (not included; None: for good)."""

    valid_from: date
    parent_id: str
    valid_to: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the link holds on the day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class Parents(NamedTuple):
    """A unit's parents: ``parents[i]`` from ``days[i]`` until the next; None is no parent."""

    days: tuple[date, ...]
    parents: tuple[str | None, ...]

    def on(self, day: date) -> str | None:
        """The parent that day."""
        return self.parents[max(0, bisect_right(self.days, day) - 1)]


NO_PARENTS = Parents((BEGINNING,), (None,))


def whole(links: Iterable[Link]) -> Parents:
    """The links as one parent for every day.

    Of overlapping links the one that began last counts. In a gap, and after the last link, the unit stays
    where it was; before the first it is where it came to first: what happened then belongs somewhere.
    """
    links = tuple(links)
    if len(links) == 1 and links[0].valid_to is None:
        # Nearly every unit of a large company, and far quicker.
        return Parents((BEGINNING,), (links[0].parent_id,))
    clamped = (link._replace(valid_from=BEGINNING) if link.valid_from < BEGINNING else link for link in links)
    usable = sorted(
        (link for link in clamped if link.valid_to is None or link.valid_from < link.valid_to),
        key=lambda link: (link.valid_from, link.parent_id),
    )
    if not usable:
        return NO_PARENTS
    if len(usable) == 1:
        return Parents((BEGINNING,), (usable[0].parent_id,))
    days, parents = [BEGINNING], [usable[0].parent_id]
    ends = (link.valid_to for link in usable if link.valid_to is not None)
    for day in sorted({*(link.valid_from for link in usable), *ends}):
        holding = [link.parent_id for link in usable if link.holds(day)]
        if holding and holding[-1] != parents[-1]:
            days.append(day)
            parents.append(holding[-1])
    return Parents(tuple(days), tuple(parents))


def chain(parents: Mapping[str, Parents], unit_id: str, day: date) -> tuple[str, ...]:
    """The unit and all above it that day, nearest first; a circle ends before it repeats."""
    found = [unit_id]
    above = parents.get(unit_id, NO_PARENTS).on(day)
    while above is not None and above not in found:
        found.append(above)
        above = parents.get(above, NO_PARENTS).on(day)
    return tuple(found)


def days_of_change(parents: Mapping[str, Parents], unit_id: str) -> list[date]:
    """The days on which the unit or anything that was ever above it got another parent, BEGINNING first."""
    seen: set[str] = set()
    waiting, days = [unit_id], {BEGINNING}
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            known = parents.get(one, NO_PARENTS)
            days.update(known.days)
            waiting.extend(parent for parent in known.parents if parent is not None)
    return sorted(days)
