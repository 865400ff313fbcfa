"""Running sums and firsts within cells, for entries that are sorted by cell."""

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def starts_of(cells: Places) -> Places:
    """The first entry of each cell that has any."""
    return np.flatnonzero(np.diff(cells, prepend=-1))


def sums(values: Numbers, starts: Places) -> Numbers:
    """The sum over each cell that has entries."""
    return np.add.reduceat(values, starts) if len(starts) else np.zeros(0)


def accumulated(how: np.ufunc, values: Numbers, starts: Places) -> Numbers:
    """The running sums or products, begun anew with each cell."""
    found = np.empty(len(values))
    ends = [*starts[1:].tolist(), len(values)]
    for first, end in zip(starts.tolist(), ends, strict=False):  # without entries there is an end but no start
        how.accumulate(values[first:end], out=found[first:end])
    return found


def first_where(holds: Flags, cells: Places, values: Numbers, size: int) -> Numbers:
    """For each of ``size`` cells the value of its first entry of which something holds; NaN where there is none."""
    found = np.full(size, np.nan)
    entries = np.flatnonzero(holds)[::-1]  # of a cell's entries the first is written last
    found[cells[entries]] = values[entries]
    return found


def last(cells: Places, values: Numbers, size: int) -> Numbers:
    """For each of ``size`` cells the value of its last entry; NaN where it has none."""
    found = np.full(size, np.nan)
    found[cells] = values  # of a cell's entries the last is written last
    return found
