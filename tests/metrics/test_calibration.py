"""The calibration error is torchmetrics', except that a probability of 1 shares the last bin."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk
from torchmetrics.functional.classification import binary_calibration_error

from genre.metrics import calibration_metrics, reliability
from genre.metrics.calibration import label_calibration_error, label_log_loss


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 300))
def test_equal_to_torchmetrics(seed: int, films: int) -> None:
    random = np.random.default_rng(seed)
    probabilities = torch.from_numpy(random.random((films, 4)))
    targets = torch.from_numpy(random.random((films, 4)) < [0.5, 0.1, 0.9, 0.0]).int()
    ours = calibration_metrics(probabilities, targets)
    pooled = binary_calibration_error(probabilities.flatten(), targets.flatten(), n_bins=15)
    assert ours["calibration_error"] == pytest.approx(float(pooled), abs=1e-9)
    by_label = [
        float(binary_calibration_error(chances, true, n_bins=15))
        for chances, true in zip(probabilities.T.contiguous(), targets.T, strict=True)
    ]
    assert label_calibration_error(probabilities, targets) == pytest.approx(by_label, abs=1e-9)
    assert ours["calibration_error_macro"] == pytest.approx(np.mean(by_label), abs=1e-9)


def test_a_case_by_hand() -> None:
    # label 0: bins of 0.1 (alone, false) and of 0.95 and 1 (one of two true); label 1: all in one bin, all true
    probabilities = torch.tensor([[0.1, 0.5], [0.95, 0.5], [1.0, 0.5]])
    targets = torch.tensor([[0, 1], [1, 1], [0, 1]])
    by_label = [0.1 * 1 / 3 + (0.975 - 0.5) * 2 / 3, 0.5]
    assert label_calibration_error(probabilities, targets) == pytest.approx(by_label)
    ours = calibration_metrics(probabilities, targets)
    assert ours["calibration_error_macro"] == pytest.approx(np.mean(by_label))
    assert ours["calibration_error"] == pytest.approx(np.mean(by_label))  # no bin holds cells of both labels


def test_errors_of_labels_cancel_in_the_pooled_error() -> None:
    probabilities, targets = torch.full((2, 2), 0.5), torch.tensor([[0, 1], [0, 1]])
    ours = calibration_metrics(probabilities, targets)
    assert (ours["calibration_error"], ours["calibration_error_macro"]) == (0, 0.5)


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.integers(1, 50))
def test_log_loss_is_scikit_learns(seed: int, films: int) -> None:
    random = np.random.default_rng(seed)
    probabilities = torch.from_numpy(random.random((films, 3)).round(1).astype(np.float32))  # 0 and 1 among them
    targets = torch.from_numpy(random.random((films, 3)) < 0.3).int()
    known = torch.from_numpy(random.random((films, 3)) < 0.7)
    known[:, 2] = False
    labels = label_log_loss(probabilities, targets, known)
    assert labels[2] == 0
    for label in (0, 1):
        sure = known[:, label]
        if sure.any():
            expected = sk.log_loss(targets[sure, label].numpy(), probabilities[sure, label].numpy(), labels=[0, 1])
            assert labels[label] == pytest.approx(expected, abs=1e-5)
    if known.any():
        expected = sk.log_loss(targets[known].numpy(), probabilities[known].numpy(), labels=[0, 1])
        assert calibration_metrics(probabilities, targets, known)["log_loss"] == pytest.approx(expected, abs=1e-5)


def test_probabilities_that_are_true_have_a_small_error() -> None:
    random = np.random.default_rng(0)
    probabilities = random.random((20_000, 3))
    targets = torch.from_numpy(random.random((20_000, 3)) < probabilities)
    assert calibration_metrics(torch.from_numpy(probabilities), targets)["calibration_error"] < 0.01
    assert calibration_metrics(torch.from_numpy(probabilities**2), targets)["calibration_error"] > 0.1


def test_reliability_gives_the_pooled_error(random_films) -> None:
    probabilities, _, targets = random_films(0, 100, 3)
    table = reliability(probabilities, targets)
    assert table.columns.tolist() == [
        *("bin", "mean_probability", "share_positive", "share_positive_low", "share_positive_high", "count")
    ]
    assert table["bin"].tolist() == list(range(15))
    assert table["count"].sum() == targets.numel()
    error = ((table["mean_probability"] - table["share_positive"]).abs() * table["count"]).sum() / table["count"].sum()
    assert error == pytest.approx(calibration_metrics(probabilities, targets)["calibration_error"])


def test_reliability_by_hand() -> None:
    table = reliability(torch.tensor([[0.0, 0.2], [0.6, 1.0]]), torch.tensor([[0, 1], [1, 1]]), bins=4)
    assert table["count"].tolist() == [2, 0, 1, 1]
    assert table["share_positive"].dropna().tolist() == [0.5, 1, 1]
    assert table["mean_probability"].dropna().tolist() == pytest.approx([0.1, 0.6, 1])
    assert table["share_positive"].isna().tolist() == [False, True, False, False]
