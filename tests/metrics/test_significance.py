"""The paired test and its correction for many."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre.metrics import holm, paired_test


def test_holm_worked_by_hand() -> None:
    # 0.01 * 4, 0.012 * 3 (not below the one before), 0.02 * 2 (the same), 0.3 * 1
    assert holm([0.02, 0.01, 0.3, 0.012]) == pytest.approx([0.04, 0.04, 0.3, 0.04])
    assert holm([0.01, 0.03, 0.04]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.6, 0.7]) == [1, 1]
    assert holm([0.03]) == [0.03]
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_keeps_the_order_and_is_milder_than_bonferroni(p_values: list[float]) -> None:
    corrected = np.array(holm(p_values))
    assert (corrected[np.argsort(p_values, kind="stable")][1:] >= corrected[np.argsort(p_values)][:-1]).all()
    assert (corrected >= p_values).all()
    assert (corrected <= np.minimum(1, np.array(p_values) * len(p_values)) + 1e-12).all()


def test_a_system_does_not_differ_from_its_like() -> None:
    scores = np.random.default_rng(0).random((50, 3))
    tested = paired_test(scores, scores + 1e-15)
    assert tested.p.tolist() == [1, 1, 1]
    assert tested.low.tolist() == tested.high.tolist() == [0, 0, 0]
