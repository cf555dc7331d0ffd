"""The law behind the learning curve: known curves are found again, and its bounds hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genre.report.compare.power_law import fit_power_law, predict

FILMS = np.array([500, 1000, 2000, 4000, 8000, 16000], dtype=float)
EVEN = np.full(6, 0.02)


@settings(max_examples=25)
@given(st.floats(0.3, 0.95), st.floats(0.5, 4), st.floats(0.2, 1.5))
def test_a_known_curve_is_found_again(a: float, b: float, c: float) -> None:
    scores = a - b * FILMS**-c
    law = fit_power_law(FILMS, scores, EVEN)
    assert law(np.array([32000.0]))[0] == pytest.approx(a - b * 32000**-c, abs=1e-4)
    assert law(FILMS) == pytest.approx(scores, abs=1e-4)


def test_its_parameters() -> None:
    law = fit_power_law(FILMS, 0.62 - 1.5 * FILMS**-0.4, EVEN)
    assert (law.a, law.b, law.c) == pytest.approx((0.62, 1.5, 0.4), rel=1e-5)


def test_a_falling_error_is_a_law_too() -> None:
    law = fit_power_law(FILMS, 0.05 + 1.5 * FILMS**-0.4, EVEN)
    assert (law.a, law.b, law.c) == pytest.approx((0.05, -1.5, 0.4), rel=1e-5)


def test_worked_by_hand() -> None:
    # halving the gap to 0.5 with each doubling: 0.4, 0.45, 0.475, 0.4875 and then 0.49375
    law = fit_power_law(FILMS[:4], np.array([0.4, 0.45, 0.475, 0.4875]), EVEN[:4])
    assert (law.a, law.c) == pytest.approx((0.5, 1), rel=1e-4)
    assert law(np.array([8000.0]))[0] == pytest.approx(0.49375)


def test_endless_data_give_no_more_than_one() -> None:
    law = fit_power_law(FILMS, 1.2 - 1.5 * FILMS**-0.1, EVEN)
    assert law.a == pytest.approx(1)
    assert law(np.array([1e12]))[0] <= 1


def test_a_wide_interval_weighs_little() -> None:
    scores = 0.62 - 1.5 * FILMS**-0.4
    scores[2] += 0.1
    widths = EVEN.copy()
    widths[2] = 10
    assert fit_power_law(FILMS, scores, widths)(FILMS[-1:])[0] == pytest.approx(0.62 - 1.5 * 16000**-0.4, abs=1e-4)


def test_the_interval_widens_with_those_of_the_points() -> None:
    scores, at = 0.62 - 1.5 * FILMS**-0.4, np.array([32000.0])
    value, low, high = predict(FILMS, scores, EVEN, at)
    assert value[0] == pytest.approx(0.62 - 1.5 * 32000**-0.4)
    assert low[0] < value[0] < high[0]
    sure = predict(FILMS, scores, np.zeros(6), at)
    assert sure[2] - sure[1] == pytest.approx(0, abs=1e-9)
    _, lower, higher = predict(FILMS, scores, 3 * EVEN, at)
    assert higher - lower > 2 * (high - low)
    assert predict(FILMS, scores, EVEN, at) == (value, low, high)
