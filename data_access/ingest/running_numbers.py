"""Case numbers that are written like mobile numbers: a system's running numbers pass, phone numbers don't."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from data_access.ingest.personal import is_bare_mobile

NEAR = 50
"""A system counts on, so a neighbour is seldom farther; among phone numbers it nearly always is."""

FAR = 1_000_000
"""No number of a system lies so far from all others."""

SHARE_NEAR = 0.9


@dataclass
class RunningNumbers:
    """The runs met so far in a column, by the million; so small a memory is enough for any file."""

    millions: set[int] = field(default_factory=set)

    def strangers(self, values: Mapping[int, object]) -> list[int]:
        """The places whose value is written like a mobile number and belongs to no run."""
        numbers = {place: int(value) for place, value in values.items() if is_bare_mobile(value)}
        if not numbers:
            return []
        known = self._known(np.unique(np.fromiter(numbers.values(), dtype=np.int64)))
        self.millions.update(number // FAR for number in known)
        return [place for place, number in numbers.items() if number not in known]

    def _known(self, numbers: npt.NDArray[np.int64]) -> set[int]:
        gaps = np.concatenate(([FAR + 1], np.diff(numbers), [FAR + 1]))
        nearest = np.minimum(gaps[:-1], gaps[1:])
        is_run = (nearest <= NEAR).mean() >= SHARE_NEAR
        of_run = set(numbers[nearest <= FAR].tolist()) if is_run else set()
        return of_run | {number for number in numbers.tolist() if number // FAR in self.millions}
