"""Imbalance measures against arithmetic by hand."""

import numpy as np
import pytest

from genre.sampling import cvir, irlbl, mean_ir


def test_measures_by_hand() -> None:
    counts = [8, 4, 2]
    # the most frequent label's 8 films over each label's own
    assert irlbl(counts).tolist() == [8 / 8, 8 / 4, 8 / 2]
    # (1 + 2 + 4) / 3
    assert mean_ir(counts) == pytest.approx(7 / 3)
    # ((1 - 7/3)^2 + (2 - 7/3)^2 + (4 - 7/3)^2) / (3 - 1) = (16 + 1 + 25) / 9 / 2 = 7/3; its root over 7/3
    assert cvir(counts) == pytest.approx((7 / 3) ** 0.5 / (7 / 3))


def test_equally_frequent_labels_are_balanced() -> None:
    assert irlbl([5, 5, 5]).tolist() == [1, 1, 1]
    assert mean_ir([5, 5, 5]) == 1
    assert cvir([5, 5, 5]) == 0


def test_a_label_on_no_film_is_left_out_of_the_means() -> None:
    assert irlbl([6, 0, 3]).tolist() == [1, np.inf, 2]
    assert mean_ir([6, 0, 3]) == 1.5
    assert cvir([6, 0, 3]) == pytest.approx(0.5**0.5 / 1.5)  # ((1 - 1.5)^2 + (2 - 1.5)^2) / 1 = 0.5


def test_a_single_label_does_not_vary() -> None:
    assert cvir([7]) == 0
