"""A time zone's offsets from UTC as an SQL expression, for databases that know no time zones."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from data_access.instant import to_text

FIRST = datetime(1970, 1, 1, tzinfo=UTC)
LAST = datetime(2061, 1, 1, tzinfo=UTC)
"""Clock changes outside these years are not looked for; the offset next to them is used."""

Change = tuple[str, int]
"""From which instant (as text) which offset in seconds holds."""


@cache
def offset_changes(zone_name: str) -> tuple[Change, ...]:
    """When the zone's offset changed, oldest first; the first entry holds from the beginning of time."""
    zone = ZoneInfo(zone_name)
    changes = [("", _offset(zone, FIRST))]
    day = FIRST
    while day < LAST:
        following = day + timedelta(days=1)
        if _offset(zone, following) != _offset(zone, day):
            moment = _change_between(zone, day, following)
            changes.append((to_text(moment), _offset(zone, moment)))
        day = following
    return tuple(changes)


def offset_case(column: str, zone_name: str) -> str:
    """SQL for the modifier that turns the UTC text in ``column`` into local time, by binary search."""
    return _search(column, offset_changes(zone_name))


def _search(column: str, changes: Sequence[Change]) -> str:
    if len(changes) == 1:
        return f"'{changes[0][1]} seconds'"
    middle = len(changes) // 2
    earlier, later = _search(column, changes[:middle]), _search(column, changes[middle:])
    return f"CASE WHEN {column} < '{changes[middle][0]}' THEN {earlier} ELSE {later} END"


def _offset(zone: ZoneInfo, moment: datetime) -> int:
    offset = moment.astimezone(zone).utcoffset()
    return round(offset.total_seconds()) if offset is not None else 0


def _change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second with the new offset."""
    old = _offset(zone, before)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        before, after = (middle, after) if _offset(zone, middle) == old else (before, middle)
    return after
