"""How sure a share is that was counted on few cases."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

Floats = NDArray[np.float64]


def proportion_interval(hits: Iterable[int], of: Iterable[int]) -> Floats:
    """95 % intervals of shares by Wilson's (1927) method, which hold for few cases and for none or all of them too.

    The share of right ones among four films that are all right is 1, with an interval from 0.51 to 1.

    Args:
        hits: cases that count, K numbers.
        of: all cases, K numbers.

    Returns:
        Lower and upper ends (2, K); not a number where there is no case.
    """
    ends = [
        tuple(binomtest(int(some), int(every)).proportion_ci(method="wilson")) if every else (np.nan, np.nan)
        for some, every in zip(hits, of, strict=True)
    ]
    return np.array(ends, dtype=np.float64).reshape(-1, 2).T
