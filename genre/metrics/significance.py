"""Whether two systems differ on the same films, or could do so by chance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SIGNIFICANT = 0.05
TAILS = (0.025, 0.975)  # of a 95 % interval
# for each of several tests, at least: after the correction a p near 0.05 is then told by ten of them, not by one
RESAMPLES = 400


@dataclass(frozen=True)
class PairedTest:
    """K scores of a system against those of another on the same films.

    Attributes:
        low: lower end of the 95 % interval of each difference (K,).
        high: upper end (K,).
        p: two-sided p-value of each difference (K,), none of them corrected.
        bound: where p is as small as so many resamples can make it, so that it is at most that (K,).
    """

    low: Floats
    high: Floats
    p: Floats
    bound: NDArray[np.bool_]


def paired_test(first: Floats, second: Floats) -> PairedTest:
    """Scores of two systems in the same R resamples of the same films.

    p is twice the share of resamples on the far side of no difference, the films themselves counted as one more
    resample.

    Args:
        first: (R, K) of one.
        second: (R, K) of the other, whose difference from `first` is asked for.
    """
    # scores that are equal but for the order in which they were summed do not differ
    gaps = (second - first).round(12)  # (R, K)
    low, high = np.quantile(gaps, TAILS, axis=0)
    against = np.minimum((gaps <= 0).sum(axis=0), (gaps >= 0).sum(axis=0))
    return PairedTest(low, high, np.minimum(1, 2 * (against + 1) / (len(gaps) + 1)), against == 0)


def holm(p_values: Sequence[float]) -> list[float]:
    """p-values of m tests corrected by Holm's (1979) method: the chance of any false finding stays that of one test.

    The smallest is multiplied by m, the next by m - 1 and so on; none is smaller than the one before it, or above 1.
    """
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    corrected = np.empty_like(p)
    corrected[order] = np.minimum(1, np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)))
    return [float(value) for value in corrected]
