"""Metrics of label sets are scikit-learn's, on random data with empty rows and absent labels."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from genre.metrics import multilabel_metrics


def random_sets(seed: int, films: int = 60) -> tuple[torch.Tensor, torch.Tensor]:
    random = np.random.default_rng(seed)
    shares = np.linspace(0.4, 0.0, 21)
    predicted, targets = ((random.random((films, 21)) < shares).astype(int) for _ in range(2))
    predicted[random.random(films) < 0.2] = 0  # films without a predicted, and others without a true label
    targets[random.random(films) < 0.2] = 0
    predicted[:, random.integers(21)] = 0
    targets[:, random.integers(21)] = 0
    return torch.from_numpy(predicted), torch.from_numpy(targets)


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 80))
def test_equal_to_scikit_learn(seed: int, films: int) -> None:
    predicted, targets = random_sets(seed, films)
    ours = multilabel_metrics(predicted, targets)
    for average in ("samples", "micro", "macro", "weighted"):
        precision, recall, f1, _ = sk.precision_recall_fscore_support(
            targets, predicted, average=average, zero_division=0
        )
        assert ours[f"precision_{average}"] == pytest.approx(precision, abs=1e-6)
        assert ours[f"recall_{average}"] == pytest.approx(recall, abs=1e-6)
        assert ours[f"f1_{average}"] == pytest.approx(f1, abs=1e-6)
    assert ours["jaccard"] == pytest.approx(
        sk.jaccard_score(targets, predicted, average="samples", zero_division=0), abs=1e-9
    )
    assert ours["hamming_loss"] == pytest.approx(sk.hamming_loss(targets, predicted), abs=1e-9)
    assert ours["subset_accuracy"] == pytest.approx(sk.accuracy_score(targets, predicted), abs=1e-9)
    supported = np.flatnonzero(targets.numpy().sum(axis=0))
    over_supported = sk.f1_score(targets, predicted, average=None, zero_division=0)[supported]
    assert ours["f1_macro_supported"] == pytest.approx(over_supported.mean() if len(supported) else 0, abs=1e-6)
    assert (ours["labels"], ours["labels_supported"]) == (21, len(supported))


def test_a_case_by_hand() -> None:
    targets = torch.tensor([[1, 1, 0], [1, 0, 0], [0, 0, 1]])
    predicted = torch.tensor([[1, 1, 1], [0, 1, 0], [0, 0, 1]])
    ours = multilabel_metrics(predicted, targets)
    assert ours["jaccard"] == pytest.approx((2 / 3 + 0 + 1) / 3)
    assert ours["at_least_one"] == pytest.approx(2 / 3)
    assert ours["at_least_two"] == pytest.approx(1 / 3)
    assert ours["all_found"] == pytest.approx(2 / 3)
    assert ours["hamming_loss"] == pytest.approx(3 / 9)
    assert ours["subset_accuracy"] == pytest.approx(1 / 3)
    assert ours["precision_samples"] == pytest.approx((2 / 3 + 0 + 1) / 3)
    assert ours["cardinality_true"] == pytest.approx(4 / 3)
    assert ours["cardinality_predicted"] == pytest.approx(5 / 3)


def test_a_single_label() -> None:
    targets, predicted = torch.tensor([[1], [1], [0]]), torch.tensor([[1], [0], [1]])
    ours = multilabel_metrics(predicted, targets)
    assert ours["f1_macro"] == ours["f1_micro"] == ours["f1_weighted"] == pytest.approx(1 / 2)
