"""Wilson's interval, against its formula."""

import math

import numpy as np
import pytest

from genre.metrics import proportion_interval

Z = 1.959964


def test_the_formula() -> None:
    hits, of = [0, 3, 4, 50], [7, 4, 4, 400]
    low, high = proportion_interval(hits, of)
    for place, (some, every) in enumerate(zip(hits, of, strict=True)):
        share = some / every
        centre = (share + Z**2 / (2 * every)) / (1 + Z**2 / every)
        half = Z / (1 + Z**2 / every) * math.sqrt(share * (1 - share) / every + Z**2 / (4 * every**2))
        assert (low[place], high[place]) == (pytest.approx(centre - half), pytest.approx(centre + half))


def test_without_a_case_nothing_is_known() -> None:
    assert np.isnan(proportion_interval([0], [0])).all()
    assert proportion_interval([], []).shape == (2, 0)
