"""Wilson's interval: what share a unit's cases are compatible with."""

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

Z_95 = float(ndtri(0.975))

Numbers = npt.NDArray[np.float64]


def wilson(numerator: Numbers, denominator: Numbers, z: float = Z_95) -> tuple[Numbers, Numbers]:
    """Lower and upper bounds of the shares, 95 % unless ``z`` says otherwise; NaN for a denominator of 0.

    For a weighted numerator (each case counts between 0 and 1) the interval is wider than needed, never
    narrower, because no such weight scatters more than yes or no do.
    """
    known = np.where(denominator > 0, denominator, np.nan)
    share = numerator / known
    middle = share + z * z / (2 * known)
    half = z * np.sqrt(np.maximum(share * (1 - share), 0.0) / known + (z / (2 * known)) ** 2)
    scale = 1 + z * z / known
    low = np.where(numerator <= 0, share, (middle - half) / scale)
    high = np.where(numerator >= known, share, (middle + half) / scale)
    return low, high
