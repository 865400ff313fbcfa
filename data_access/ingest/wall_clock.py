"""Wall-clock times of a time zone as instants, also where the clocks are changed."""

from dataclasses import dataclass
from datetime import UTC
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

Times = npt.NDArray[np.datetime64]
"""datetime64[us]; NaT where missing."""
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Localised:
    """Instants (UTC) of wall-clock times, and where the clock showed them twice or never."""

    instants: Times
    twice: tuple[int, ...]
    never: tuple[int, ...]


def localise(wall: Times, zone: ZoneInfo) -> Localised:
    """The instants of wall-clock times in the zone.

    A time that the clock showed twice is its first one. A time that it skipped is read with the offset
    before the change, so half an hour into the gap is half an hour after it.
    """
    index = pd.DatetimeIndex(wall)
    local = index.tz_localize(zone, ambiguous="NaT", nonexistent="NaT")
    instants = local.tz_convert(UTC).tz_localize(None).to_numpy().astype("datetime64[us]")
    twice: list[int] = []
    never: list[int] = []
    for position in np.flatnonzero(np.isnat(instants) & ~np.isnat(wall)):
        at = pd.Timestamp(wall[position]).to_pydatetime().replace(tzinfo=zone)
        exact = at.astimezone(UTC)
        (twice if exact.astimezone(zone).replace(tzinfo=None) == at.replace(tzinfo=None) else never).append(
            int(position)
        )
        instants[position] = np.datetime64(exact.replace(tzinfo=None), "us")
    return Localised(instants, tuple(twice), tuple(never))
