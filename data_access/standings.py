"""Where every unit stands in the company, day by day."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from data_access.parentage import END, NO_PARENTS, Parents, chain, days_of_change
from metrics.counts import COMPANY, UNIT_KINDS

Days = tuple[date, date]
"""From a day (included) to another (not included)."""


class Standing(NamedTuple):
    """Where a unit stands from a day on: itself and all above it, nearest first."""

    since: date
    chain: tuple[str, ...]


Standings = tuple[Standing, ...]
"""Those of one unit, oldest first; the first holds from ``parentage.BEGINNING``."""


def standings_by_unit(
    kinds: Mapping[str, str], parents: Mapping[str, Parents], company_id: str | None
) -> dict[str, Standings]:
    """Where each unit that ``kinds`` names stands, in the order of their ids.

    A unit without a parent stands directly under the company; so does one whose parent is unknown.
    """
    found: dict[str, Standings] = {}
    order = {kind: place for place, kind in enumerate(UNIT_KINDS)}
    # higher kinds first: nearly every unit stands where its parent does, which is found much faster
    for unit_id in sorted(kinds, key=lambda one: order.get(kinds[one], len(order))):
        inherited = () if kinds[unit_id] == COMPANY else _inherited(unit_id, parents, found)
        found[unit_id] = inherited or tuple(_changing(unit_id, kinds, parents, company_id))
    return {unit_id: found[unit_id] for unit_id in sorted(found)}


def _inherited(unit_id: str, parents: Mapping[str, Parents], found: Mapping[str, Standings]) -> Standings:
    """The standings of the unit's parent with the unit before; none if it moves itself or they aren't found yet."""
    own = parents.get(unit_id, NO_PARENTS).parents
    above = found.get(own[0] or "", ()) if len(own) == 1 else ()
    if len(above) == 1:
        # Nearly every unit of a large company, and far quicker.
        ((since, ids),) = above
        return () if unit_id in ids else (Standing(since, (unit_id, *ids)),)
    if any(unit_id in ids for _, ids in above):
        return ()
    return tuple(Standing(since, (unit_id, *ids)) for since, ids in above)


def _changing(
    unit_id: str, kinds: Mapping[str, str], parents: Mapping[str, Parents], company_id: str | None
) -> Iterator[Standing]:
    before: tuple[str, ...] = ()
    for day in days_of_change(parents, unit_id):
        now = _up_to_company([one for one in chain(parents, unit_id, day) if one in kinds], kinds, company_id)
        if now != before:
            yield Standing(day, now)
        before = now


def _up_to_company(known: Iterable[str], kinds: Mapping[str, str], company_id: str | None) -> tuple[str, ...]:
    ids = tuple(known)
    if company_id is None or any(kinds[one] == COMPANY for one in ids):
        return ids
    return (*ids, company_id)


def ranges(standings: Standings) -> Iterator[tuple[Days, Standing]]:
    """Each standing with the days for which it holds, the last up to ``parentage.END``."""
    ends = [*(standing.since for standing in standings[1:]), END]
    return (((standing.since, end), standing) for standing, end in zip(standings, ends, strict=True))


def overlap(one: Days, other: Days) -> bool:
    """Whether the two have a day in common."""
    return one[0] < other[1] and other[0] < one[1]
